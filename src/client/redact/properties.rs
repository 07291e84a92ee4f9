//! Properties of redaction, with generated texts.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use url::Url;

use super::Redactor;
use crate::fuzz::{hold, soon, text_of, word_of};

const PARTS: [&str; 16] = [
    "https://u:p@h/",
    "?",
    "&",
    "sig=",
    "token=",
    "%",
    "%2",
    "%25",
    "\"token\":\"",
    "\\",
    "/v2/x",
    ";",
    "eyJ",
    ".",
    "Bearer ",
    "é",
];

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[test]
fn a_known_secret_is_never_shown() {
    hold(|u| {
        let secret = word_of(u, "abcdefgXYZ0189-_~+/=é", 20)?;
        let secret = format!("s3cr{secret}");
        let redactor = Redactor::new(std::slice::from_ref(&secret));
        let form = match u.int_in_range(0..=3)? {
            0 => secret.clone(),
            1 => percent(&secret),
            2 => STANDARD.encode(&secret),
            _ => URL_SAFE_NO_PAD.encode(&secret),
        };
        let text = text_of(u, &PARTS, 12)? + " " + &form + " " + &text_of(u, &PARTS, 12)?;
        let shown = soon(|| redactor.text(&text));
        assert!(!shown.contains(&form), "{form} in {shown}");
        let shown = soon(|| redactor.header("Location", &text));
        assert!(!shown.contains(&form), "{form} in {shown}");
        let shown = String::from_utf8_lossy(&redactor.bytes(text.as_bytes())).into_owned();
        assert!(!shown.contains(&secret), "{secret} in {shown}");
        if let Ok(url) = Url::parse(&text.replace(' ', "/")) {
            let shown = soon(|| redactor.url(&url));
            assert!(!shown.contains(&secret), "{secret} in {shown}");
        }
        Ok(())
    });
}

#[test]
fn redaction_is_idempotent() {
    hold(|u| {
        let redactor = Redactor::default();
        let text = text_of(u, &PARTS, 40)?;
        let once = soon(|| redactor.text(&text));
        assert_eq!(redactor.text(&once), once, "{text}");
        Ok(())
    });
}
