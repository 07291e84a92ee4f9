//! Where the time of a run went, of the evidence of its cases and set-ups.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use crate::engine::context::RunContext;
use crate::engine::evidence::Evidence;
use crate::engine::plan::{Instance, Plan};
use crate::engine::shared_fixtures::FixtureSetup;
use crate::record::{ChainLink, InFlight, Phase, Timings, millis};

/// A case, or a set-up, in time.
struct Span<'a> {
    id: String,
    from: Instant,
    until: Instant,
    requests: usize,
    set_up: bool,
    serial: bool,
    /// What it may have waited for: set-ups, and the cases that probe the features that it needs.
    after: Vec<&'a str>,
    took_ms: u64,
}

/// The timings of the cases and set-ups of a run.
pub fn timings(
    context: &RunContext,
    plan: &Plan,
    evidence: &HashMap<Arc<str>, Evidence>,
    cleanup_ms: u64,
) -> Timings {
    let set_ups = context.fixtures.all();
    let mut spans: Vec<Span<'_>> = set_ups.iter().filter_map(|one| of_set_up(one)).collect();
    spans.extend(plan.chosen.iter().filter_map(|instance| {
        let evidence = evidence.get(&instance.id)?;
        of_case(plan, instance, evidence)
    }));
    let parallel = spans.iter().filter(|span| !span.set_up && !span.serial);
    let serial = spans.iter().filter(|span| span.serial);
    let phases = vec![
        Phase::new("set-ups", length(spans.iter().filter(|span| span.set_up))),
        Phase::new("cases", length(parallel)),
        Phase::new("serial cases", serial.map(|span| span.took_ms).sum()),
        Phase::new("cleanup", cleanup_ms),
    ];
    let (interval_ms, most) = context.target.load();
    Timings {
        phases,
        consistency_waits_ms: millis(context.consistency.paused()),
        longest_chain: longest_chain(&spans),
        in_flight: InFlight { interval_ms, most },
    }
}

fn of_set_up<'a>(setup: &FixtureSetup) -> Option<Span<'a>> {
    Some(Span {
        id: setup.id.clone(),
        from: setup.at.checked_sub(setup.evidence.took)?,
        until: setup.at,
        requests: setup.evidence.requests,
        set_up: true,
        serial: false,
        after: Vec::new(),
        took_ms: millis(setup.evidence.took),
    })
}

/// None where the case was not run.
fn of_case<'a>(plan: &'a Plan, instance: &'a Instance, evidence: &'a Evidence) -> Option<Span<'a>> {
    let (from, until) = evidence.ran?;
    let needed = instance.awaits().filter_map(|need| plan.probes.get(need));
    let set_ups = evidence.set_ups.iter().map(String::as_str);
    Some(Span {
        id: instance.id.to_string(),
        from,
        until,
        requests: evidence.requests,
        set_up: false,
        serial: instance.case.serial,
        after: set_ups.chain(needed.map(|probe| &**probe)).collect(),
        took_ms: millis(evidence.took),
    })
}

/// From the beginning of the first span to the end of the last, in milliseconds.
fn length<'s, 'a: 's>(spans: impl Iterator<Item = &'s Span<'a>> + Clone) -> u64 {
    let from = spans.clone().map(|span| span.from).min();
    let until = spans.map(|span| span.until).max();
    match (from, until) {
        (Some(from), Some(until)) => millis(until.saturating_duration_since(from)),
        _ => 0,
    }
}

/// The chain that leads to the span which ends last: before each is the last that it waited for.
fn longest_chain(spans: &[Span<'_>]) -> Vec<ChainLink> {
    let Some(first) = spans.iter().map(|span| span.from).min() else {
        return Vec::new();
    };
    let mut chain = Vec::new();
    let mut next = spans.iter().max_by_key(|span| span.until);
    while let Some(span) = next.filter(|_| chain.len() < spans.len()) {
        chain.push(ChainLink {
            id: span.id.clone(),
            from_ms: millis(span.from.saturating_duration_since(first)),
            took_ms: span.took_ms,
            requests: span.requests as u64,
        });
        let waited_for = |other: &&Span<'_>| match span.serial {
            // Its steps wait until other cases are over.
            true => !other.set_up && !other.serial,
            false => span.after.contains(&other.id.as_str()),
        };
        let mut before: Vec<&Span<'_>> = spans.iter().filter(waited_for).collect();
        before.retain(|other| other.until < span.until);
        next = before.into_iter().max_by_key(|other| other.until);
    }
    chain.reverse();
    chain
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_chain_leads_to_the_span_that_ends_last() {
        let start = Instant::now();
        let span = |id: &str, from: u64, until: u64, after: &[&'static str]| Span {
            id: id.to_owned(),
            from: start + Duration::from_millis(from),
            until: start + Duration::from_millis(until),
            requests: 3,
            set_up: id.starts_with("set-up"),
            serial: false,
            after: after.to_vec(),
            took_ms: until - from,
        };
        let spans = [
            span("probe", 0, 10, &[]),
            span("set-up-image", 10, 30, &["probe"]),
            span("other", 0, 50, &[]),
            span("last", 12, 60, &["set-up-image", "probe"]),
        ];
        let chain = longest_chain(&spans);
        let ids: Vec<&str> = chain.iter().map(|link| link.id.as_str()).collect();
        assert_eq!(ids, ["probe", "set-up-image", "last"]);
        assert_eq!(chain.last().map(|link| link.from_ms), Some(12));
        assert_eq!(length(spans.iter()), 60);
        assert!(longest_chain(&[]).is_empty());
    }
}
