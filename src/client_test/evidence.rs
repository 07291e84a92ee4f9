//! What came over the wire, as the record has it: bounded, and without secrets.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::alter::url_at;
use super::format::OtherHost;
use super::trial::Trial;
use super::wire::{Seen, TOKEN_PATH};
use crate::record::{Body, Exchange, Header};

/// The exchanges of a trial that are kept: the first ones, and those that show a finding.
const KEPT: usize = 60;

/// The bytes of a body, of a header line and of a URL that are kept.
const BODY: usize = 2 * 1024;
const BINARY: usize = 32;
const LINE: usize = 2 * 1024;

/// The exchanges of a trial; `shown` are the positions that checks name. Gives the new position of each.
pub fn exchanges(trial: &Trial, shown: &[usize]) -> (Vec<Exchange>, Vec<(usize, usize)>) {
    let mut kept = Vec::new();
    let mut positions = Vec::new();
    for (at, seen) in trial.seen.iter().enumerate() {
        if kept.len() < KEPT || shown.contains(&at) {
            positions.push((at, kept.len()));
            kept.push(exchange(trial, seen));
        }
    }
    (kept, positions)
}

fn exchange(trial: &Trial, seen: &Seen) -> Exchange {
    let redactor = &trial.wire.secrets.redactor;
    let headers = |list: &[(String, String)]| -> Vec<Header> {
        let shown = |(name, value): &(String, String)| {
            let value = cut(&redactor.header(name, value), LINE);
            (name.clone(), value)
        };
        let sent = list.iter().filter(|(name, _)| !name.starts_with("x-no-"));
        sent.map(shown).collect()
    };
    let token = seen.request.path == TOKEN_PATH;
    let body = |bytes: &[u8]| match token && !bytes.is_empty() {
        true => Body {
            size: bytes.len() as u64,
            text: "[redacted]".to_owned(),
            binary: false,
            cut: true,
        },
        false => body(bytes, &|text| redactor.text(text)),
    };
    let mut step = match seen.host {
        None => "The client asks the registry".to_owned(),
        Some(OtherHost::Name) => "The client asks the other host".to_owned(),
        Some(OtherHost::Port) => "The client asks the other port".to_owned(),
    };
    if seen.answer.is_some() {
        step.push_str("; the scenario changes the response");
    }
    Exchange {
        step,
        method: seen.request.method.clone(),
        url: cut(
            &redactor.text(&url_at(&seen.request.origin, &seen.request)),
            LINE,
        ),
        request_headers: headers(&seen.request.headers),
        request_body: body(&seen.request.body),
        status: Some(seen.response.status),
        response_headers: headers(&seen.response.headers),
        body: match seen.request.is("HEAD") {
            true => Body::default(),
            false => body(&seen.response.body),
        },
        error: None,
        started: OffsetDateTime::from(seen.began).format(&Rfc3339).ok(),
        duration_ms: 0,
        transport: None,
        curl: String::new(),
    }
}

fn body(bytes: &[u8], redact: &dyn Fn(&str) -> String) -> Body {
    let size = bytes.len() as u64;
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => Body {
            size,
            text: redact(&cut(text, BODY)),
            binary: false,
            cut: text.len() > BODY,
        },
        _ => Body {
            size,
            text: hex::encode(bytes.get(..BINARY).unwrap_or(bytes)),
            binary: true,
            cut: bytes.len() > BINARY,
        },
    }
}

/// The beginning of a text, whole characters of at most `most` bytes.
fn cut(text: &str, most: usize) -> String {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default().to_owned()
}
