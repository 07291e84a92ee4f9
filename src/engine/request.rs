//! Filling in the request of a step.

use bytes::Bytes;
use url::Url;

use super::scope::Scope;
use crate::client::{Priority, Request};
use crate::suite::{BodyText, RequestText};
use crate::template::{TemplateError, Value};

/// The step of a request that looks for content before anything is written.
pub const LOOK: &str = "Check whether the content exists";

/// A request that cannot be filled in.
#[derive(Debug, Clone, thiserror::Error)]
pub enum FillError {
    /// It refers to a value that no response gave.
    #[error(transparent)]
    Missing(#[from] TemplateError),
    /// Its address is not a URL.
    #[error("`{0}` is not a URL: {1}")]
    Url(String, url::ParseError),
}

/// Fills in a request: its path below the registry's base, or the absolute URL that a Location gave.
///
/// # Errors
/// When a reference cannot be resolved, or the address is not a URL.
pub fn fill(
    text: &RequestText,
    scope: &mut Scope<'_>,
    base: &Url,
    step: &str,
) -> Result<Request, FillError> {
    let address = scope.text(&text.url)?;
    let mut url = base
        .join(&address)
        .map_err(|error| FillError::Url(address, error))?;
    for (name, value) in &text.query {
        let value = scope.text(value)?;
        if !value.is_empty() {
            url.query_pairs_mut().append_pair(name, &value);
        }
    }
    let mut headers = Vec::new();
    let body = body(text, scope, &mut headers)?;
    let replaced = |known: &str| {
        let mut names = text.headers.iter();
        names.any(|(name, _)| name.eq_ignore_ascii_case(known))
    };
    headers.retain(|(known, _): &(String, String)| !replaced(known));
    for (name, value) in &text.headers {
        let value = scope.text(value)?;
        if !value.is_empty() {
            headers.push((name.clone(), value));
        }
    }
    let step = if step.is_empty() {
        format!("{} {}", text.method.name(), text.url.source())
    } else {
        step.to_owned()
    };
    Ok(Request {
        method: text.method.http(),
        url,
        headers,
        body,
        step,
        priority: Priority::Normal,
    })
}

fn body(
    text: &RequestText,
    scope: &mut Scope<'_>,
    headers: &mut Vec<(String, String)>,
) -> Result<Bytes, TemplateError> {
    let mut header = |name: &str, value: String| headers.push((name.to_owned(), value));
    match &text.body {
        None => Ok(Bytes::new()),
        Some(BodyText::Plain(body, kind)) => {
            let kind = match kind {
                Some(kind) => scope.text(kind)?,
                None => "application/octet-stream".to_owned(),
            };
            header("Content-Type", kind);
            scope.bytes(body)
        }
        Some(BodyText::Chunk(chunk)) => {
            let value = scope.value(chunk)?;
            let range = value.get("range").and_then(Value::as_text);
            header("Content-Type", "application/octet-stream".to_owned());
            header("Content-Range", range.unwrap_or_default());
            value
                .as_bytes()
                .ok_or_else(|| TemplateError::NotText(chunk.source().to_owned()))
        }
    }
}
