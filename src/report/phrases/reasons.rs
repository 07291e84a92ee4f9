//! Why a case has no verdict of its own, and the status of an exchange.

use crate::record::{Case, Exchange, Verdict};

/// Why a case was blocked, in error, unsupported, skipped or not exercised: its last note says so.
pub(in crate::report) fn reason(case: &Case) -> String {
    match (case.verdict, case.notes.last()) {
        (Verdict::Untested, Some(note)) => format!("not exercised: {note}"),
        (_, Some(note)) => note.clone(),
        (_, None) => without_note(case),
    }
}

/// The reason of a case that has no note: a report may be of an older version.
fn without_note(case: &Case) -> String {
    let mut messages = case.checks.iter().map(|check| check.message.as_str());
    let message = messages.find(|message| !message.is_empty());
    let error = case.exchanges.iter().find_map(|one| one.error.as_deref());
    let reason = match case.verdict {
        Verdict::Error => error.unwrap_or("no verdict was reached"),
        Verdict::Blocked => message.unwrap_or("a step that it depends on failed"),
        Verdict::Unsupported if !case.features.is_empty() => {
            return format!("the target does not support {}", case.features.join(", "));
        }
        Verdict::Unsupported => "the target does not support it",
        Verdict::Skipped => "the user left it out",
        Verdict::Untested => "not exercised: no check was made on a response",
        Verdict::Pass | Verdict::Fail | Verdict::Warn => "",
    };
    reason.to_owned()
}

/// "202", or "no response".
pub(in crate::report) fn status(exchange: &Exchange) -> String {
    exchange
        .status
        .map_or_else(|| "no response".to_owned(), |status| status.to_string())
}
