//! What came over the wire, as the record has it: bounded, and without secrets.

use super::alter::url_at;
use super::format::OtherHost;
use super::trial::Trial;
use super::wire::{Seen, TOKEN_PATH};
use crate::client::{self, Bounds, cut, timestamp};
use crate::record::{Body, Exchange, Header};
use crate::registry::is_instruction;

/// The exchanges of a trial that are kept: the first ones, and those that show a finding.
const KEPT: usize = 60;

/// What is kept of each.
const BOUNDS: Bounds = Bounds {
    body: 2 * 1024,
    binary: 32,
    line: 2 * 1024,
    url: 2 * 1024,
    ..Bounds::FULL
};

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
            let value = cut(redactor.header(name, value), BOUNDS.line);
            (name.clone(), value)
        };
        let sent = list.iter().filter(|(name, _)| !is_instruction(name));
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
        false => client::body(bytes, redactor, BOUNDS),
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
            redactor.text(&url_at(&seen.request.origin, &seen.request)),
            BOUNDS.url,
        ),
        request_headers: headers(&seen.request.headers),
        request_body: body(&seen.request.body),
        status: seen.is_answered().then_some(seen.response.status),
        response_headers: match seen.is_answered() {
            true => headers(&seen.response.headers),
            false => Vec::new(),
        },
        body: match seen.request.is("HEAD") || !seen.is_answered() {
            true => Body::default(),
            false => body(&seen.response.body),
        },
        error: match seen.is_answered() {
            true => None,
            false => Some("the scenario closes the connection".to_owned()),
        },
        started: timestamp(seen.began),
        duration_ms: 0,
        transport: None,
        curl: String::new(),
    }
}
