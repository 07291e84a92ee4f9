//! A registry that is unwell, or far away: its verdicts are those of the same registry when it is well.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use std::collections::BTreeMap;
use std::time::Duration;

use oci_assay::record::{Run, Verdict};
use support::engine::run;
use support::proxy::Unwell;

fn verdicts(run: &Run) -> BTreeMap<&str, Verdict> {
    let cases = run.cases.iter();
    cases.map(|case| (case.id.as_str(), case.verdict)).collect()
}

/// How many seeds are tried: `UNWELL_SEEDS`, or one.
fn seeds() -> u32 {
    let told = std::env::var("UNWELL_SEEDS").ok();
    told.map_or(1, |told| told.parse().unwrap())
}

/// Runs with each seed; every verdict is that of the healthy registry, and the report says what was done.
async fn same_as_healthy(unwell: Unwell, said: &str) {
    let (healthy, _) = run(None, 1).await;
    for seed in 1..=seeds() {
        let unwell = Unwell {
            seed: u64::from(seed),
            ..unwell
        };
        let (ill, _) = run(Some(unwell), seed).await;
        for (id, verdict) in verdicts(&healthy) {
            let case = ill.cases.iter().find(|case| case.id == id).unwrap();
            let notes = &case.notes;
            let lost = case.exchanges.iter().filter(|one| one.error.is_some());
            let lost: Vec<_> = lost.map(|one| (&one.step, &one.method, &one.url)).collect();
            assert_eq!(
                case.verdict, verdict,
                "seed {seed}, {id}: {notes:?} {lost:?}"
            );
        }
        let notes = ill.notes.join("\n");
        assert!(notes.contains(said), "seed {seed}: {notes}");
        println!(
            "seed {seed}: {} ms, {} requests: {notes}",
            ill.duration_ms, ill.requests
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_answer_in_fifty_is_lost() {
    let unwell = Unwell {
        lost: 50,
        ..Unwell::default()
    };
    same_as_healthy(unwell, "were retried").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_requests_now_and_then() {
    for refusal in [
        "429 Too Many Requests",
        "429 Too Many Requests\nRetry-After: 1",
    ] {
        let unwell = Unwell {
            refused: 60,
            refusal,
            ..Unwell::default()
        };
        same_as_healthy(unwell, "asked for patience").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unavailable_now_and_then() {
    let unwell = Unwell {
        refused: 25,
        refusal: "503 Service Unavailable",
        ..Unwell::default()
    };
    same_as_healthy(unwell, "sent again").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn slower_the_more_is_asked() {
    let unwell = Unwell {
        round_trip: Duration::from_millis(5),
        for_each_other: Duration::from_millis(5),
        ..Unwell::default()
    };
    same_as_healthy(unwell, "slowed down").await;
}

/// `cargo test --test unwell -- --nocapture far_away` prints the time of a run at a distance (with
/// `UNWELL_SEEDS=3`: at three).
#[tokio::test(flavor = "multi_thread")]
async fn far_away() {
    let (near, _) = run(None, 1).await;
    println!("near: {} ms, {} requests", near.duration_ms, near.requests);
    for round_trip in [20, 50, 100].into_iter().take(seeds() as usize) {
        let unwell = Unwell {
            round_trip: Duration::from_millis(round_trip),
            ..Unwell::default()
        };
        let (far, most) = run(Some(unwell), 1).await;
        let ratio = far.duration_ms as f64 / round_trip as f64;
        let work = far.duration_ms.saturating_sub(near.duration_ms) as f64 / round_trip as f64;
        println!(
            "{round_trip} ms: {} ms, {ratio:.0} round trips ({work:.0} without the work), {most} requests at once",
            far.duration_ms
        );
        assert_eq!(verdicts(&near), verdicts(&far));
    }
}
