//! Violated requirements in plain text, for a reader without scripts.

use serde::Serialize;

use crate::report::findings as found;
use crate::report::{sanitize, sanitize_line};

/// A violated requirement, shown by its first case.
#[derive(Debug, Serialize)]
pub(super) struct Finding {
    id: String,
    level: String,
    says: String,
    link: String,
    expected: String,
    actual: String,
    curl: String,
}

pub(super) fn finding(one: &found::Finding<'_>) -> Finding {
    let first = one.evidence.first();
    let text = |text: &str| sanitize(text).into_owned();
    let check = |part: fn(&crate::record::Check) -> &str| {
        first.map_or_else(String::new, |shown| text(part(shown.check)))
    };
    let exchange = first.and_then(|first| first.exchange);
    Finding {
        id: sanitize_line(one.id).into_owned(),
        level: one.level.to_string(),
        says: text(one.says),
        link: one.link.clone(),
        expected: check(|check| &check.expected),
        actual: check(|check| &check.actual),
        curl: exchange.map_or_else(String::new, |exchange| text(&exchange.curl)),
    }
}
