//! The donut at the top of the page: all requirements by their verdict.

use serde::Serialize;

use super::tally::{Tally, bar};
use crate::record::{Counts, Run};
use crate::report::phrases;

/// Arcs of a circle whose circumference is 100.
#[derive(Debug, Serialize)]
pub(super) struct Donut {
    arcs: Vec<Arc>,
    met: usize,
    /// How many requirements were tested: none that is unsupported, skipped or not exercised.
    tested: usize,
    label: String,
}

/// A part of the donut.
#[derive(Debug, Serialize)]
struct Arc {
    verdict: &'static str,
    /// Its length, and where it begins, in hundredths of the whole.
    length: String,
    offset: String,
}

/// The gap between two arcs.
const GAP: f64 = 0.7;

impl Donut {
    pub(super) fn of(run: &Run) -> Self {
        let counts = Counts::of(run.requirements.iter().map(|result| result.verdict));
        let legend = bar(counts);
        let tested = phrases::tested(counts);
        Self {
            arcs: arcs(&legend, counts.total()),
            met: counts.pass,
            tested,
            label: format!(
                "{} of {} are met. All: {}",
                counts.pass,
                phrases::count(tested, "tested requirement"),
                phrases::counts(counts)
            ),
        }
    }
}

// Numbers of requirements are far below the precision of a float.
#[allow(clippy::cast_precision_loss)]
fn arcs(legend: &[Tally], total: usize) -> Vec<Arc> {
    let total = total.max(1) as f64;
    let gap = if legend.len() > 1 { GAP } else { 0.0 };
    let mut begin = 0.0;
    let mut arcs = Vec::new();
    for tally in legend {
        let share = tally.number as f64 * 100.0 / total;
        arcs.push(Arc {
            verdict: tally.verdict,
            length: format!("{:.2}", (share - gap).max(0.4)),
            offset: format!("{:.2}", -begin),
        });
        begin += share;
    }
    arcs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Verdict;
    use crate::report::sample;

    #[test]
    fn one_verdict_is_the_whole_circle() {
        let donut = Donut::of(&sample::all_pass());
        let lengths: Vec<&str> = donut.arcs.iter().map(|arc| arc.length.as_str()).collect();
        assert_eq!(lengths, ["100.00"]);
        assert_eq!(donut.met, donut.tested);
    }

    #[test]
    fn what_was_left_out_is_not_tested() {
        let mut run = sample::all_pass();
        let left_out = [Verdict::Unsupported, Verdict::Untested, Verdict::Skipped];
        for (result, verdict) in run.requirements.iter_mut().zip(left_out) {
            result.verdict = verdict;
        }
        let donut = Donut::of(&run);
        assert_eq!(donut.tested, run.requirements.len() - left_out.len());
    }
}
