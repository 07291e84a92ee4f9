//! A registry that loses responses, refuses requests or is far away: every verdict is that of the same registry without the
//! disturbance. `cargo test` skips these tests, which are long; `.ci/run` runs them.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::support::engine::run;
use crate::support::proxy::Unwell;
use crate::support::seeds::seeds;
use oci_assay::internals::record::{Run, Verdict};

fn verdicts(run: &Run) -> BTreeMap<&str, Verdict> {
    let cases = run.cases.iter();
    cases.map(|case| (case.id.as_str(), case.verdict)).collect()
}

/// Runs with each seed: every verdict is that of the healthy registry, and a note of the report contains `note`.
fn same_as_healthy(unwell: Unwell, note: &str) {
    let (healthy, _) = run(None, 1);
    for seed in 1..=seeds(1) {
        let unwell = Unwell {
            seed: u64::from(seed),
            ..unwell
        };
        let (disturbed, _) = run(Some(unwell), seed);
        for (id, verdict) in verdicts(&healthy) {
            let case = disturbed.cases.iter().find(|case| case.id == id).unwrap();
            let why = &case.reason;
            let lost = case.exchanges.iter().filter(|one| one.error.is_some());
            let lost: Vec<_> = lost.map(|one| (&one.step, &one.method, &one.url)).collect();
            assert_eq!(case.verdict, verdict, "seed {seed}, {id}: {why:?} {lost:?}");
        }
        let notes = disturbed.notes.join("\n");
        assert!(notes.contains(note), "seed {seed}: {notes}");
        println!(
            "seed {seed}: {} ms, {} requests: {notes}",
            disturbed.duration_ms, disturbed.requests
        );
    }
}

#[test]
#[ignore = "long: run by .ci/run"]
fn one_response_in_fifty_is_lost() {
    let unwell = Unwell {
        lost: 50,
        ..Unwell::default()
    };
    same_as_healthy(unwell, "were retried");
}

#[test]
#[ignore = "long: run by .ci/run"]
fn one_response_in_fifty_breaks_off() {
    let unwell = Unwell {
        cut: 50,
        ..Unwell::default()
    };
    same_as_healthy(unwell, "broke off within their body");
}

#[test]
#[ignore = "long: run by .ci/run"]
fn too_many_requests_now_and_then() {
    for refusal in [
        "429 Too Many Requests",
        "429 Too Many Requests\nRetry-After: 1",
    ] {
        let unwell = Unwell {
            refused: 60,
            refusal,
            ..Unwell::default()
        };
        same_as_healthy(unwell, "responses were 429");
    }
}

#[test]
#[ignore = "long: run by .ci/run"]
fn unavailable_now_and_then() {
    let unwell = Unwell {
        refused: 25,
        refusal: "503 Service Unavailable",
        ..Unwell::default()
    };
    same_as_healthy(unwell, "sent again");
}

#[test]
#[ignore = "long: run by .ci/run"]
fn latency_that_grows_with_load() {
    let unwell = Unwell {
        round_trip: Duration::from_millis(5),
        for_each_other: Duration::from_millis(5),
        ..Unwell::default()
    };
    same_as_healthy(unwell, "concurrency was reduced");
}

/// `cargo test --test it -- --ignored --nocapture a_distant_registry` prints the time of a run with a long round
/// trip, or with three of them for `SEEDS=3`.
#[test]
#[ignore = "long: run by .ci/run"]
fn a_distant_registry() {
    let (near, _) = run(None, 1);
    println!("near: {} ms, {} requests", near.duration_ms, near.requests);
    for round_trip in [20, 50, 100].into_iter().take(seeds(1) as usize) {
        let unwell = Unwell {
            round_trip: Duration::from_millis(round_trip),
            ..Unwell::default()
        };
        let (far, most) = run(Some(unwell), 1);
        let ratio = far.duration_ms as f64 / round_trip as f64;
        let work = far.duration_ms.saturating_sub(near.duration_ms) as f64 / round_trip as f64;
        println!(
            "{round_trip} ms: {} ms, {ratio:.0} round trips ({work:.0} without the work), {most} requests at once",
            far.duration_ms
        );
        assert_eq!(verdicts(&near), verdicts(&far));
    }
}
