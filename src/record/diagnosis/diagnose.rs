//! Which of the known causes a run shows.

use std::collections::HashSet;

use super::Diagnosis;
use super::observed::{Observed, is_explained, location};
use super::table::TABLE;
use crate::record::{Case, Exchange};

/// The known causes that these cases show, in the order of the table.
pub(crate) fn diagnose(target: &str, cases: &[Case]) -> Vec<Diagnosis> {
    if !cases.iter().any(is_explained) {
        return Vec::new();
    }
    let Some(observed) = Observed::of(target, cases) else {
        return Vec::new();
    };
    let mut explained: HashSet<usize> = HashSet::new();
    let mut all = Vec::new();
    for row in TABLE {
        let Some(found) = row.pattern.find(&observed) else {
            continue;
        };
        let news = found.exchanges.iter().filter(|at| !explained.contains(*at));
        let news: Vec<_> = news.filter_map(|at| observed.exchanges.get(*at)).collect();
        let Some(first) = news.first() else {
            continue;
        };
        let mut cases: Vec<String> = news.iter().map(|seen| seen.case.id.clone()).collect();
        cases.dedup();
        all.push(Diagnosis {
            id: row.id.to_owned(),
            says: row
                .says
                .replace("{found}", &found.found)
                .replace("{target}", target),
            shown: describe(first.exchange),
            cases,
        });
        explained.extend(found.exchanges);
    }
    all
}

/// A request and its response in a line.
fn describe(exchange: &Exchange) -> String {
    let (method, url) = (&exchange.method, &exchange.url);
    let status = exchange.status.map_or_else(
        || "no response".to_owned(),
        |status| format!("status {status}"),
    );
    match location(exchange) {
        Some(to) => format!("{method} {url}: {status}, Location: {to}"),
        None => format!("{method} {url}: {status}"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::catalogue::{Category, Level};
    use crate::record::{Check, CheckVerdict, Verdict};
    use crate::registry::deployments;

    const TARGET: &str = "https://registry.example:5000";

    /// A case with these exchanges (method, path or URL, status, `Location`), of which the last fails its check.
    fn case(id: usize, verdict: Verdict, exchanges: &[(&str, &str, u16, &str)]) -> Case {
        let mut case = Case::new(&id.to_string(), "s", Category::Push, "", "");
        case.verdict = verdict;
        for (method, path, status, location) in exchanges {
            let mut exchange = Exchange {
                method: (*method).to_owned(),
                url: match path.starts_with('/') {
                    true => format!("{TARGET}{path}"),
                    false => (*path).to_owned(),
                },
                status: Some(*status).filter(|status| *status > 0),
                ..Exchange::default()
            };
            if !location.is_empty() {
                let header = ("Location".to_owned(), (*location).to_owned());
                exchange.response_headers.push(header);
            }
            case.exchanges.push(exchange);
        }
        let failed = CheckVerdict::broken(Level::Must);
        if verdict != Verdict::Pass {
            case.checks.push(Check {
                exchange: exchanges.len().checked_sub(1),
                ..Check::new("r", Level::Must, failed)
            });
        }
        case
    }

    fn ids(cases: &[Case]) -> Vec<String> {
        let all = diagnose(TARGET, cases).into_iter();
        all.map(|one| one.id).collect()
    }

    /// A case with a PUT of a body of this size.
    fn push(id: usize, verdict: Verdict, status: u16, size: u64) -> Case {
        let mut case = case(id, verdict, &[("PUT", "/v2/a/manifests/t", status, "")]);
        for exchange in &mut case.exchanges {
            exchange.request_body.size = size;
        }
        case
    }

    const OPEN: &str = "/v2/a/blobs/uploads/";
    const SESSION: &str = "/v2/a/blobs/uploads/1?s=1";

    #[test]
    fn each_cause_has_sentences_and_a_deployment_that_proves_it() {
        let rows: BTreeSet<&str> = TABLE.iter().map(|row| row.id).collect();
        let proofs: BTreeSet<&str> = deployments().map(|one| one.id).collect();
        assert_eq!(rows, proofs);
        assert_eq!(rows.len(), TABLE.len());
        for row in TABLE {
            assert!(row.says.ends_with('.'), "{}", row.id);
        }
    }

    #[test]
    fn a_location_counts_where_it_leads_away_and_nothing_succeeds_there() {
        for (to, id) in [
            ("http://registry.example:5000/u/1", "location-scheme"),
            ("https://registry.example/u/1", "location-port"),
            ("https://registry.example:5001/u/1", "location-other-port"),
            ("https://10.0.0.1:5000/u/1", "location-host"),
        ] {
            let lost = case(
                1,
                Verdict::Error,
                &[("POST", OPEN, 202, to), ("PUT", to, 0, "")],
            );
            let found = diagnose(TARGET, std::slice::from_ref(&lost));
            assert_eq!(ids(std::slice::from_ref(&lost)), [id]);
            assert!(
                found.iter().all(|one| one.says.contains(TARGET)),
                "{found:?}"
            );
            let works = case(
                2,
                Verdict::Pass,
                &[("POST", OPEN, 202, to), ("PUT", to, 201, "")],
            );
            assert_eq!(ids(&[lost, works]), Vec::<String>::new(), "{to}");
        }
        for (to, put) in [(SESSION, SESSION), ("sha256:00ff", OPEN)] {
            let exchanges = [("POST", OPEN, 202, to), ("PUT", put, 500, "")];
            let mut own = case(3, Verdict::Fail, &exchanges);
            for check in &mut own.checks {
                check.exchange = Some(0);
            }
            assert_eq!(ids(&[own]), Vec::<String>::new(), "{to}");
        }
    }

    #[test]
    fn a_redirect_leads_to_other_content_unless_it_loses_the_port_or_the_scheme() {
        for (to, id) in [
            ("https://storage.example/b", "redirect-unanswered"),
            ("https://registry.example:9000/b", "redirect-unanswered"),
            ("https://registry.example/b", "location-port"),
            ("http://registry.example:5000/b", "location-scheme"),
        ] {
            let exchanges = [("GET", "/v2/a/blobs/b", 307, to), ("GET", to, 0, "")];
            let lost = case(1, Verdict::Error, &exchanges);
            assert_eq!(ids(&[lost]), [id], "{to}");
        }
        let to = "https://storage.example/b";
        let exchanges = [("GET", "/v2/a/blobs/b", 307, to), ("GET", to, 403, "")];
        let refused = case(1, Verdict::Fail, &exchanges);
        assert_eq!(ids(&[refused]), Vec::<String>::new());
    }

    #[test]
    fn sessions_that_are_unknown_now_and_then_are_not_shared() {
        let used = |id, verdict, method, status| {
            case(
                id,
                verdict,
                &[("POST", OPEN, 202, SESSION), (method, SESSION, status, "")],
            )
        };
        let mut cases: Vec<Case> = Vec::new();
        for id in 0..6 {
            let method = if id % 2 == 0 { "PATCH" } else { "PUT" };
            cases.push(used(id, Verdict::Fail, method, 404));
            cases.push(used(id + 10, Verdict::Pass, method, 202));
        }
        assert_eq!(ids(&cases), ["sessions-not-shared"]);
        let mut lost = cases.clone();
        let all = lost.iter_mut().flat_map(|case| &mut case.exchanges);
        for exchange in all.filter(|exchange| exchange.status == Some(404)) {
            exchange.status = Some(500);
        }
        assert_eq!(ids(&lost), ["uploads-under-load"]);
        // Without a request that succeeds, the registry does not support them at all.
        cases.retain(|case| case.verdict == Verdict::Fail);
        assert_eq!(ids(&cases), Vec::<String>::new());
    }

    #[test]
    fn a_413_counts_where_every_smaller_body_is_accepted() {
        let (small, large) = (
            push(1, Verdict::Pass, 201, 10),
            push(2, Verdict::Fail, 413, 99),
        );
        let found = diagnose(TARGET, &[small.clone(), large.clone()]);
        assert!(
            found.iter().any(|one| one.says.contains("99 bytes")),
            "{found:?}"
        );
        assert_eq!(
            ids(&[small, large.clone(), push(3, Verdict::Pass, 201, 100)]),
            Vec::<String>::new()
        );
        // A limit that the case permits.
        let permitted = push(4, Verdict::Pass, 413, 99);
        assert_eq!(
            ids(&[push(1, Verdict::Pass, 201, 10), permitted]),
            Vec::<String>::new()
        );
    }

    #[test]
    fn a_mount_is_refused_from_a_repository_that_can_be_read() {
        let digest = format!("sha256:{}", "0".repeat(64));
        let mount = format!("{OPEN}?mount={digest}&from=b");
        let mut refused = case(1, Verdict::Error, &[("POST", &mount, 401, "")]);
        let blob = format!("/v2/b/blobs/{digest}");
        let read = case(2, Verdict::Pass, &[("HEAD", &blob, 200, "")]);
        assert_eq!(ids(&[refused.clone(), read.clone()]), Vec::<String>::new());
        for exchange in &mut refused.exchanges {
            let token = ("Authorization".to_owned(), "Bearer [redacted]".to_owned());
            exchange.request_headers.push(token);
        }
        assert_eq!(ids(&[refused.clone(), read]), ["token-one-scope"]);
        assert_eq!(ids(&[refused]), Vec::<String>::new());
    }

    #[test]
    fn a_time_out_counts_where_every_smaller_body_is_accepted() {
        let (small, large) = (
            push(1, Verdict::Pass, 201, 10),
            push(2, Verdict::Fail, 504, 99),
        );
        assert_eq!(ids(&[small.clone(), large.clone()]), ["upload-timeout"]);
        let larger = push(3, Verdict::Pass, 201, 100);
        assert_eq!(ids(&[small, large, larger]), Vec::<String>::new());
    }

    #[test]
    fn a_method_is_blocked_where_none_of_its_requests_succeeds() {
        let blocked = |id| {
            let exchanges = [("POST", OPEN, 202, SESSION), ("PATCH", SESSION, 403, "")];
            case(id, Verdict::Fail, &exchanges)
        };
        let put = |id, method| {
            let exchanges = [("POST", OPEN, 202, SESSION), (method, SESSION, 201, "")];
            case(id, Verdict::Pass, &exchanges)
        };
        let mut cases = vec![blocked(1), blocked(2), blocked(3), put(4, "PUT")];
        assert_eq!(ids(&cases), ["method-blocked"]);
        for exchange in cases.iter_mut().flat_map(|case| &mut case.exchanges) {
            let json = ("Content-Type".to_owned(), "application/json".to_owned());
            exchange.response_headers.push(json);
        }
        assert_eq!(ids(&cases), Vec::<String>::new(), "the registry refuses it");
        let some = [blocked(1), blocked(2), blocked(3), put(4, "PATCH")];
        assert_eq!(ids(&some), Vec::<String>::new());
    }

    #[test]
    fn a_404_is_cached_where_the_content_was_requested_before_its_push() {
        let mut cases = Vec::new();
        for id in 0..3 {
            let (tag, other) = (
                format!("/v2/a/manifests/t{id}"),
                format!("/v2/a/manifests/u{id}"),
            );
            let cached = [
                ("GET", &*tag, 404, ""),
                ("PUT", &tag, 201, ""),
                ("GET", &tag, 404, ""),
            ];
            cases.push(case(id, Verdict::Fail, &cached));
            cases.push(case(id + 10, Verdict::Pass, &[("HEAD", &other, 200, "")]));
        }
        assert_eq!(ids(&cases), ["missing-cached"]);
        for id in 20..24 {
            let tag = format!("/v2/a/manifests/v{id}");
            let lost = [("PUT", &*tag, 201, ""), ("GET", &tag, 404, "")];
            cases.push(case(id, Verdict::Fail, &lost));
        }
        assert_eq!(ids(&cases), Vec::<String>::new());
    }
}
