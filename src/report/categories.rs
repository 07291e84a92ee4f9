//! The categories of a run as every report shows them: the verdict, and the requirements that it comes from.

use super::phrases;
use crate::catalogue::Category;
use crate::record::{CategoryResult, Conformance, Counts, Run};

/// A category of which a case was selected, or a requirement was tested.
#[derive(Debug, Clone, Copy)]
pub(super) struct CategoryRow<'a> {
    pub category: Category,
    /// Its verdict, and its cases.
    pub result: &'a CategoryResult,
    /// Its requirements, which cases of other categories may test too: the verdict is theirs.
    pub requirements: Counts,
}

/// The categories that have a case, or a requirement that a case of another category tests, in order.
pub(super) fn categories(run: &Run) -> Vec<CategoryRow<'_>> {
    let rows = run.categories.iter().map(|(category, result)| {
        let within = run.requirements.iter().filter(|r| r.category == *category);
        CategoryRow {
            category: *category,
            result,
            requirements: Counts::of(within.map(|requirement| requirement.verdict)),
        }
    });
    let has_evidence = |row: &CategoryRow<'_>| {
        let Counts {
            pass, fail, warn, ..
        } = row.requirements;
        row.result.counts.total() > 0 || pass + fail + warn > 0
    };
    rows.filter(has_evidence).collect()
}

impl CategoryRow<'_> {
    /// The words in place of the verdict. Cases of other categories may have tested something of a category that none of its
    /// own did.
    pub(super) fn in_place_of_verdict(&self) -> Option<&'static str> {
        let (own, requirements) = (self.result.counts, self.requirements);
        if phrases::tested(own) > 0 || phrases::tested(requirements) == 0 {
            return phrases::in_place_of_verdict(self.result);
        }
        let open = requirements.fail + requirements.blocked + requirements.error > 0;
        let left_out = self.result.verdict == Conformance::Inconclusive && !open;
        left_out.then_some("not all tested")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Verdict;
    use crate::report::sample;

    #[test]
    fn a_category_has_a_row_if_only_cases_of_others_test_it() {
        let mut run = sample::all_states();
        for result in run.categories.values_mut() {
            result.counts = Counts::default();
            result.verdict = match result.verdict {
                Conformance::NonConformant => Conformance::NonConformant,
                _ => Conformance::Inconclusive,
            };
        }
        let rows = categories(&run);
        let words = |verdict: Verdict| -> Vec<Option<&str>> {
            let rows = rows.iter();
            rows.filter(|row| row.requirements.get(verdict) > 0)
                .map(CategoryRow::in_place_of_verdict)
                .collect()
        };
        let violated = words(Verdict::Fail);
        assert!(!violated.is_empty() && violated.iter().all(Option::is_none));
        let met = words(Verdict::Pass);
        assert!(met.contains(&Some("not all tested")), "{met:?}");
    }

    #[test]
    fn a_row_shows_the_requirements_that_its_verdict_comes_from() {
        let run = sample::all_states();
        for row in categories(&run) {
            let violated = row.requirements.get(Verdict::Fail) > 0;
            let verdict = row.result.verdict;
            assert_eq!(
                verdict == Conformance::NonConformant,
                violated,
                "{:?}",
                row.category
            );
        }
    }
}
