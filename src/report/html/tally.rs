//! How often each verdict occurs: bars, legends and filters.

use serde::Serialize;

use crate::record::{Counts, Verdict};
use crate::report::phrases;

/// How often a verdict occurs.
#[derive(Debug, Serialize)]
pub(in crate::report) struct Tally {
    /// The name of the verdict in classes and data.
    pub verdict: &'static str,
    /// The word for a person.
    pub word: &'static str,
    /// Tells the verdict from the others without its colour.
    pub sign: &'static str,
    pub number: usize,
}

/// The order of bars, legends and lists: what is to be acted on first.
pub(super) const ORDER: [Verdict; 8] = [
    Verdict::Fail,
    Verdict::Error,
    Verdict::Blocked,
    Verdict::Warn,
    Verdict::Pass,
    Verdict::Unsupported,
    Verdict::Untested,
    Verdict::Skipped,
];

/// The position of a verdict in lists.
pub(super) fn rank(verdict: Verdict) -> usize {
    let position = ORDER.iter().position(|one| *one == verdict);
    position.unwrap_or(ORDER.len())
}

/// The verdicts that occur, in the order of lists.
pub(in crate::report) fn bar(counts: Counts) -> Vec<Tally> {
    let occurs = |verdict: Verdict| {
        let number = counts.get(verdict);
        (number > 0).then(|| Tally {
            verdict: verdict.name(),
            word: phrases::verdict(verdict),
            sign: phrases::sign(verdict),
            number,
        })
    };
    ORDER.into_iter().filter_map(occurs).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verdict_has_its_place() {
        let counts = Counts::of(Verdict::ALL);
        assert_eq!(bar(counts).len(), Verdict::ALL.len());
    }
}
