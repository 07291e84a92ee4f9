//! What a registry or a token server sent, made fit to be shown in one line of a message.

use url::Url;

use super::other_hosts::origin;
use crate::data::is_invisible;

/// The longest text that is shown, in characters.
const MAX_CHARS: usize = 200;

/// A text without control characters and invisible formatting characters, cut to [`MAX_CHARS`]. An ellipsis shows the cut,
/// before which redaction finds the beginning of a secret.
pub fn sanitize(text: &str) -> String {
    let mut visible = text.chars().filter(|c| !is_invisible(*c));
    let mut shown: String = visible.by_ref().take(MAX_CHARS).collect();
    if visible.next().is_some() {
        shown.push('…');
    }
    shown
}

/// A URL without user name, query and fragment, any of which may be secret.
pub fn display_url(url: &Url) -> String {
    sanitize(&format!("{}{}", origin(url), url.path()))
}

/// The message of an error body: of the specification's format (section "Error Codes"), of OAuth 2 (RFC 6749, section
/// 5.2), or of the formats that Docker's token servers use.
pub fn error_summary(body: &[u8]) -> Option<String> {
    let json: serde_json::Value = serde_json::from_slice(body).ok()?;
    let pointers = [
        "/errors/0/message",
        "/errors/0/code",
        "/error_description",
        "/details",
        "/message",
        "/error",
    ];
    let message = pointers.iter().find_map(|at| json.pointer(at)?.as_str())?;
    Some(sanitize(message))
}

/// The status of a response, with the message of its error body: `403 (the quota is used up)`.
pub fn status_summary(status: u16, body: &[u8]) -> String {
    match error_summary(body) {
        Some(error) => format!("{status} ({error})"),
        None => status.to_string(),
    }
}
