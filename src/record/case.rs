//! A case as it went: its checks, and the exchanges that show them.

use serde::{Deserialize, Serialize};

use super::attribution::FailureOwner;
use super::{Attempt, Check, CheckVerdict, Exchange, KnownFailure, Verdict};
use crate::catalogue::Category;

/// The suite of set-ups: pushes of shared fixtures, reported as cases.
pub const SET_UP: &str = "set-up";

/// How the name begins under which a feature that is left out, and was required, is reported as a failure.
pub const REQUIRED: &str = "required-";

/// A case of the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Case {
    /// Its stable name: selector, JUnit name and anchor.
    pub id: String,
    /// The suite that holds it (`push/chunked`).
    pub suite: String,
    /// The category that it counts in.
    pub category: Category,
    /// The rule that it tests, in a sentence.
    pub title: String,
    /// The section of the specification it belongs to: an anchor of its text.
    #[serde(default)]
    pub section: String,
    /// Its verdict.
    pub verdict: Verdict,
    /// Whether it failed at first, and did not when it was retried.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub flaky: bool,
    /// The attempts that failed before the last one, which is the case's own evidence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attempts: Vec<Attempt>,
    /// The entry of a baseline that expects this verdict, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<KnownFailure>,
    /// How long its requests took together, fixtures included.
    pub duration_ms: u64,
    /// How long it waited besides: for other requests of the run, and for writes to show.
    #[serde(default, skip_serializing_if = "is_zero_ms")]
    pub waited_ms: u64,
    /// The features that it needs or probes.
    #[serde(default)]
    pub features: Vec<String>,
    /// The features that the target declined in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub declined: Vec<String>,
    /// Whether it requests the most ordinary content: the same wrong response in another case is then not a second failure.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub canonical: bool,
    /// Why it stopped before its last step; absent where it reached the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<Stop>,
    /// The case, or set-up, whose failure stopped it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocked_by: Option<String>,
    /// Why it does not pass, fail or warn: what blocked it, why it ended early, or why nothing was checked. Absent where the
    /// verdict says it all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Remarks: which permitted behaviour was found, how long it waited.
    pub notes: Vec<String>,
    /// Its checks, in order.
    pub checks: Vec<Check>,
    /// The evidence, in order.
    pub exchanges: Vec<Exchange>,
}

impl Case {
    /// A case that nothing was found about yet.
    pub(crate) fn new(
        id: &str,
        suite: &str,
        category: Category,
        title: &str,
        section: &str,
    ) -> Self {
        Self {
            id: id.to_owned(),
            suite: suite.to_owned(),
            category,
            title: title.to_owned(),
            section: section.to_owned(),
            verdict: Verdict::Untested,
            flaky: false,
            attempts: Vec::new(),
            known: None,
            duration_ms: 0,
            waited_ms: 0,
            features: Vec::new(),
            declined: Vec::new(),
            canonical: false,
            stopped: None,
            blocked_by: None,
            reason: None,
            notes: Vec::new(),
            checks: Vec::new(),
            exchanges: Vec::new(),
        }
    }

    /// Another case's violation of a requirement is the reason of the verdict.
    pub(super) fn block_by(&mut self, owner: &FailureOwner) {
        let FailureOwner { case, requirement } = owner;
        self.explain(format!("blocked by {case}: {requirement} is violated"));
        self.blocked_by = Some(case.clone());
    }

    /// Sets the reason. The one before becomes a remark.
    pub(super) fn explain(&mut self, reason: String) {
        if self.reason.as_ref() != Some(&reason) {
            self.notes.extend(self.reason.replace(reason));
        }
    }

    /// The cases that keep this one from a verdict: the one that it names, the one that this one names, and so on.
    pub fn blockers<'a>(&'a self, cases: &'a [Case]) -> impl Iterator<Item = &'a Case> {
        let blocker = |case: &&'a Case| {
            let by = case.blocked_by.as_deref()?;
            cases.iter().find(|case| case.id == by)
        };
        // A record may be anybody's: names that lead in a circle end somewhere.
        std::iter::successors(Some(self), blocker).skip(1).take(9)
    }

    /// The last of these: the cause.
    pub fn root<'a>(&'a self, cases: &'a [Case]) -> Option<&'a Case> {
        self.blockers(cases).last()
    }

    /// The requirements that it violates, each once: the MUSTs, or where there is none, the SHOULDs.
    pub fn violated(&self) -> Vec<String> {
        let of = |verdict: CheckVerdict| {
            let mut ids: Vec<String> = Vec::new();
            for check in self.checks.iter().filter(|one| one.verdict == verdict) {
                if !ids.contains(&check.requirement) {
                    ids.push(check.requirement.clone());
                }
            }
            ids
        };
        match self.verdict {
            Verdict::Fail => of(CheckVerdict::Fail),
            Verdict::Warn => of(CheckVerdict::Warn),
            Verdict::Pass
            | Verdict::Unsupported
            | Verdict::Blocked
            | Verdict::Error
            | Verdict::Skipped
            | Verdict::Untested => Vec::new(),
        }
    }
}

/// Why a case did not reach its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Stop {
    /// The target declined the feature that it is about.
    Declined,
    /// It pushes, and pushes are off, or it needs content that is not there.
    Skipped,
    /// A required step failed: the position of the check that shows it.
    Broken(usize),
    /// A shared fixture could not be pushed: the name of the set-up.
    Blocked(String),
    /// A write got no response, so that its effect is unknown: why.
    WriteUnanswered(String),
    /// No response gave a value that the next step needs: the name of the value.
    Missing(String),
    /// No response came, or the case cannot be run: why.
    Error(String),
}

impl Stop {
    /// The reason that it gives the case by itself. Only other cases tell who keeps the failure of a required step, and what was
    /// declined or skipped has a reason of its own.
    pub(crate) fn reason(&self) -> Option<String> {
        match self {
            Self::Error(why) | Self::WriteUnanswered(why) => Some(why.clone()),
            Self::Missing(value) => Some(format!(
                "no response gave the value `{value}`, which the next step needs"
            )),
            Self::Blocked(set_up) => Some(format!("blocked by {set_up}")),
            Self::Broken(_) | Self::Declined | Self::Skipped => None,
        }
    }
}

fn is_zero_ms(number: &u64) -> bool {
    *number == 0
}
