//! Capturing values of responses, for later steps.

use crate::client::MAX_REFERENCE;
use crate::engine::matching::{Pages, PaginationEnd, ParsedResponse};
use crate::engine::scope::Scope;
use crate::suite::{Capture, Step};
use crate::template::Value;

/// A captured number above this, in bytes, may be a chunk size: a case that makes content of several such chunks takes
/// all of the memory that heavy cases share.
const HEAVY_CHUNK: u64 = 1024 * 1024;

/// Captures values of a response. Returns whether one is a size that much content may be made of.
pub fn capture(step: &Step, response: &ParsedResponse, scope: &mut Scope<'_>) -> bool {
    let mut heavy = false;
    for (name, capture) in &step.save {
        let value = match capture {
            Capture::Location => response
                .header("location")
                .filter(|location| location.len() <= MAX_REFERENCE)
                .and_then(|location| response.url.join(&location).ok())
                .map(|url| Value::from(url.to_string())),
            Capture::Body => Some(Value::Bytes(response.http.body.clone())),
            Capture::Header(header) => response.header(header).map(Value::from),
            Capture::Json(pointer) => response.json().and_then(|json| inside(json, pointer)),
        };
        if let Some(value) = value {
            let number = value.as_text().and_then(|text| text.parse::<u64>().ok());
            heavy |= number.is_some_and(|number| number > HEAVY_CHUNK);
            scope.set(name, value);
        }
    }
    heavy
}

/// Captures values of a list, like those of a JSON body.
pub fn capture_listed(step: &Step, pages: &Pages, scope: &mut Scope<'_>) {
    let listed = serde_json::Value::Array(pages.items.clone());
    for (name, capture) in &step.save {
        // The end of a list that was cut is not known.
        let complete = pages.end == PaginationEnd::Complete;
        if let Capture::Json(pointer) = capture
            && (complete || !pointer.starts_with("/-"))
            && let Some(value) = inside(&listed, pointer)
        {
            scope.set(name, value);
        }
    }
}

/// A text or number inside JSON; in a list, `/-1` is the last entry, `/-2` the one before.
fn inside(json: &serde_json::Value, pointer: &str) -> Option<Value> {
    let from_end = pointer.strip_prefix("/-").and_then(|n| n.parse().ok());
    let found = match (from_end, json) {
        (Some(n), serde_json::Value::Array(list)) => {
            list.iter().rev().nth(usize::checked_sub(n, 1)?)
        }
        _ => json.pointer(pointer),
    };
    match found? {
        serde_json::Value::String(text) => Some(Value::from(text.as_str())),
        serde_json::Value::Number(number) => number.as_u64().map(Value::Number),
        _ => None,
    }
}
