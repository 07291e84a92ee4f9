//! What failed in an earlier run, run again: what became of it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Case, Run, Verdict};

/// An earlier run whose failures were run again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RerunComparison {
    /// The earlier report's file, as the user named it.
    pub report: String,
    /// When the earlier run began.
    pub started: String,
    /// Each case that did not end well in it, in its order.
    pub cases: Vec<RerunCase>,
    /// Cases that were run beside them, fail now, and did not fail then.
    #[serde(default)]
    pub new: Vec<String>,
}

/// A case that did not end well in the earlier run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RerunCase {
    /// The case.
    pub id: String,
    /// What became of it.
    pub became: RerunOutcome,
    /// Its verdict then.
    pub then: Verdict,
    /// Its verdict now; nothing where it was not run.
    pub now: Option<Verdict>,
    /// The requirements that it broke then.
    #[serde(default)]
    pub broke: Vec<String>,
    /// The requirements that it breaks now.
    #[serde(default)]
    pub breaks: Vec<String>,
}

/// What became of a case that did not end well.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum RerunOutcome {
    /// It comes to the same verdict.
    Still,
    /// It comes to another verdict, and does not pass.
    Other,
    /// It was not run: the suites have no case of this name in this version, or the user left it out.
    Gone,
    /// It passes.
    Fixed,
}

impl RerunOutcome {
    /// Each, in the order in which reports tell of them: what is to be acted on first.
    pub const ALL: [Self; 4] = [Self::Still, Self::Other, Self::Gone, Self::Fixed];

    /// The word for it in every report.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Still => "still",
            Self::Other => "other",
            Self::Gone => "gone",
            Self::Fixed => "fixed",
        }
    }
}

impl RerunComparison {
    /// The cases that became this.
    pub fn those(&self, became: RerunOutcome) -> impl Iterator<Item = &RerunCase> {
        self.cases.iter().filter(move |case| case.became == became)
    }
}

/// Whether a case did not end well: what is run again.
pub const fn is_bad(verdict: Verdict) -> bool {
    matches!(
        verdict,
        Verdict::Fail | Verdict::Warn | Verdict::Blocked | Verdict::Error
    )
}

/// What became in a run of each case that did not end well in an earlier one.
pub fn rerun(report: String, earlier: &Run, run: &Run) -> RerunComparison {
    let find = |id: &str| run.cases.iter().find(|case| case.id == id);
    let bad = earlier.cases.iter().filter(|case| is_bad(case.verdict));
    let cases: Vec<RerunCase> = bad.map(|then| became(then, find(&then.id))).collect();
    let failed = |id: &str| cases.iter().any(|case| case.id == id);
    let fails = run
        .cases
        .iter()
        .filter(|case| case.verdict == Verdict::Fail);
    let new = fails.filter(|case| !failed(&case.id));
    RerunComparison {
        report,
        started: earlier.started.clone(),
        new: new.map(|case| case.id.clone()).collect(),
        cases,
    }
}

fn became(then: &Case, now: Option<&Case>) -> RerunCase {
    let now = now.filter(|case| case.verdict != Verdict::Skipped);
    RerunCase {
        id: then.id.clone(),
        became: match now.map(|case| case.verdict) {
            None => RerunOutcome::Gone,
            Some(Verdict::Pass) => RerunOutcome::Fixed,
            Some(verdict) if verdict == then.verdict => RerunOutcome::Still,
            Some(_) => RerunOutcome::Other,
        },
        then: then.verdict,
        now: now.map(|case| case.verdict),
        broke: then.breaks(),
        breaks: now.map(Case::breaks).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn each_that_did_not_end_well_became_something() {
        let earlier = sample::all_states();
        let mut now = earlier.clone();
        for case in &mut now.cases {
            match case.id.as_str() {
                "blob-range" => case.verdict = Verdict::Pass,
                "tag-order" => case.verdict = Verdict::Unsupported,
                "tag-pages" => case.verdict = Verdict::Skipped,
                "manifest-by-digest" => case.verdict = Verdict::Fail,
                _ => {}
            }
        }
        now.cases.retain(|case| case.id != "chunk-hostile");
        let rerun = rerun("r.json".to_owned(), &earlier, &now);
        let those = |became| -> Vec<&str> { rerun.those(became).map(|c| c.id.as_str()).collect() };
        assert_eq!(those(RerunOutcome::Fixed), ["blob-range"]);
        assert_eq!(those(RerunOutcome::Other), ["tag-order"]);
        assert_eq!(those(RerunOutcome::Gone), ["chunk-hostile", "tag-pages"]);
        assert_eq!(those(RerunOutcome::Still).len(), 4);
        assert_eq!(rerun.new, ["manifest-by-digest"]);
    }
}
