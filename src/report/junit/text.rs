//! The texts inside a test case: what shows a failure, and what a reader should know besides.

use crate::record::{Case, Check, CheckVerdict, Exchange, Run, Verdict};
use crate::report::{findings, phrases, sanitize, sanitize_line};

/// Text for a CDATA section: characters that XML forbids are made visible. `junit-report` writes a section as it is, so
/// an end in the text is cut in two here.
pub(super) fn cdata(text: &str) -> String {
    sanitize(text).replace("]]>", "]]]]><![CDATA[>")
}

/// The first requirement that a failed case violates, of those that are `wanted`, and the line that a CI shows.
pub(super) fn failure(case: &Case, wanted: impl Fn(&Check) -> bool) -> (String, String) {
    let checks = case.checks.iter().filter(|check| wanted(check));
    let mut violated = checks.filter(|check| check.verdict == CheckVerdict::Fail);
    let Some(first) = violated.next() else {
        return (
            "fail".to_owned(),
            sanitize_line(&phrases::reason(case)).into_owned(),
        );
    };
    let more = match violated.count() {
        0 => String::new(),
        more => format!(" (and {more} more)"),
    };
    let kind = sanitize_line(&first.requirement).into_owned();
    (kind, format!("{}{more}", sanitize_line(&first.message)))
}

/// Every check that shows the failure; without a verdict, the last exchange.
pub(super) fn trace(run: &Run, case: &Case) -> String {
    let blocks: Vec<String> = match case.verdict {
        Verdict::Fail => violated(run, case, CheckVerdict::Fail),
        Verdict::Blocked | Verdict::Error => {
            case.exchanges.last().map(request).into_iter().collect()
        }
        Verdict::Pass
        | Verdict::Warn
        | Verdict::Unsupported
        | Verdict::Skipped
        | Verdict::Untested => Vec::new(),
    };
    blocks.join("\n\n")
}

/// A request, how it ended, and the command that sends it again, where one does.
fn request(exchange: &Exchange) -> String {
    let Exchange {
        method, url, curl, ..
    } = exchange;
    let error = exchange.error.as_deref().unwrap_or_default();
    let status = phrases::status(exchange);
    let lines = [format!("{method} {url}: {status} {error}"), curl.clone()];
    let lines = lines.iter().map(|line| line.trim_end());
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

pub(super) fn system_out(run: &Run, case: &Case) -> String {
    let warnings = match case.verdict {
        Verdict::Fail | Verdict::Warn => violated(run, case, CheckVerdict::Warn),
        Verdict::Pass
        | Verdict::Unsupported
        | Verdict::Blocked
        | Verdict::Error
        | Verdict::Skipped
        | Verdict::Untested => Vec::new(),
    };
    // The reason is the message of the element, unless a baseline gives that.
    let reason = case.reason.iter().filter(|_| case.known.is_some());
    let notes = reason
        .chain(&case.notes)
        .map(|note| format!("note: {note}"));
    let warnings = warnings
        .into_iter()
        .map(|block| format!("warning: {block}"));
    notes.chain(warnings).collect::<Vec<_>>().join("\n\n")
}

fn violated(run: &Run, case: &Case, verdict: CheckVerdict) -> Vec<String> {
    let chosen = case.checks.iter().filter(|check| check.verdict == verdict);
    chosen.map(|check| block(run, case, check)).collect()
}

fn block(run: &Run, case: &Case, check: &Check) -> String {
    let known = run.requirements.iter().find(|r| r.id == check.requirement);
    let says = known.map_or("", |r| r.says.as_str());
    let named = known.map_or("", |r| r.link.as_str());
    let section = known.map_or(case.section.as_str(), |r| r.section.as_str());
    let link = phrases::link(run, named, section);
    let mut lines = Vec::from([
        check.message.clone(),
        format!(
            "requirement: {} ({}) {says}",
            check.requirement, check.level
        ),
        format!("expected:    {}", check.expected),
        format!("actual:      {}", check.actual),
    ]);
    if let Some(exchange) = findings::judged(case, check) {
        let status = phrases::status(exchange);
        lines.push(format!(
            "request:     {} {} ({status})",
            exchange.method, exchange.url
        ));
    }
    lines.push(format!("try:         {}", phrases::reproduce(run, case)));
    lines.push(format!("see:         {link}"));
    lines.join("\n")
}
