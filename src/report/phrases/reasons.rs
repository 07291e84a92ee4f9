//! Why a case has no verdict of its own, and the status of an exchange.

use crate::record::{Case, Exchange, Verdict};

/// Why a case was blocked, in error, unsupported, skipped or not exercised.
pub(in crate::report) fn reason(case: &Case) -> String {
    match (case.verdict, &case.reason) {
        (Verdict::Untested, Some(reason)) => format!("not exercised: {reason}"),
        (_, Some(reason)) => reason.clone(),
        (_, None) => by_verdict(case),
    }
}

/// What is said beside the checks of a case: its reason, and its remarks.
pub(in crate::report) fn remarks(case: &Case) -> impl Iterator<Item = &String> {
    case.reason.iter().chain(&case.notes)
}

/// What the verdict of a case says by itself.
fn by_verdict(case: &Case) -> String {
    let mut messages = case.checks.iter().map(|check| check.message.as_str());
    let message = messages.find(|message| !message.is_empty());
    let error = case.exchanges.iter().find_map(|one| one.error.as_deref());
    let reason = match case.verdict {
        Verdict::Error => error.unwrap_or("no verdict was reached"),
        Verdict::Blocked => message.unwrap_or("a step that it depends on failed"),
        Verdict::Unsupported if !case.declined.is_empty() => {
            return format!("the target does not support {}", case.declined.join(", "));
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
