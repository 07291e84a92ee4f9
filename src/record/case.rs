//! A case as it went: its checks, and the exchanges that show them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Exchange, KnownFailure, Verdict};
use crate::catalogue::{Category, Level};

/// The suite of set-ups: pushes of shared fixtures, reported as cases.
pub const SET_UP: &str = "set-up";

/// How the name begins under which a feature that is left out, and was required, is reported as a failure.
pub const REQUIRED: &str = "required-";

/// A case of the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Case {
    /// Its name for ever: selector, JUnit name and anchor.
    pub id: String,
    /// The suite that holds it (`push/chunked`).
    pub suite: String,
    /// The category that it counts in.
    pub category: Category,
    /// What it shows, in a sentence.
    pub title: String,
    /// The section of the specification it belongs to: an anchor of its text.
    #[serde(default)]
    pub section: String,
    /// What became of it.
    pub verdict: Verdict,
    /// Where a baseline expects what became of it: which entry, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<KnownFailure>,
    /// From its first request to its last answer, fixtures included.
    pub duration_ms: u64,
    /// The features that it needs or decides.
    #[serde(default)]
    pub features: Vec<String>,
    /// The features that the target declined in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub declined: Vec<String>,
    /// Whether it asks for the plainest content there is: the same mistake elsewhere is then no failure of its own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub canonical: bool,
    /// Why it did not reach its end; nothing where it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<Stop>,
    /// The case, or set-up, whose failure kept it from its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocked_by: Option<String>,
    /// What a reader should know besides: what blocked it, which of two readings holds, how long it waited.
    pub notes: Vec<String>,
    /// How many of the last notes say what stopped it, and what other cases have to do with it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub attribution_notes: usize,
    /// What was checked, in order.
    pub checks: Vec<Check>,
    /// The evidence, in order.
    pub exchanges: Vec<Exchange>,
}

impl Case {
    /// The requirements that it breaks, each once: the MUSTs, or where there is none, the SHOULDs.
    pub fn breaks(&self) -> Vec<String> {
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Stop {
    /// The target declined the feature that it is about.
    Declined,
    /// It pushes, and the user wants no pushes.
    Skipped,
    /// A step on which the rest builds was not answered as expected: the check with this position says how.
    Broken(usize),
    /// What it builds on was not there: the name of the set-up.
    Blocked(String),
    /// A write was sent and not answered, so that nobody knows whether it was done: why.
    WriteUnanswered(String),
    /// No answer came, or the case cannot be run: why.
    Error(String),
}

/// A part of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// Its status.
    Status,
    /// The bytes of its body.
    Body,
    /// The form of its body: what was to be read there is not there.
    Form,
}

fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// One expectation held against one answer, or an invariant against all of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    /// The requirement it proves.
    pub requirement: String,
    /// That requirement's level in the version judged against.
    pub level: Level,
    /// Whether it holds.
    pub verdict: CheckVerdict,
    /// What was found, in a sentence.
    pub message: String,
    /// What the requirement asks for here.
    pub expected: String,
    /// What came instead, or as asked.
    pub actual: String,
    /// The position of the exchange in the case's `exchanges`.
    pub exchange: Option<usize>,
    /// Which part of the answer is not as expected, where that is its status or its body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<Part>,
    /// The procedure that it belongs to, where the case only borrows it: then another case tests it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via_procedure: Option<String>,
    /// The feature that the target declines and should have, where that is what is broken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lacks: Option<String>,
    /// For an invariant: the answers that it was held against.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<Answers>,
}

/// The answers that an invariant was held against.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Answers {
    /// How many it applies to.
    pub asked: usize,
    /// How many of them break it.
    pub broken: usize,
    /// The cases that got an answer that breaks it, in order.
    pub cases: Vec<String>,
}

impl Answers {
    /// What was found, in a sentence.
    pub fn summary(&self) -> String {
        match self.cases.first() {
            None => format!("it holds for all {} answers it applies to", self.asked),
            Some(first) => format!(
                "it is broken by {} of {} answers, first in the case {first}",
                self.broken, self.asked
            ),
        }
    }
}

/// Whether an expectation holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CheckVerdict {
    /// It holds.
    Pass,
    /// It does not, and its requirement is a MUST.
    Fail,
    /// It does not, and its requirement is a SHOULD.
    Warn,
    /// It was not asked, because something before it failed.
    Blocked,
}

impl Check {
    /// A requirement that came to this, and nothing said of it yet.
    pub fn new(requirement: impl Into<String>, level: Level, verdict: CheckVerdict) -> Self {
        Self {
            requirement: requirement.into(),
            level,
            verdict,
            message: String::new(),
            expected: String::new(),
            actual: String::new(),
            exchange: None,
            part: None,
            via_procedure: None,
            lacks: None,
            answers: None,
        }
    }

    /// Whether the case's own check is blocked: another case's failure hides what it would show.
    pub fn is_hidden(&self) -> bool {
        self.via_procedure.is_none() && self.verdict == CheckVerdict::Blocked
    }
}

impl CheckVerdict {
    /// The word for it in every report.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Warn => "warn",
            Self::Blocked => "blocked",
        }
    }

    /// What breaking a requirement of this level comes to.
    pub const fn broken(level: Level) -> Self {
        match level {
            Level::Must => Self::Fail,
            Level::Should | Level::May => Self::Warn,
        }
    }

    /// Whether the requirement is broken.
    pub const fn is_broken(self) -> bool {
        matches!(self, Self::Fail | Self::Warn)
    }
}
