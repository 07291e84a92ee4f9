//! The exchanges of a run in one list, with what patterns ask about them.

use std::collections::HashSet;

use url::Url;

use crate::record::{Case, Check, CheckVerdict, Exchange, Verdict};

/// The exchanges that match a pattern.
#[derive(Debug, Default)]
pub(super) struct Match {
    /// Their positions in [`Observed::exchanges`].
    pub exchanges: Vec<usize>,
    /// The value that the sentence names as `{found}`.
    pub found: String,
}

/// One exchange, and its part in its case.
pub(super) struct Seen<'a> {
    pub case: &'a Case,
    pub exchange: &'a Exchange,
    pub url: Option<Url>,
    /// Whether it explains why the case did not pass.
    pub blamed: bool,
    /// Whether a SHOULD is violated about it.
    pub warned: bool,
    /// Whether its URL is one that an earlier response of the case gave for an upload session.
    pub in_session: bool,
}

/// The exchanges of a run.
pub(super) struct Observed<'a> {
    pub target: Url,
    pub exchanges: Vec<Seen<'a>>,
}

impl<'a> Observed<'a> {
    /// The exchanges of these cases; none where the target's URL is none.
    pub fn of(target: &str, cases: &'a [Case]) -> Option<Self> {
        let target = target.parse().ok()?;
        let mut exchanges = Vec::new();
        for case in cases {
            let mut sessions = HashSet::new();
            for (index, exchange) in case.exchanges.iter().enumerate() {
                let url = exchange.url.parse::<Url>().ok();
                let session = url.as_ref().map(session);
                let in_session = session.is_some_and(|session| sessions.contains(&session));
                let gives = matches!(exchange.status, Some(202 | 204));
                if let Some(location) = location(exchange).filter(|_| gives) {
                    sessions.insert(self::session(&location));
                }
                exchanges.push(Seen {
                    case,
                    exchange,
                    url,
                    blamed: is_blamed(case, index),
                    warned: is_warned(case, index),
                    in_session,
                });
            }
        }
        Some(Self { target, exchanges })
    }
}

/// The URL of a response's `Location`.
pub(super) fn location(exchange: &Exchange) -> Option<Url> {
    let mut headers = exchange.response_headers.iter();
    let (_, value) = headers.find(|(name, _)| name.eq_ignore_ascii_case("location"))?;
    exchange.url.parse::<Url>().ok()?.join(value).ok()
}

/// The path of an upload session: its query may change, and names the digest at the end.
fn session(url: &Url) -> String {
    format!("{}{}", url.origin().ascii_serialization(), url.path())
}

/// Whether a cause may explain what a case shows.
pub(super) fn is_explained(case: &Case) -> bool {
    let warns = |check: &Check| check.verdict == CheckVerdict::Warn;
    did_not_pass(case) || case.checks.iter().any(warns)
}

fn did_not_pass(case: &Case) -> bool {
    matches!(
        case.verdict,
        Verdict::Fail | Verdict::Blocked | Verdict::Error
    )
}

/// Whether an exchange explains why its case did not pass: a check that does not hold is about it, or the case stopped
/// there without a verdict.
fn is_blamed(case: &Case, index: usize) -> bool {
    if !did_not_pass(case) {
        return false;
    }
    let mut checks = case.checks.iter();
    let last = index.checked_add(1) == Some(case.exchanges.len());
    (case.verdict == Verdict::Error && last)
        || checks.any(|check| check.exchange == Some(index) && check.verdict != CheckVerdict::Pass)
}

fn is_warned(case: &Case, index: usize) -> bool {
    let mut checks = case.checks.iter();
    checks.any(|check| check.exchange == Some(index) && check.verdict == CheckVerdict::Warn)
}
