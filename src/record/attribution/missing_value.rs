//! Cases that lack a value which no response gave: blocked by the case that shows why, where there is one.

use super::FailureOwner;
use crate::endpoint::EndpointKind;
use crate::record::{Case, CheckVerdict, Part, Stop, Verdict};

/// A violation that may be the reason why a response lacks a value.
struct Explanation {
    endpoint: EndpointKind,
    method: String,
    /// Whether it is about the header from which most values come.
    about_location: bool,
    owner: FailureOwner,
}

/// Blocks each case that lacks a value by the failure of the same kind of request elsewhere. Without such a failure, the
/// case stays in error.
pub fn explain_missing_values(cases: &mut [Case]) {
    let explanations: Vec<Explanation> = cases.iter().flat_map(explanations_of).collect();
    let missing = |case: &&mut Case| {
        matches!(case.stopped, Some(Stop::Missing(_))) && case.verdict == Verdict::Error
    };
    for case in cases.iter_mut().filter(missing) {
        let Some((endpoint, method)) = last_request(case) else {
            continue;
        };
        let mut alike: Vec<&Explanation> = explanations
            .iter()
            .filter(|one| one.endpoint == endpoint && one.method == method)
            .collect();
        alike.sort_by_key(|one| !one.about_location);
        if let Some(explanation) = alike.first() {
            case.block_by(&explanation.owner);
            case.verdict = Verdict::Blocked;
        }
    }
}

/// The kind and the method of the last request, whose response lacks the value.
fn last_request(case: &Case) -> Option<(EndpointKind, String)> {
    let last = case.exchanges.last()?;
    Some((last.endpoint().kind(), last.method.clone()))
}

fn explanations_of(case: &Case) -> Vec<Explanation> {
    let failed = case
        .checks
        .iter()
        .filter(|check| check.verdict == CheckVerdict::Fail);
    let explanations = failed.filter_map(|check| {
        let exchange = case.exchanges.get(check.exchange?)?;
        Some(Explanation {
            endpoint: exchange.endpoint().kind(),
            method: exchange.method.clone(),
            about_location: check.part == Some(Part::Location),
            owner: FailureOwner {
                case: case.id.clone(),
                requirement: check.requirement.clone(),
            },
        })
    });
    explanations.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::{Category, Level};
    use crate::record::{Check, Exchange, attribute};

    fn case(id: &str, check: Option<(&str, Part)>, stopped: Option<Stop>) -> Case {
        let check = check.map(|(requirement, part)| Check {
            part: Some(part),
            exchange: Some(0),
            ..Check::new(requirement, Level::Must, CheckVerdict::Fail)
        });
        Case {
            checks: check.into_iter().collect(),
            stopped,
            exchanges: Vec::from([Exchange {
                method: "PUT".to_owned(),
                url: "http://h/v2/a/manifests/t".to_owned(),
                status: Some(201),
                ..Exchange::default()
            }]),
            ..Case::new(id, "push/manifests", Category::Push, "", "")
        }
    }

    fn missing() -> Option<Stop> {
        Some(Stop::Missing("manifest_location".to_owned()))
    }

    #[test]
    fn a_value_that_a_violation_keeps_away_blocks() {
        let mut cases = [
            case("status", Some(("put-status", Part::Status)), None),
            case("location", Some(("put-location", Part::Location)), None),
            case("reads-it", None, missing()),
        ];
        attribute(&mut cases);
        let [.., last] = &cases;
        assert_eq!(last.verdict, Verdict::Blocked);
        assert_eq!(last.blocked_by.as_deref(), Some("location"));
        let expected = "blocked by location: put-location is violated";
        assert_eq!(last.reason.as_deref(), Some(expected));
    }

    #[test]
    fn a_value_that_nothing_explains_is_an_error() {
        let mut cases = [case("reads-it", None, missing())];
        attribute(&mut cases);
        let [only] = &cases;
        assert_eq!(only.verdict, Verdict::Error);
        let expected = "no response gave the value `manifest_location`, which the next step needs";
        assert_eq!(only.reason.as_deref(), Some(expected));
    }
}
