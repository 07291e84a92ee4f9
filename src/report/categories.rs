//! The categories of a run as every report shows them: the verdict, and the requirements that it comes from.

use super::phrases;
use crate::catalogue::Category;
use crate::record::{CategoryResult, Counts, Run};

/// A category of which a case was selected.
#[derive(Debug, Clone, Copy)]
pub(super) struct CategoryRow<'a> {
    pub category: Category,
    /// Its verdict, and its cases.
    pub result: &'a CategoryResult,
    /// Its requirements, which cases of other categories may test too: the verdict is theirs.
    pub requirements: Counts,
}

/// The categories that have a case, in order.
pub(super) fn categories(run: &Run) -> Vec<CategoryRow<'_>> {
    let selected = run.categories.iter();
    let selected = selected.filter(|(_, result)| result.counts.total() > 0);
    selected
        .map(|(category, result)| {
            let within = run.requirements.iter().filter(|r| r.category == *category);
            CategoryRow {
                category: *category,
                result,
                requirements: Counts::of(within.map(|requirement| requirement.verdict)),
            }
        })
        .collect()
}

impl CategoryRow<'_> {
    /// The words in place of the verdict. Cases of other categories may have tested something of a category that none of its
    /// own did.
    pub(super) fn in_place_of_verdict(&self) -> Option<&'static str> {
        let own = phrases::tested(self.result.counts) > 0;
        let fits = own || phrases::tested(self.requirements) == 0;
        phrases::in_place_of_verdict(self.result).filter(|_| fits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Conformance, Verdict};
    use crate::report::sample;

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
