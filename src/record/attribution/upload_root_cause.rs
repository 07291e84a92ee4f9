//! Root causes of failures at upload URLs: a Location that cannot be used, and upload sessions that are lost.
//!
//! Each case fails at the request that it sends first, and each request has a requirement of its own. Where no request to an
//! upload URL succeeds, or where the same error comes now and then to requests of many kinds, one failure keeps the cause.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

use crate::endpoint::{Endpoint, EndpointKind};
use crate::record::{Case, Check, CheckVerdict, Exchange, Part};

/// In how many requirements an error that comes now and then must show before it has one cause.
const MANY: usize = 4;

/// The position of a check: of its case, and in it.
type At = (usize, usize);

/// For each violated check at an upload URL that has another root cause, the position of the case that shows it.
pub fn upload_root_causes(cases: &[Case]) -> HashMap<At, usize> {
    let failed = refused(cases, |check| check.expects_success);
    let accepted = accepted(cases);
    let mut caused = HashMap::new();
    if accepted.is_empty() {
        attribute_to_one(cases, &failed, 2, &mut caused);
        return caused;
    }
    let mut by_status: BTreeMap<u16, Vec<At>> = BTreeMap::new();
    for at in failed {
        let Some((_, exchange)) = found(cases, at) else {
            continue;
        };
        let status = exchange.status.unwrap_or_default();
        let lost = matches!(status, 404 | 410 | 500 | 502 | 503 | 504);
        if lost && accepted.contains(exchange.method.as_str()) {
            by_status.entry(status).or_default().push(at);
        }
    }
    let refusals = refused(cases, |check| !check.expects_success);
    for (status, checks) in &by_status {
        let Some(owner) = attribute_to_one(cases, checks, MANY, &mut caused) else {
            continue;
        };
        // Where a refusal was expected, the same error says nothing about how the registry refuses.
        let same =
            |at: &&At| found(cases, **at).is_some_and(|(_, one)| one.status == Some(*status));
        caused.extend(refusals.iter().filter(same).map(|at| (*at, owner)));
    }
    caused
}

/// Attributes the checks to one of them, if they violate at least `many` requirements. Returns the position of its case.
fn attribute_to_one(
    cases: &[Case],
    checks: &[At],
    many: usize,
    caused: &mut HashMap<At, usize>,
) -> Option<usize> {
    let check = |at: &At| found(cases, *at).map(|(check, _)| check);
    // The requirement that is violated most often is that of the most ordinary request.
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for violated in checks.iter().filter_map(check) {
        *counts.entry(violated.requirement.as_str()).or_default() += 1;
    }
    let owner = checks.iter().min_by_key(|at| {
        let rank = |one: &Check| {
            (
                one.via_procedure.is_some(),
                one.verdict == CheckVerdict::Warn,
                Reverse(counts.get(one.requirement.as_str())),
            )
        };
        (check(at).map(rank), **at)
    });
    let owner = owner.filter(|_| counts.len() >= many)?;
    let kept = check(owner).map(|check| &check.requirement);
    for at in checks {
        // Other cases that violate the requirement of the owner name the same failure.
        if check(at).map(|check| &check.requirement) != kept {
            caused.insert(*at, owner.0);
        }
    }
    Some(owner.0)
}

/// The checks of the status of a request to an upload URL that are wanted, and found an error that they do not permit.
fn refused(cases: &[Case], wanted: fn(&Check) -> bool) -> Vec<At> {
    let mut refused = Vec::new();
    for (position, case) in cases.iter().enumerate() {
        for (index, check) in case.checks.iter().enumerate() {
            let status = check.part.is_some_and(Part::lacks_status) && wanted(check);
            let at = (position, index);
            if status
                && check.verdict.is_broken()
                && found(cases, at).is_some_and(|(_, exchange)| is_to_upload(exchange))
                && found(cases, at).is_some_and(|(_, exchange)| !exchange.succeeded())
            {
                refused.push(at);
            }
        }
    }
    refused
}

/// The methods of requests to upload URLs that succeeded.
fn accepted(cases: &[Case]) -> HashSet<&str> {
    let exchanges = cases.iter().flat_map(|case| &case.exchanges);
    exchanges
        .filter(|exchange| is_to_upload(exchange) && exchange.succeeded())
        .map(|exchange| exchange.method.as_str())
        .collect()
}

fn found(cases: &[Case], (position, index): At) -> Option<(&Check, &Exchange)> {
    let case = cases.get(position)?;
    let check = case.checks.get(index)?;
    Some((check, case.exchanges.get(check.exchange?)?))
}

/// The form of an upload URL is the registry's: it is every path of no known endpoint (`/v2/`, the catalog).
fn is_to_upload(exchange: &Exchange) -> bool {
    let endpoint = exchange.endpoint();
    let known = matches!(endpoint, Endpoint::Base | Endpoint::Catalog);
    exchange.method != "POST" && endpoint.kind() == EndpointKind::Other && !known
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::{Category, Level};

    const UPLOAD: &str = "http://registry.example/v2/a/blobs/uploads/1";

    /// A case with one request to an upload URL, which this requirement is about.
    fn case(id: &str, method: &str, status: u16, requirement: &str) -> Case {
        let verdict = match status {
            200..300 => CheckVerdict::Pass,
            _ => CheckVerdict::Fail,
        };
        Case {
            checks: vec![Check {
                expected: "status 202".to_owned(),
                actual: format!("status {status}"),
                exchange: Some(0),
                part: (verdict == CheckVerdict::Fail).then_some(Part::Status),
                expects_success: true,
                ..Check::new(requirement, Level::Must, verdict)
            }],
            exchanges: vec![Exchange {
                method: method.to_owned(),
                url: UPLOAD.to_owned(),
                status: Some(status),
                ..Exchange::default()
            }],
            ..Case::new(id, "push/tea", Category::Push, "", "")
        }
    }

    fn blocked(cases: &[Case]) -> Vec<usize> {
        let mut blocked: Vec<usize> = upload_root_causes(cases).keys().map(|at| at.0).collect();
        blocked.sort_unstable();
        blocked
    }

    #[test]
    fn where_no_upload_url_can_be_used_one_case_fails() {
        let cases = [
            case("a", "PUT", 400, "blob-put-status"),
            case("b", "PATCH", 400, "chunk-status"),
            case("c", "GET", 400, "upload-status-code"),
            case("d", "PUT", 400, "blob-put-status"),
        ];
        assert_eq!(blocked(&cases), [1, 2]);
    }

    #[test]
    fn an_error_of_one_kind_of_request_is_its_own() {
        let cases = [
            case("a", "PUT", 500, "blob-put-status"),
            case("b", "PATCH", 202, "chunk-status"),
            case("c", "PUT", 500, "chunked-put-status"),
        ];
        assert_eq!(blocked(&cases), [0_usize; 0]);
    }

    #[test]
    fn sessions_that_are_lost_now_and_then_are_one_failure() {
        let mut cases = vec![
            case("a", "PUT", 201, "blob-put-status"),
            case("b", "PATCH", 202, "chunk-status"),
            case("c", "PUT", 404, "blob-put-status"),
            case("d", "PATCH", 404, "chunk-status"),
            case("e", "PUT", 404, "chunked-put-status"),
        ];
        assert_eq!(blocked(&cases), [0_usize; 0], "three may have three causes");
        cases.push(case("f", "PATCH", 404, "chunk-order-session-kept"));
        assert_eq!(blocked(&cases), [3, 4, 5]);
        cases.push(case("g", "DELETE", 404, "upload-cancel-status"));
        assert_eq!(blocked(&cases), [3, 4, 5], "no DELETE succeeded");
        let mut refusal = case("h", "PUT", 404, "blob-digest-mismatch-status");
        for check in &mut refusal.checks {
            check.expected = "status 400".to_owned();
            check.expects_success = false;
        }
        cases.push(refusal);
        assert_eq!(blocked(&cases), [3, 4, 5, 7], "the refusal is lost too");
    }
}
