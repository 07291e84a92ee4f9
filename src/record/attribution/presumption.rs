//! Requirements that presume others: where the order of a list is wrong, an expectation about the tag that follows another has
//! no meaning. The catalogue says which (`presumes`).

use std::collections::HashMap;

use crate::catalogue::Catalogue;
use crate::record::{Case, CheckVerdict, Stop};

/// Blocks each violation of a requirement that presumes another one, if one of these cases, or one of `others`, found that one
/// violated too, and at least as badly: a warning hides no failure.
///
/// A warning leaves a verdict: what it makes meaningless is no check, as in one step (`matching::relevance`). So a run whose
/// only violations are warnings has no case that a warning blocks.
pub fn block_presuming(cases: &mut [Case], others: &[Case], catalogue: &Catalogue) {
    let owners = owners(others.iter().chain(cases.iter()));
    for case in cases.iter_mut() {
        let mut meaningless = Vec::new();
        let mut notes = Vec::new();
        for (index, check) in case.checks.iter_mut().enumerate() {
            let presumed = catalogue.get(&check.requirement);
            let presumed = presumed.filter(|_| check.verdict.is_broken());
            let mut presumed = presumed.into_iter().flat_map(|one| &one.presumes);
            let as_bad = [check.verdict, CheckVerdict::Fail];
            let found = presumed.find_map(|id| {
                let owner = owners.get(id.as_str());
                Some((id, owner.filter(|(_, verdict)| as_bad.contains(verdict))?))
            });
            let Some((presumed, (owner, verdict))) = found else {
                continue;
            };
            check.verdict = CheckVerdict::Blocked;
            let (requirement, warns) = (&check.requirement, *verdict == CheckVerdict::Warn);
            let word = if warns { "not judged" } else { "blocked" };
            let note = format!("{word} by {owner}: {requirement} presumes {presumed}");
            if warns {
                meaningless.push(index);
            } else if *owner != case.id {
                case.blocked_by.get_or_insert_with(|| owner.clone());
            }
            if !notes.contains(&(note.clone(), warns)) {
                notes.push((note, warns));
            }
        }
        for (note, warns) in notes {
            // What is not judged is the reason only where nothing else is.
            match warns && case.reason.is_some() {
                true => case.notes.push(note),
                false => case.explain(note),
            }
        }
        remove_checks(case, &meaningless);
    }
}

/// Removes the checks at these positions, except the one that ended the case: what would have followed is blocked.
fn remove_checks(case: &mut Case, positions: &[usize]) {
    let ended = match case.stopped {
        Some(Stop::Broken(index)) => Some(index),
        _ => None,
    };
    let goes = |index: usize| positions.contains(&index) && ended != Some(index);
    let before = ended.map(|index| (0..index).filter(|at| goes(*at)).count());
    if let (Some(index), Some(before)) = (ended, before) {
        case.stopped = Some(Stop::Broken(index.saturating_sub(before)));
    }
    let mut index = 0..;
    case.checks.retain(|_| !index.next().is_some_and(&goes));
}

/// For each violated requirement, the first case that found it, by a check of its own if there is one, and the worst verdict.
fn owners<'a>(cases: impl Iterator<Item = &'a Case>) -> HashMap<String, (String, CheckVerdict)> {
    let checks = cases.flat_map(|case| case.checks.iter().map(move |check| (case, check)));
    let broken = checks.filter(|(_, check)| check.verdict.is_broken());
    let (own, of_procedures): (Vec<_>, Vec<_>) =
        broken.partition(|(_, check)| check.via_procedure.is_none());
    let mut owners: HashMap<String, (String, CheckVerdict)> = HashMap::new();
    for (case, check) in own.into_iter().chain(of_procedures) {
        let owner = owners
            .entry(check.requirement.clone())
            .or_insert_with(|| (case.id.clone(), check.verdict));
        if check.verdict == CheckVerdict::Fail && owner.1 != CheckVerdict::Fail {
            *owner = (case.id.clone(), check.verdict);
        }
    }
    owners
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::catalogue::{Category, Level};
    use crate::data::{File, Folder};
    use crate::record::{Check, Verdict, attribute};

    const CATALOGUE: &str = r#"
category: discovery
requirements:
  - { id: order, section: tags, level: MUST, says: A., text: { 1.1: ["000000000001"] } }
  - { id: next, section: tags, level: MUST, says: B., presumes: [order], text: { 1.1: ["000000000001"] } }
"#;

    fn case(id: &str, requirement: &str, verdict: CheckVerdict) -> Case {
        let mut case = Case::new(id, "discovery/tags", Category::Discovery, "", "");
        case.checks
            .push(Check::new(requirement, Level::Must, verdict));
        case
    }

    fn verdicts(order: CheckVerdict) -> Vec<Verdict> {
        let file = File::new("requirements/discovery.yaml", CATALOGUE);
        let catalogue = Catalogue::read(&Folder { files: vec![file] }, &mut Default::default());
        assert_eq!(catalogue.get("next").unwrap().presumes, ["order"]);
        let mut cases = vec![
            case("walk", "next", CheckVerdict::Fail),
            case("list", "order", order),
        ];
        block_presuming(&mut cases, &[], &catalogue);
        attribute(&mut cases);
        cases.iter().map(|case| case.verdict).collect()
    }

    #[test]
    fn a_presumed_requirement_keeps_the_failure() {
        let both = [Verdict::Blocked, Verdict::Fail];
        assert_eq!(verdicts(CheckVerdict::Fail), both);
    }

    #[test]
    fn a_warning_or_a_success_blocks_no_failure() {
        let warned = [Verdict::Fail, Verdict::Warn];
        assert_eq!(verdicts(CheckVerdict::Warn), warned);
        let passed = [Verdict::Fail, Verdict::Pass];
        assert_eq!(verdicts(CheckVerdict::Pass), passed);
    }

    #[test]
    fn what_a_warning_makes_meaningless_is_no_check_and_blocks_nothing() {
        let file = File::new("requirements/discovery.yaml", CATALOGUE);
        let catalogue = Catalogue::read(&Folder { files: vec![file] }, &mut Default::default());
        let warn = CheckVerdict::Warn;
        let mut cases = vec![case("walk", "next", warn), case("list", "order", warn)];
        cases[0]
            .checks
            .push(Check::new("other", Level::Must, CheckVerdict::Pass));
        cases.push(case("alone", "next", warn));
        block_presuming(&mut cases, &[], &catalogue);
        attribute(&mut cases);
        let verdicts: Vec<Verdict> = cases.iter().map(|case| case.verdict).collect();
        assert_eq!(verdicts, [Verdict::Pass, Verdict::Warn, Verdict::Untested]);
        let note = "not judged by list: next presumes order";
        assert!(cases[0].notes.iter().any(|one| one == note));
    }

    #[test]
    fn the_check_that_ended_a_case_stays_the_same() {
        let mut one = case("walk", "next", CheckVerdict::Warn);
        one.checks
            .push(Check::new("write", Level::Must, CheckVerdict::Fail));
        one.stopped = Some(Stop::Broken(1));
        remove_checks(&mut one, &[0]);
        assert_eq!(one.stopped, Some(Stop::Broken(0)));
        assert_eq!(one.checks[0].requirement, "write");
        remove_checks(&mut one, &[0]);
        assert_eq!(one.checks.len(), 1);
    }

    #[test]
    fn a_violation_in_a_procedure_and_in_an_earlier_case_counts() {
        let file = File::new("requirements/discovery.yaml", CATALOGUE);
        let catalogue = Catalogue::read(&Folder { files: vec![file] }, &mut Default::default());
        let mut earlier = vec![case("list", "order", CheckVerdict::Fail)];
        for check in earlier.iter_mut().flat_map(|case| &mut case.checks) {
            check.via_procedure = Some("list-tags".to_owned());
        }
        let mut cases = vec![case("every-list", "next", CheckVerdict::Fail)];
        block_presuming(&mut cases, &earlier, &catalogue);
        attribute(&mut cases);
        let blocked_by = cases.iter().map(|case| case.blocked_by.as_deref());
        assert_eq!(blocked_by.collect::<Vec<_>>(), [Some("list")]);
    }
}
