//! The samples: every verdict, what a hostile target sends, and what goes wrong as a whole.

#![allow(clippy::indexing_slicing)]

use super::build::{case, run};
use super::requirements::REQUIREMENTS;
use crate::record::{
    BaselineResult, Case, ChangedFailure, Diagnosis, KnownFailure, Leftover, LeftoverKind, Run,
    Stale, Uncounted, Verdict, rerun,
};

/// Every sample, with its name.
pub(crate) fn every() -> Vec<(&'static str, Run)> {
    Vec::from([
        ("all states", all_states()),
        ("all pass", all_pass()),
        ("blocked by one", blocked_by_one()),
        ("interrupted", interrupted()),
        ("empty", run(Vec::new())),
    ])
}

/// Every verdict at once, with evidence that a hostile target sent.
pub(crate) fn all_states() -> Run {
    let mut run = run(Vec::from([
        case("pull/manifests", "manifest-by-digest", "A manifest is served by its digest").pass("manifest-get-status"),
        case("pull/manifests", "odd-manifest", "A manifest with odd white space comes back byte for byte")
            .pass("manifest-get-status")
            .fail("manifest-get-content", "the body is another one", "{\"schemaVersion\": 2,  \"layers\": [ ]}", "{\"schemaVersion\": 2, \"layers\": []}")
            .fail("manifest-get-status", "the second answer is 404", "status 200", "status 404"),
        case("pull/blobs", "blob-range", "A part of a blob is served")
            .warn("blob-range-status", "the whole blob came back", "status 206", "status 200")
            .note("what was written showed after 412 ms: the specification does not promise that it shows at once"),
        case("push/chunked", "chunk-out-of-order[sha256]", "A chunk out of order is refused, and the upload lives on").pass("chunk-status").chunk_accepted(),
        case("push/chunked", "chunk-out-of-order[sha512]", "A chunk out of order is refused, and the upload lives on").chunk_accepted(),
        case("push/chunked", "chunk-hostile", "What a target sends stays text").hostile(),
        case("push/manifests", "manifest-put", "A manifest is accepted").ends(Verdict::Error, "connection closed before the answer was whole").cut_short(),
        case("discovery/tags", "tag-order", "Tags are in order").blocked_by("manifest-put", "blocked by manifest-put"),
        case("discovery/tags", "tag-pages", "Tags come in pages").blocked_by("manifest-put", "blocked by manifest-put"),
        case("management/tags", "tag-delete", "A tag is deleted").ends(Verdict::Unsupported, "the target has no tag-delete: DELETE is answered with 405").feature("tag-delete"),
        case("management/tags", "tag-delete-again", "A tag that is gone stays gone").ends(Verdict::Skipped, "left out by the selection").feature("tag-delete"),
        case("discovery/tags", "tag-list-link", "A list of tags that is cut has a link to the rest").ends(Verdict::Untested, "no response of the run is a list that is cut"),
        case("everywhere/errors", "error-body", "Errors name their code").pass("error-body-codes"),
    ]));
    run.notes
        .push("the target asked for patience 3 times: 4.2 s were spent waiting".into());
    run
}

/// A registry that conforms to every requirement.
pub(crate) fn all_pass() -> Run {
    run(REQUIREMENTS
        .iter()
        .map(|(id, _, category, ..)| {
            let suite = format!("{category}/{}", id.split('-').next().unwrap_or_default());
            case(&suite, &format!("{id}-holds"), "The requirement holds").pass(id)
        })
        .collect())
}

/// One push fails, and blocks the rest.
pub(crate) fn blocked_by_one() -> Run {
    let broken = case(
        "set-up",
        "push-small-image",
        "Set-up: a small image can be pushed",
    )
    .fail(
        "manifest-put-status",
        "the answer is 500",
        "status 201",
        "status 500",
    );
    let behind = (1..=12).map(|n| {
        case(
            "pull/manifests",
            &format!("manifest-{n}"),
            "A manifest is served",
        )
        .blocked_by(
            "push-small-image",
            &format!("blocked by push-small-image, which broke set-up-{n}"),
        )
    });
    run(std::iter::once(broken).chain(behind).collect())
}

/// A run that was stopped.
pub(crate) fn interrupted() -> Run {
    let mut run = run(Vec::from([
        case(
            "pull/manifests",
            "manifest-by-digest",
            "A manifest is served by its digest",
        )
        .pass("manifest-get-status"),
        case("push/chunked", "chunked-upload", "Chunks make a blob")
            .ends(Verdict::Error, "the run ended before this case did"),
    ]));
    run.interrupted = true;
    run
}

/// A run with all that a run can be compared with: an earlier run, a baseline, newer cases; and with leftovers.
pub(crate) fn with_context() -> Run {
    let mut run = all_states();
    let mut earlier = all_states();
    for (case, was) in earlier.cases.iter_mut().zip([Verdict::Fail, Verdict::Warn]) {
        case.verdict = was;
    }
    run.rerun = Some(rerun("reports/report.json".into(), &earlier, &run));
    let known = |entry: &str, reason: &str, flaky| KnownFailure {
        entry: entry.into(),
        reason: reason.into(),
        flaky,
    };
    let chunks = |case: &&mut Case| case.id.starts_with("chunk-");
    for case in run.cases.iter_mut().filter(chunks) {
        case.known = Some(known("chunk-order", "quay#6388", case.id.contains("512")));
    }
    let expected = run.cases.iter().filter(|case| case.known.is_some());
    run.baseline = Some(BaselineResult {
        file: "known.yaml".into(),
        known: expected.map(|case| case.id.clone()).collect(),
        new: Vec::from(["odd-manifest".into(), "manifest-put".into()]),
        changed: Vec::from([ChangedFailure {
            case: "odd-manifest".into(),
            entry: "odd-manifest".into(),
            violates: Vec::from(["manifest-get-status".into()]),
        }]),
        flaky: Vec::from(["mount-twice".into()]),
        stale: Vec::from([Stale {
            entry: "blob-head".into(),
            why: "it no longer fails".into(),
        }]),
        expired: Vec::from(["tags-order".into()]),
    });
    run.as_of = Some("0.1".into());
    let fresh = case("push/chunked", "chunk-new", "A newer case says more").chunk_accepted();
    run.uncounted = Vec::from([Uncounted {
        since: "0.2.0".into(),
        case: fresh.0,
    }]);
    run.diagnoses = Vec::from([Diagnosis {
        id: "location-port".into(),
        says: "The `Location` header names http://h, where nothing answers, instead of http://h:5000. Let the proxy pass the port."
            .into(),
        shown: "POST http://h:5000/v2/a/blobs/uploads/: status 202, Location: http://h/v2/a/blobs/uploads/1".into(),
        cases: Vec::from(["manifest-put".into(), "tag-order".into()]),
    }]);
    run.leftovers = Vec::from([Leftover {
        kind: LeftoverKind::Tag,
        repository: "conformance/repo1".into(),
        reference: "tag-1".into(),
        reason: "status 405 to its deletion".into(),
        curl: "curl -si -X DELETE 'http://127.0.0.1:5000/v2/conformance/repo1/manifests/tag-1'"
            .into(),
    }]);
    run
}

/// A run of `size` cases with some of each verdict, and three exchanges a case.
pub(crate) fn large(size: usize) -> Run {
    let cases = (0..size).map(|n| {
        let (id, _, category, section, _) = REQUIREMENTS[n % REQUIREMENTS.len()];
        let suite = format!("{category}/{section}");
        let one = case(
            &suite,
            &format!("{id}-{n}"),
            "A case among many shows what it is to show",
        )
        .pass(id)
        .pass("manifest-get-status")
        .pass("error-body-codes");
        match n % 40 {
            7 => one.fail(
                "manifest-get-content",
                "the body is another one",
                "sha256:aa",
                "sha256:bb",
            ),
            11 => one.warn(
                "blob-range-status",
                "the whole came back",
                "status 206",
                "status 200",
            ),
            13 => one.ends(Verdict::Unsupported, "the target declines it"),
            _ => one,
        }
    });
    let mut run = run(cases.collect());
    // No two exchanges are alike: every address and every body names another digest.
    for (n, exchange) in run
        .cases
        .iter_mut()
        .flat_map(|case| &mut case.exchanges)
        .enumerate()
    {
        let digest = format!("{:064x}", n.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let old = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
        exchange.url = exchange.url.replace(old, &digest);
        exchange.curl = exchange.curl.replace(old, &digest);
        let digest = format!("sha256:{digest}");
        exchange.body.text = exchange
            .body
            .text
            .replace("\"t\"", &format!("\"{digest}\""));
        for (_, value) in &mut exchange.response_headers {
            *value = value.replace(&format!("sha256:{old}"), &digest);
        }
    }
    run
}
