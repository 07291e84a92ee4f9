//! Verdicts do not depend on how soon a registry shows writes, nor on how many requests are in flight, nor on delays.

use std::collections::BTreeMap;
use std::time::Duration;

use oci_assay::internals::record::{Run, Verdict};
use oci_assay::internals::registry::{VisibilityDelay, fault, variant};

use crate::support::engine::run_at;
use crate::support::proxy::{Proxy, Unwell};
use crate::support::registry::{Registry, registry};
use crate::support::seeds::seeds;

/// Each shows one kind of read late, or some content.
const LATE: [&str; 7] = [
    "seen-later",
    "blobs-late",
    "manifests-late",
    "manifests-late-by-tag",
    "tag-list-late",
    "referrers-late",
    "late-at-random",
];

/// Violations that only a read after a write shows, each with the requirement.
const NOT_SHOWN: [(&str, &str); 4] = [
    ("tags-capitals-lost", "tags-complete"),
    ("referrers-ten-at-most", "referrers-complete"),
    ("deleted-tag-seen-by-head", "tag-delete-gone"),
    ("blob-delete-in-words", "blob-delete-gone"),
];

/// The delay of one kind of read.
type DelayOf = fn(&mut VisibilityDelay) -> &mut Duration;

fn with(variants: &[&str], faults: &[&str]) -> Registry {
    registry(|options| {
        for id in variants {
            (variant(id).unwrap().set)(options);
        }
        let faults = faults.iter().map(|id| fault(id).unwrap());
        options.faults.extend(faults);
    })
}

fn run_with(registry: &Registry, seed: u32, jobs: usize) -> Run {
    registry.runtime.block_on(run_at(&registry.url, seed, jobs))
}

/// The cases that say something against the registry, or nothing, with their verdicts.
fn not_passed(run: &Run) -> BTreeMap<String, Verdict> {
    use Verdict::{Blocked, Error, Fail, Warn};
    let cases = run.cases.iter();
    cases
        .filter(|case| matches!(case.verdict, Fail | Warn | Blocked | Error))
        .map(|case| (case.id.clone(), case.verdict))
        .collect()
}

#[test]
#[ignore = "long: run by .ci/run"]
fn late_registries_conform() {
    for id in LATE {
        for seed in 0..3 {
            let run = run_with(&with(&[id], &[]), seed, 256);
            assert_eq!(not_passed(&run), BTreeMap::new(), "{id}, seed {seed}");
        }
    }
}

#[test]
#[ignore = "long: run by .ci/run"]
fn registries_that_are_late_for_some_content_of_one_kind_conform() {
    let kinds: [(&str, DelayOf); 5] = [
        ("blobs", |delay| &mut delay.blobs),
        ("manifests by tag", |delay| &mut delay.by_tag),
        ("manifests by digest", |delay| &mut delay.by_digest),
        ("tag lists", |delay| &mut delay.tag_list),
        ("referrers", |delay| &mut delay.referrers),
    ];
    for (seed, (kind, of)) in (0..).zip(kinds) {
        for ms in [300, 1000, 1500] {
            let late = registry(|options| {
                options.visibility_delay.sometimes = true;
                *of(&mut options.visibility_delay) = Duration::from_millis(ms);
            });
            let run = run_with(&late, seed, 256);
            assert_eq!(not_passed(&run), BTreeMap::new(), "{kind}, {ms} ms");
        }
    }
}

#[test]
#[ignore = "long: run by .ci/run"]
fn a_violation_is_found_in_a_late_registry() {
    for id in LATE {
        for (fault, requirement) in NOT_SHOWN {
            let run = run_with(&with(&[id], &[fault]), 1, 256);
            let cases = run.cases.iter().flat_map(|case| case.violated());
            let violated: Vec<String> = cases.collect();
            assert!(
                violated.iter().any(|one| one == requirement),
                "{id} {fault}"
            );
        }
    }
}

#[test]
#[ignore = "long: run by .ci/run"]
fn verdicts_are_the_same_at_every_concurrency_and_delay() {
    let faults = NOT_SHOWN.map(|(fault, _)| fault);
    let expected = not_passed(&run_with(&with(&[], &faults), 0, 64));
    assert!(!expected.is_empty());
    for (seed, jobs) in (1..=seeds(8)).zip([1, 8, 64, 512].into_iter().cycle()) {
        let registry = with(&[], &faults);
        // With one request at a time, a delay of each is the time of the run.
        let run = match ((seed - 1) / 4) % 2 == 0 || jobs == 1 {
            true => run_with(&registry, seed, jobs),
            false => registry.runtime.block_on(async {
                let unwell = Unwell {
                    round_trip: Duration::from_millis(2),
                    for_each_other: Duration::from_millis(1),
                    ..Unwell::default()
                };
                let proxy = Proxy::start(&registry.url, unwell).await;
                run_at(&proxy.url, seed, jobs).await
            }),
        };
        assert_eq!(not_passed(&run), expected, "seed {seed}, {jobs} jobs");
    }
}
