//! Comparing a run with a baseline.

use std::collections::HashSet;

use time::Date;

use super::file::{Baseline, Entry};
use super::names::KnownNames;
use crate::data::suggest;
use crate::record::{BaselineResult, Case, ChangedFailure, KnownFailure, Run, Stale, Verdict};

/// Marks the failures of a run that a baseline expects on a day, and records new failures and stale entries. The
/// verdicts do not change: a known failure is a failure.
pub fn apply(run: &mut Run, baseline: &Baseline, today: Date) {
    let has_expired = |entry: &&Entry| entry.expires.is_some_and(|last| last < today);
    let (expired, valid): (Vec<&Entry>, Vec<&Entry>) =
        baseline.entries.iter().partition(has_expired);
    for case in &mut run.cases {
        case.known = expected(case, &valid);
    }
    blocked_by_known(&mut run.cases);
    let used: HashSet<&str> = run
        .cases
        .iter()
        .filter_map(|case| case.known.as_ref())
        .map(|known| known.entry.as_str())
        .collect();
    let mut result = BaselineResult {
        file: baseline.name.clone(),
        expired: expired.iter().map(|entry| entry.id.clone()).collect(),
        ..BaselineResult::default()
    };
    let changed = run.cases.iter().filter(|case| case.known.is_none());
    result.changed = changed
        .filter_map(|case| changed_failure(case, &valid))
        .collect();
    if let Some(names) = &baseline.names {
        let unknown = unknown_requirements(run, &baseline.name, &valid, names);
        run.notes.extend(unknown);
    }
    for entry in valid {
        if used.contains(entry.id.as_str()) {
            continue;
        }
        match state(run, entry, baseline.names.as_ref()) {
            State::Undecided => {}
            State::Passes if entry.flaky => result.flaky.push(entry.id.clone()),
            State::Passes => result.stale.push(Stale {
                entry: entry.id.clone(),
                why: "it no longer fails".to_owned(),
            }),
            State::Unmatched => result.stale.push(Stale {
                entry: entry.id.clone(),
                why: unmatched(run, &entry.id, baseline.names.as_ref()),
            }),
        }
    }
    for case in &run.cases {
        let bad = matches!(
            case.verdict,
            Verdict::Fail | Verdict::Error | Verdict::Blocked
        );
        if case.known.is_some() {
            result.known.push(case.id.clone());
        } else if bad {
            result.new.push(case.id.clone());
        }
    }
    run.notes.push(note(&result));
    run.baseline = Some(result);
}

/// The entry that expects the verdict of a case.
fn expected(case: &Case, entries: &[&Entry]) -> Option<KnownFailure> {
    let violated = case.violated();
    let by_case = entries.iter().find(|entry| {
        let within = violated.iter().all(|id| entry.violates.contains(id));
        let fails = match case.verdict {
            Verdict::Fail | Verdict::Warn => entry.violates.is_empty() || within,
            Verdict::Error => entry.violates.is_empty(),
            Verdict::Blocked => true,
            Verdict::Pass | Verdict::Unsupported | Verdict::Skipped | Verdict::Untested => false,
        };
        fails && names(entry, case)
    });
    let of = |id: &String| entries.iter().find(|entry| entry.id == *id);
    let by_requirement = || {
        let every = !violated.is_empty() && violated.iter().all(|id| of(id).is_some());
        violated.first().filter(|_| every).and_then(of)
    };
    by_case.or_else(by_requirement).map(|entry| KnownFailure {
        entry: entry.id.clone(),
        reason: entry.reason.clone(),
        flaky: entry.flaky,
    })
}

/// What is new about a case of which entries expect a part: of its own entry, or of the requirements that it violates.
fn changed_failure(case: &Case, entries: &[&Entry]) -> Option<ChangedFailure> {
    let violated = case.violated();
    let expecting = |id: &String| {
        entries
            .iter()
            .find(|entry| entry.id == *id || (names(entry, case) && entry.violates.contains(id)))
    };
    let entry = violated.iter().find_map(expecting)?;
    let (entry, new) = (entry.id.clone(), |id: &&String| expecting(id).is_none());
    Some(ChangedFailure {
        case: case.id.clone(),
        entry,
        violates: violated.iter().filter(new).cloned().collect(),
    })
}

/// Whether an entry names a case: with its values, or without.
fn names(entry: &Entry, case: &Case) -> bool {
    case.id == entry.id || case.id.split('/').next() == Some(entry.id.as_str())
}

/// A case that a known failure blocks, perhaps through other cases, is known too.
fn blocked_by_known(cases: &mut [Case]) {
    let blocked = |case: &Case| case.verdict == Verdict::Blocked && case.known.is_none();
    let behind = |case: &Case| case.blockers(cases).find_map(|one| one.known.clone());
    let known: Vec<Option<KnownFailure>> = cases
        .iter()
        .map(|case| blocked(case).then(|| behind(case)).flatten())
        .collect();
    for (case, known) in cases.iter_mut().zip(known) {
        case.known = case.known.take().or(known);
    }
}

enum State {
    /// What it names passes, or is unsupported.
    Passes,
    /// There is nothing of this name.
    Unmatched,
    /// The run does not show it: it was skipped, has no verdict, or fails in another way.
    Undecided,
}

fn state(run: &Run, entry: &Entry, names_known: Option<&KnownNames>) -> State {
    let cases = run.cases.iter().filter(|case| names(entry, case));
    let requirement = run.requirements.iter().filter(|one| one.id == entry.id);
    let verdicts: Vec<Verdict> = cases
        .map(|case| case.verdict)
        .chain(requirement.map(|one| one.verdict))
        .collect();
    if run
        .cases
        .iter()
        .any(|case| case.flaky && names(entry, case))
    {
        return State::Undecided;
    }
    let passes = |verdict: &Verdict| matches!(verdict, Verdict::Pass | Verdict::Unsupported);
    // What only blocks others for this entry's requirement was never asked for itself.
    if !verdicts.is_empty() {
        return match verdicts.iter().all(passes) {
            true => State::Passes,
            false => State::Undecided,
        };
    }
    let whole = !run.partial && !run.interrupted;
    let misspelt = names_known.is_some_and(|names| !names.has(&entry.id));
    match whole || misspelt {
        true => State::Unmatched,
        false => State::Undecided,
    }
}

fn unmatched(run: &Run, id: &str, names: Option<&KnownNames>) -> String {
    let cases = run.cases.iter().map(|case| case.id.as_str());
    // An entry may name a case without its values.
    let cases = cases.flat_map(|id| [id.split('/').next().unwrap_or(id), id]);
    let requirements = run.requirements.iter().map(|one| one.id.as_str());
    let others = names.into_iter().flat_map(KnownNames::all);
    match suggest(id, cases.chain(requirements).chain(others)) {
        Some(meant) => {
            format!("no case or requirement of the run has this name; is `{meant}` meant?")
        }
        None => "no case or requirement of the run has this name".to_owned(),
    }
}

/// A sentence for each requirement that an entry names and neither the catalogue nor the run has.
fn unknown_requirements(
    run: &Run,
    file: &str,
    entries: &[&Entry],
    names: &KnownNames,
) -> Vec<String> {
    let in_run = |id: &str| run.requirements.iter().any(|one| one.id == id);
    let mut notes = Vec::new();
    for entry in entries {
        let named = entry.violates.iter();
        for id in named.filter(|id| !names.has_requirement(id) && !in_run(id)) {
            notes.push(format!(
                "the entry `{}` of the baseline {file} names the requirement `{id}`, which does not exist{}",
                entry.id,
                names.meant(id)
            ));
        }
    }
    notes
}

fn note(result: &BaselineResult) -> String {
    let mut parts = vec![
        format!("{} known", result.known.len()),
        format!("{} new", result.new.len()),
    ];
    for (number, what) in [
        (result.stale.len(), "stale"),
        (result.flaky.len(), "flaky and passing"),
        (result.expired.len(), "expired"),
    ] {
        if number > 0 {
            parts.push(format!("{number} {what}"));
        }
    }
    format!(
        "compared with the baseline {}: {}",
        result.file,
        parts.join(", ")
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use time::Month;

    use super::*;
    use crate::record::BaselineResult;
    use crate::report::sample;

    fn applied(text: &str) -> (Run, BaselineResult) {
        let mut run = sample::all_states();
        let today = Date::from_calendar_date(2026, Month::June, 1).unwrap();
        let baseline = Baseline::parse("b.yaml", text).unwrap();
        apply(&mut run, &baseline, today);
        let result = run.baseline.clone().unwrap();
        (run, result)
    }

    fn stale(result: &BaselineResult) -> Vec<&str> {
        result.stale.iter().map(|one| one.entry.as_str()).collect()
    }

    #[test]
    fn a_case_is_known_as_far_as_its_entry_says() {
        let (run, result) = applied(
            "known:\n  - id: chunk-hostile\n    reason: quay#1\n  - id: odd-manifest\n    violates: [manifest-get-content]\n",
        );
        assert_eq!(result.known, ["chunk-hostile"]);
        // It violates manifest-get-status too.
        assert!(result.new.contains(&"odd-manifest".to_owned()));
        let changed = result.changed("odd-manifest").unwrap();
        assert_eq!(changed.entry, "odd-manifest");
        assert_eq!(changed.violates, ["manifest-get-status"]);
        assert!(result.stale.is_empty(), "{result:?}");
        let known = run.cases.iter().find_map(|case| case.known.clone());
        assert_eq!(known.unwrap().reason, "quay#1");
    }

    #[test]
    fn what_a_known_failure_blocks_through_another_case_is_known() {
        let mut run = sample::blocked_by_one();
        let first = run.cases.iter().position(|case| case.blocked_by.is_some());
        let (first, last) = (first.unwrap(), run.cases.len() - 1);
        let by = run.cases.get(first).unwrap().id.clone();
        let last = run.cases.get_mut(last).unwrap();
        last.blocked_by = Some(by);
        let last = last.id.clone();
        let baseline = Baseline::parse("b.yaml", "known:\n  - id: push-small-image\n").unwrap();
        let today = Date::from_calendar_date(2026, Month::June, 1).unwrap();
        apply(&mut run, &baseline, today);
        let result = run.baseline.unwrap();
        assert!(result.known.contains(&last), "{last}: {result:?}");
    }

    #[test]
    fn a_requirement_covers_the_cases_that_break_nothing_else() {
        let (_, result) = applied("known:\n  - id: chunk-order\n  - id: manifest-get-content\n");
        assert!(result.known.len() >= 3, "{result:?}");
        let changed: Vec<&str> = result.changed.iter().map(|one| one.case.as_str()).collect();
        assert_eq!(changed, ["odd-manifest"]);
        assert!(result.new.contains(&"odd-manifest".to_owned()));
    }

    #[test]
    fn what_passes_or_matches_nothing_is_stale_and_flaky_ones_are_not() {
        let (_, result) = applied(
            "known:\n  - id: manifest-by-digest\n  - id: chunk-hostil\n  - id: error-body\n    flaky: true\n  - id: tag-delete-again\n",
        );
        assert_eq!(stale(&result), ["manifest-by-digest", "chunk-hostil"]);
        let why = result.stale.last().unwrap().why.clone();
        assert!(why.contains("is `chunk-hostile` meant?"), "{why}");
        assert_eq!(result.flaky, ["error-body"]);
    }

    #[test]
    fn an_entry_expires_after_its_day() {
        let (_, result) = applied(
            "known:\n  - id: chunk-hostile\n    expires: 2026-05-31\n  - id: manifest-put\n    expires: 2026-06-01\n",
        );
        assert_eq!(result.expired, ["chunk-hostile"]);
        assert!(result.new.contains(&"chunk-hostile".to_owned()));
        assert!(result.known.contains(&"manifest-put".to_owned()));
    }

    #[test]
    fn a_part_tells_a_misspelt_name_from_what_it_did_not_run() {
        let mut run = sample::all_states();
        run.partial = true;
        let names = |all: &[&str]| all.iter().map(|name| (*name).to_owned()).collect();
        let names = KnownNames {
            cases: names(&["blob-by-digest", "elsewhere"]),
            requirements: names(&["blob-get-status"]),
        };
        let text = "known:\n  - id: elsewhere\n  - id: blob-by-digst\n  - id: set-up-tea\n  - id: chunk-hostile\n    violates: [chunk-order, blob-get-statuss]\n";
        let baseline = Baseline::parse("b.yaml", text).unwrap().with_names(names);
        let today = Date::from_calendar_date(2026, Month::June, 1).unwrap();
        apply(&mut run, &baseline, today);
        let result = run.baseline.unwrap();
        assert_eq!(stale(&result), ["blob-by-digst"]);
        let why = result.stale.first().map(|one| one.why.clone()).unwrap();
        assert!(why.contains("is `blob-by-digest` meant?"), "{why}");
        let note = "the entry `chunk-hostile` of the baseline b.yaml names the requirement `blob-get-statuss`, which does not exist: did you mean `blob-get-status`?";
        assert_eq!(run.notes.iter().filter(|one| *one == note).count(), 1);
        let about = run
            .notes
            .iter()
            .filter(|one| one.contains("does not exist"));
        assert_eq!(about.count(), 1, "{:?}", run.notes);
    }

    #[test]
    fn a_part_does_not_call_stale_what_it_did_not_run() {
        let mut run = sample::all_states();
        run.partial = true;
        let baseline = Baseline::parse("b.yaml", "known:\n  - id: elsewhere\n").unwrap();
        let today = Date::from_calendar_date(2026, Month::June, 1).unwrap();
        apply(&mut run, &baseline, today);
        assert!(run.baseline.unwrap().stale.is_empty());
    }
}
