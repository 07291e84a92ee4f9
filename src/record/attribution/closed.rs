//! Requests of one kind of which none is answered: their connections are closed. One case keeps the failure, and blocks the
//! others, whatever they test.

use std::collections::{HashMap, HashSet};

use super::FailureOwner;
use crate::endpoint::EndpointKind;
use crate::record::{Case, Check, CheckVerdict, Exchange, Part, Stop};

/// The kind of a request: its method and its endpoint.
type Kind = (String, EndpointKind);

/// Blocks the cases that a kind of request without any response keeps from a verdict.
pub fn block_closed(cases: &mut [Case]) {
    let owners = owners(cases);
    for case in cases.iter_mut().filter(|_| !owners.is_empty()) {
        let mut blocked = None;
        for check in &mut case.checks {
            let kind = closed_kind(&case.exchanges, check);
            let Some(owner) = kind.and_then(|kind| owners.get(&kind)) else {
                continue;
            };
            if check.requirement != owner.requirement {
                check.verdict = CheckVerdict::Blocked;
                blocked = Some(owner);
            }
        }
        let unanswered = matches!(
            case.stopped,
            Some(Stop::Error(_) | Stop::WriteUnanswered(_))
        );
        let last = case.exchanges.last().filter(|_| unanswered);
        let last = last.filter(|last| last.status.is_none() && last.error.is_some());
        let blocked = blocked.or_else(|| owners.get(&kind_of(last?)));
        if let Some(owner) = blocked.filter(|owner| owner.case != case.id) {
            case.stopped = Some(Stop::Blocked(owner.case.clone()));
        }
    }
}

/// For each kind of request without any response, the case that keeps the failure.
fn owners(cases: &[Case]) -> HashMap<Kind, FailureOwner> {
    let answered: HashSet<Kind> = cases
        .iter()
        .flat_map(|case| &case.exchanges)
        .filter(|exchange| exchange.status.is_some())
        .map(kind_of)
        .collect();
    let mut owners: HashMap<Kind, (bool, FailureOwner)> = HashMap::new();
    for case in cases {
        for check in &case.checks {
            let legal = check.expects_success;
            let Some(kind) = closed_kind(&case.exchanges, check).filter(|_| legal) else {
                continue;
            };
            let own = check.via_procedure.is_none() && check.verdict == CheckVerdict::Fail;
            let known = owners.get(&kind);
            let better = known.is_none_or(|(canonical, _)| case.canonical && !canonical);
            if own && better && !answered.contains(&kind) {
                let owner = FailureOwner {
                    case: case.id.clone(),
                    requirement: check.requirement.clone(),
                };
                owners.insert(kind, (case.canonical, owner));
            }
        }
    }
    let kept = owners.into_iter();
    kept.map(|(kind, (_, owner))| (kind, owner)).collect()
}

/// The kind of the request that a check is about, if its connection was closed.
fn closed_kind(exchanges: &[Exchange], check: &Check) -> Option<Kind> {
    let closed = check.part == Some(Part::Connection);
    let exchange = exchanges.get(check.exchange.filter(|_| closed)?)?;
    Some(kind_of(exchange))
}

fn kind_of(exchange: &Exchange) -> Kind {
    (exchange.method.clone(), exchange.endpoint().kind())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing)]
    use super::*;
    use crate::catalogue::{Category, Level};
    use crate::record::{Verdict, attribute};

    /// A case whose GET of a blob got this status, or whose connection was closed.
    fn case(id: &str, requirement: &str, expected: &str, status: Option<u16>) -> Case {
        let check = Check {
            expected: expected.to_owned(),
            expects_success: expected == "status 200",
            part: Some(Part::Connection),
            exchange: Some(0),
            ..Check::new(requirement, Level::Must, CheckVerdict::Fail)
        };
        let exchange = Exchange {
            method: "GET".to_owned(),
            url: "http://registry.example/v2/a/blobs/sha256:0".to_owned(),
            error: status.is_none().then(|| "closed".to_owned()),
            status,
            ..Exchange::default()
        };
        Case {
            checks: Vec::from_iter(status.is_none().then_some(check)),
            exchanges: vec![exchange],
            ..Case::new(id, "pull/blobs", Category::Pull, "", "")
        }
    }

    fn verdicts(cases: &mut [Case]) -> Vec<Verdict> {
        block_closed(cases);
        attribute(cases);
        cases.iter().map(|case| case.verdict).collect()
    }

    #[test]
    fn a_kind_of_request_without_any_response_is_one_failure() {
        let missing = || case("missing", "blob-get-missing", "status 404", None);
        let stopped = || Case {
            stopped: Some(Stop::Error("closed".to_owned())),
            checks: Vec::new(),
            ..case("other", "", "", None)
        };
        let plain = case("plain", "blob-get-status", "status 200", None);
        let mut cases = [missing(), plain.clone(), stopped()];
        let all = [Verdict::Blocked, Verdict::Fail, Verdict::Blocked];
        assert_eq!(verdicts(&mut cases), all);
        assert_eq!(cases[0].blocked_by.as_deref(), Some("plain"));
        let mut cases = [
            missing(),
            plain,
            stopped(),
            case("large", "", "", Some(200)),
        ];
        let each = [
            Verdict::Fail,
            Verdict::Fail,
            Verdict::Error,
            Verdict::Untested,
        ];
        assert_eq!(verdicts(&mut cases), each, "others are answered");
    }
}
