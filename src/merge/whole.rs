//! One record of several.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use super::cases::{Gathered, gather, judge};
use super::fit::{MergeError, Part, ordered};
use crate::record::{
    self, Case, Counts, FeatureState, RequirementResult, Run, Shard, requirement_verdict,
};

/// Makes the parts of one run one. Where a part is missing, what is there is merged: it is said, and the whole
/// cannot be conformant.
///
/// # Errors
/// When the records are not parts of one run, or one of them is there twice.
pub fn merge(parts: &[Part]) -> Result<Run, MergeError> {
    let parts = ordered(parts)?;
    let (first, _) = parts.first().ok_or(MergeError::Nothing)?;
    let Gathered {
        run: mut cases,
        invariants,
        left_out,
        missing,
    } = gather(&parts);
    lacking_once(&mut cases);
    record::settle(&mut cases);
    cases.extend(invariants);
    cases.extend(left_out);
    let requirements = requirements(&parts, &cases);
    let whole = missing.is_empty();
    let interrupted = parts.iter().any(|(part, _)| part.run.interrupted);
    let (started, duration_ms) = span(&parts);
    Ok(Run {
        notes: notes(&parts, missing.len()),
        schema: record::SCHEMA.to_owned(),
        started,
        duration_ms,
        verdict: record::conformance(&cases, first.run.partial || !whole || interrupted),
        interrupted,
        shard: None,
        missing,
        left_behind: parts
            .iter()
            .flat_map(|(part, _)| part.run.left_behind.clone())
            .collect(),
        summary: Counts::of(cases.iter().map(|case| case.verdict)),
        requests: parts.iter().fold(0, |sum: u64, (part, _)| {
            sum.saturating_add(part.run.requests)
        }),
        baseline: None,
        again: None,
        categories: record::categories(&cases, &requirements, whole),
        features: features(&parts, &cases),
        requirements,
        cases,
        ..first.run.clone()
    })
}

/// A feature that a registry should have, and declines, is broken once: in the first case that found out.
fn lacking_once(cases: &mut [Case]) {
    let mut known: HashSet<String> = HashSet::new();
    for case in cases {
        let before = case.checks.len();
        case.checks.retain(|check| {
            check
                .lacks
                .as_ref()
                .is_none_or(|feature| known.insert(feature.clone()))
        });
        if case.checks.len() < before {
            judge(case);
        }
    }
}

/// The requirements that a part tests, each over the cases of all parts.
fn requirements(parts: &[(&Part, &Shard)], cases: &[Case]) -> Vec<RequirementResult> {
    let mut results: IndexMap<&str, RequirementResult> = IndexMap::new();
    let mut tested: HashMap<&str, HashSet<&str>> = HashMap::new();
    for (part, _) in parts {
        let mut at = 0;
        for result in &part.run.requirements {
            let by = tested.entry(&result.id).or_default();
            by.extend(result.cases.iter().map(String::as_str));
            // Each part has them in the order of the catalogue: so has the whole.
            match results.get_index_of(result.id.as_str()) {
                Some(known) => at = known + 1,
                None => {
                    results.shift_insert(at, &result.id, result.clone());
                    at += 1;
                }
            }
        }
    }
    let judged = results.into_values().map(|mut result| {
        let by = tested.get(result.id.as_str());
        let testers: Vec<&Case> = cases
            .iter()
            .filter(|case| by.is_some_and(|by| by.contains(case.id.as_str())))
            .collect();
        result.verdict = requirement_verdict(&result.id, &testers);
        result.cases = testers.iter().map(|case| case.id.clone()).collect();
        result
    });
    judged.collect()
}

/// What the parts together found out. One case that was declined is enough to say that the target does not have
/// a feature; where nothing but another feature's absence speaks against it, one that was not is enough.
fn features(parts: &[(&Part, &Shard)], cases: &[Case]) -> IndexMap<String, FeatureState> {
    let mut states: IndexMap<String, FeatureState> = IndexMap::new();
    for (id, state) in parts.iter().flat_map(|(part, _)| &part.run.features) {
        let known = states.entry(id.clone()).or_insert(*state);
        *known = match (*known, *state) {
            (FeatureState::Supported, _) | (_, FeatureState::Supported) => FeatureState::Supported,
            (FeatureState::Unsupported, _) | (_, FeatureState::Unsupported) => {
                FeatureState::Unsupported
            }
            (FeatureState::Unknown, FeatureState::Unknown) => FeatureState::Unknown,
        };
    }
    for (id, state) in &mut states {
        if cases.iter().any(|case| case.declined.contains(id)) {
            *state = FeatureState::Unsupported;
        }
    }
    states
}

/// When the first part began, and the milliseconds from there to the end of the last.
fn span(parts: &[(&Part, &Shard)]) -> (String, u64) {
    let runs = || parts.iter().map(|(part, _)| &part.run);
    let times: Option<Vec<(OffsetDateTime, OffsetDateTime)>> = runs()
        .map(|run| {
            let start = OffsetDateTime::parse(&run.started, &Rfc3339).ok()?;
            let took = Duration::milliseconds(i64::try_from(run.duration_ms).ok()?);
            Some((start, start.checked_add(took)?))
        })
        .collect();
    let started = runs().map(|run| run.started.as_str()).min();
    let ends = times.and_then(|times| {
        let begin = times.iter().map(|(begin, _)| *begin).min()?;
        let end = times.iter().map(|(_, end)| *end).max()?;
        u64::try_from((end - begin).whole_milliseconds()).ok()
    });
    let longest = runs().map(|run| run.duration_ms).max();
    (
        started.unwrap_or_default().to_owned(),
        ends.or(longest).unwrap_or_default(),
    )
}

/// The notes of all parts, and what is to be known about them.
fn notes(parts: &[(&Part, &Shard)], missing: usize) -> Vec<String> {
    let mut notes: Vec<String> = Vec::new();
    for note in parts.iter().flat_map(|(part, _)| &part.run.notes) {
        if !notes.contains(note) {
            notes.push(note.clone());
        }
    }
    let Some((first, shard)) = parts.first() else {
        return notes;
    };
    let seeds = parts.iter().map(|(part, shard)| {
        let target = &part.run.target;
        format!(
            "{shard} seed {} in {} and {}",
            part.run.seed, target.repo, target.repo2
        )
    });
    let told = |part: &Part| (part.run.seed, part.run.target.repo.clone());
    if parts.iter().any(|(part, _)| told(part) != told(first)) {
        let seeds: Vec<String> = seeds.collect();
        notes.push(format!("merged from parts: {}", seeds.join("; ")));
    } else {
        notes.push(format!("merged from {} of {} parts", parts.len(), shard.of));
    }
    if missing > 0 {
        let absent: Vec<String> = (1..=shard.of)
            .filter(|index| parts.iter().all(|(_, shard)| shard.index != *index))
            .map(|index| format!("{index}/{}", shard.of))
            .collect();
        notes.push(format!(
            "{missing} cases are in none of the parts; missing: {}",
            absent.join(", ")
        ));
    }
    notes
}
