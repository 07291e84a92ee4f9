//! Requirements that presume others: where the order of a list is wrong, an expectation about the tag that follows another has
//! no meaning. The catalogue says which (`presumes`).

use std::collections::HashMap;

use super::{Case, CheckVerdict};
use crate::catalogue::Catalogue;

/// Blocks each violation of a requirement that presumes another one, if one of these cases, or one of `others`, found that one
/// violated too, and at least as badly: a warning hides no failure.
pub fn block_presuming(cases: &mut [Case], others: &[Case], catalogue: &Catalogue) {
    let keepers = keepers(others.iter().chain(cases.iter()));
    for case in cases.iter_mut() {
        for check in case
            .checks
            .iter_mut()
            .filter(|check| check.verdict.is_broken())
        {
            let presumed = catalogue.get(&check.requirement);
            let mut presumed = presumed.into_iter().flat_map(|one| &one.presumes);
            let found = presumed.find_map(|id| Some((id, keepers.get(id.as_str())?)));
            let Some((presumed, (keeper, verdict))) = found else {
                continue;
            };
            if check.verdict == CheckVerdict::Fail && *verdict != CheckVerdict::Fail {
                continue;
            }
            check.verdict = CheckVerdict::Blocked;
            let requirement = &check.requirement;
            let note = format!("blocked by {keeper}: {requirement} presumes {presumed}");
            if !case.notes.contains(&note) {
                case.notes.push(note);
            }
            if *keeper != case.id {
                case.blocked_by.get_or_insert_with(|| keeper.clone());
            }
        }
    }
}

/// For each violated requirement, the first case that found it, by a check of its own if there is one, and the worst verdict.
fn keepers<'a>(cases: impl Iterator<Item = &'a Case>) -> HashMap<String, (String, CheckVerdict)> {
    let checks = cases.flat_map(|case| case.checks.iter().map(move |check| (case, check)));
    let broken = checks.filter(|(_, check)| check.verdict.is_broken());
    let (own, of_procedures): (Vec<_>, Vec<_>) =
        broken.partition(|(_, check)| check.via_procedure.is_none());
    let mut keepers: HashMap<String, (String, CheckVerdict)> = HashMap::new();
    for (case, check) in own.into_iter().chain(of_procedures) {
        let keeper = keepers
            .entry(check.requirement.clone())
            .or_insert_with(|| (case.id.clone(), check.verdict));
        if check.verdict == CheckVerdict::Fail && keeper.1 != CheckVerdict::Fail {
            *keeper = (case.id.clone(), check.verdict);
        }
    }
    keepers
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
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
