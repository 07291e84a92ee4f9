//! Root causes: one wrong kind of response that many cases find.
//!
//! A canonical case requests the most ordinary content. Where the response to a read or a deletion has the wrong status or
//! the wrong bytes there, the same error in the response to the same kind of request in another case is no second failure:
//! that check is blocked, and the requirement that the canonical case found violated keeps the failure.

use std::collections::HashMap;

use super::upload_root_cause::upload_root_causes;
use crate::endpoint::EndpointKind;
use crate::record::{Case, Check, CheckVerdict, Exchange, Part};

/// The kind of request, and the error in its response.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Sign {
    method: String,
    endpoint: EndpointKind,
    wrong: Wrong,
}

/// The error in a response.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Wrong {
    /// Its status: whether a success was expected, and the actual one. A server error is the same error in either case.
    Status(bool, Option<u16>),
    /// Its body.
    Body,
    /// The form of its body: no value can be read.
    Form,
}

/// For each violated check, by the positions of its case and in it, the position of the case that shows its root cause.
pub fn root_causes(cases: &[Case]) -> HashMap<(usize, usize), usize> {
    let mut shown: HashMap<Sign, (usize, &str)> = HashMap::new();
    for (position, case) in cases.iter().enumerate().filter(|(_, case)| case.canonical) {
        for check in case
            .checks
            .iter()
            .filter(|check| check.via_procedure.is_none())
        {
            let Some(sign) = sign(case, check).filter(|_| check.verdict == CheckVerdict::Fail)
            else {
                continue;
            };
            // In an answer with another status there is no list to read.
            let lists = matches!(
                sign.endpoint,
                EndpointKind::TagList | EndpointKind::Referrers
            );
            let unread = (lists && sign.wrong != Wrong::Form).then(|| Sign {
                wrong: Wrong::Form,
                ..sign.clone()
            });
            for sign in std::iter::once(sign).chain(unread) {
                shown.entry(sign).or_insert((position, &check.requirement));
            }
        }
    }
    let mut caused = HashMap::new();
    for (position, case) in cases.iter().enumerate() {
        for (index, check) in case.checks.iter().enumerate() {
            let Some(sign) = sign(case, check) else {
                continue;
            };
            // Wrong bytes may come of how they are served or of how they were stored: plain cases of both keep theirs.
            let keeps = case.canonical && sign.wrong == Wrong::Body;
            if let Some((owner, requirement)) = shown.get(&sign)
                && (*owner, *requirement) != (position, check.requirement.as_str())
                && (*owner == position || !keeps)
            {
                caused.insert((position, index), *owner);
            }
        }
    }
    for (at, owner) in upload_root_causes(cases) {
        caused.entry(at).or_insert(owner);
    }
    caused
}

fn sign(case: &Case, check: &Check) -> Option<Sign> {
    let exchange = case.exchanges.get(check.exchange?)?;
    let server_error = exchange.status.is_some_and(|status| status >= 500);
    let wrong = match check.part.filter(|_| check.verdict.is_broken())? {
        Part::Connection | Part::Status => {
            Wrong::Status(check.expects_success || server_error, exchange.status)
        }
        Part::Location => return None,
        Part::Body => Wrong::Body,
        Part::Form => Wrong::Form,
    };
    // Other requests bring content, and the error may come from it.
    let without_content = matches!(exchange.method.as_str(), "GET" | "HEAD" | "DELETE");
    Some(Sign {
        method: exchange.method.clone(),
        endpoint: known_endpoint(exchange).filter(|_| without_content)?,
        wrong,
    })
}

/// The kind of endpoint that the request of a check went to.
pub fn endpoint_of(case: &Case, check: &Check) -> Option<EndpointKind> {
    known_endpoint(case.exchanges.get(check.exchange?)?)
}

fn known_endpoint(exchange: &Exchange) -> Option<EndpointKind> {
    let kind = exchange.endpoint().kind();
    (!matches!(kind, EndpointKind::Uploads | EndpointKind::Other)).then_some(kind)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing)]
    use super::*;
    use crate::catalogue::{Category, Level};
    use crate::record::{Verdict, attribute};

    /// A case with this read that found this requirement violated, in this part of the response.
    fn case(
        id: &str,
        canonical: bool,
        read: (&str, &str),
        broken: (&str, Option<Part>, &str),
    ) -> Case {
        let (method, url) = read;
        let (requirement, part, actual) = broken;
        Case {
            id: id.to_owned(),
            suite: "pull/manifests".to_owned(),
            category: Category::Pull,
            title: String::new(),
            section: String::new(),
            verdict: Verdict::Fail,
            flaky: false,
            attempts: Vec::new(),
            known: None,
            duration_ms: 1,
            waited_ms: 0,
            features: Vec::new(),
            declined: Vec::new(),
            canonical,
            stopped: None,
            blocked_by: None,
            reason: None,
            notes: Vec::new(),
            checks: vec![Check {
                expected: "status 200".to_owned(),
                actual: actual.to_owned(),
                exchange: Some(0),
                part,
                expects_success: true,
                ..Check::new(requirement, Level::Must, CheckVerdict::Fail)
            }],
            exchanges: vec![Exchange {
                method: method.to_owned(),
                url: url.to_owned(),
                status: actual.split(' ').find_map(|word| word.parse().ok()),
                duration_ms: 1,
                ..Exchange::default()
            }],
        }
    }

    const TAG: (&str, &str) = ("GET", "http://registry.example/v2/a/manifests/latest");
    const STATUS: Option<Part> = Some(Part::Status);

    fn verdicts(cases: &[Case]) -> Vec<Verdict> {
        cases.iter().map(|case| case.verdict).collect()
    }

    #[test]
    fn a_canonical_case_blocks_the_same_error_in_other_cases() {
        let canonical = case(
            "canonical",
            true,
            TAG,
            ("manifest-get-status", STATUS, "status 203"),
        );
        let actual = "status 203 (UNKNOWN: \"tag `moved`\")";
        let moved = case("moved", false, TAG, ("tag-moves", STATUS, actual));
        let mut cases = vec![moved, canonical];
        attribute(&mut cases);
        assert_eq!(verdicts(&cases), [Verdict::Blocked, Verdict::Fail]);
        assert_eq!(cases[0].blocked_by.as_deref(), Some("canonical"));
    }

    #[test]
    fn a_server_error_is_the_same_error_where_a_refusal_was_expected() {
        let verdicts_of = |status: &str| {
            let deletion = ("DELETE", TAG.1);
            let mut missing = case("missing", false, deletion, ("absent", STATUS, status));
            missing.checks[0].expects_success = false;
            let canonical = case("canonical", true, deletion, ("deleted", STATUS, status));
            let mut cases = [canonical, missing];
            attribute(&mut cases);
            verdicts(&cases)
        };
        let same = [Verdict::Fail, Verdict::Blocked];
        assert_eq!(verdicts_of("status 500"), same);
        assert_eq!(verdicts_of("status 200"), [Verdict::Fail, Verdict::Fail]);
    }

    #[test]
    fn a_page_of_a_list_and_a_recommendation_show_the_same_error() {
        const LIST: (&str, &str) = ("GET", "http://registry.example/v2/a/tags/list");
        let broken = |actual| ("tags-status", STATUS, actual);
        let canonical = case("canonical", true, LIST, broken("status 203"));
        let mut paged = case("paged", false, LIST, broken("page 1: status 203"));
        paged.checks[0].requirement = "tags-only".to_owned();
        paged.checks[0].expected = "each page: status 200 or 206".to_owned();
        paged.checks[0].verdict = CheckVerdict::Warn;
        let mut cases = vec![canonical, paged];
        attribute(&mut cases);
        assert_eq!(verdicts(&cases), [Verdict::Fail, Verdict::Blocked]);
    }

    #[test]
    fn another_error_and_another_kind_of_read_fail_on_their_own() {
        let canonical = || {
            case(
                "canonical",
                true,
                TAG,
                ("manifest-get-status", STATUS, "status 203"),
            )
        };
        let blob = ("GET", "http://registry.example/v2/a/blobs/sha256:0");
        let digest = ("GET", "http://registry.example/v2/a/manifests/sha256:0");
        for (read, broken) in [
            (TAG, ("tag-moves", STATUS, "status 404")),
            (TAG, ("tag-moves", Some(Part::Body), "status 203")),
            (TAG, ("tag-moves", None, "status 203")),
            (digest, ("manifest-put-bytes", STATUS, "status 203")),
            (blob, ("blob-get-status", STATUS, "status 203")),
            (
                ("HEAD", TAG.1),
                ("manifest-head-status", STATUS, "status 203"),
            ),
            (
                ("PUT", TAG.1),
                ("manifest-put-status", STATUS, "status 203"),
            ),
        ] {
            let mut cases = vec![canonical(), case("other", false, read, broken)];
            attribute(&mut cases);
            assert_eq!(
                verdicts(&cases),
                [Verdict::Fail, Verdict::Fail],
                "{broken:?}"
            );
        }
    }
}
