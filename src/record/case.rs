//! A case as it went: its checks, and the exchanges that show them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Attempt, Exchange, KnownFailure, Verdict};
use crate::catalogue::{Category, Level};

/// The suite of set-ups: pushes of shared fixtures, reported as cases.
pub const SET_UP: &str = "set-up";

/// How the name begins under which a feature that is left out, and was required, is reported as a failure.
pub const REQUIRED: &str = "required-";

/// A case of the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
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
    /// Remarks: what blocked it, which permitted behaviour was found, how long it waited.
    pub notes: Vec<String>,
    /// How many of the last notes say what stopped it and which other case keeps the failure.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub attribution_notes: usize,
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
            notes: Vec::new(),
            attribution_notes: 0,
            checks: Vec::new(),
            exchanges: Vec::new(),
        }
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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

/// A part of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// Its status.
    Status,
    /// The bytes of its body.
    Body,
    /// The form of its body: the expected value is not in it.
    Form,
}

fn is_zero(number: &usize) -> bool {
    *number == 0
}

fn is_zero_ms(number: &u64) -> bool {
    *number == 0
}

/// One expectation compared with one response, or an invariant with all of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    /// The requirement that it checks.
    pub requirement: String,
    /// That requirement's level in the version judged against.
    pub level: Level,
    /// Whether it holds.
    pub verdict: CheckVerdict,
    /// The finding, in a sentence.
    pub message: String,
    /// The value that the requirement demands.
    pub expected: String,
    /// The value that came.
    pub actual: String,
    /// The position of the exchange in the case's `exchanges`.
    pub exchange: Option<usize>,
    /// The part of the response that is wrong, where that is its status or its body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<Part>,
    /// The procedure that made it, where the case only uses that procedure: then another case tests the requirement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via_procedure: Option<String>,
    /// The feature that the target declines and should have, where this is the violation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lacks: Option<String>,
    /// For an invariant: the responses that it was compared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<Answers>,
}

/// The responses that an invariant was compared with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Answers {
    /// How many it applies to.
    pub asked: usize,
    /// How many of them violate it.
    pub broken: usize,
    /// The cases that got a response that violates it, in order.
    pub cases: Vec<String>,
}

impl Answers {
    /// The finding, in a sentence.
    pub fn summary(&self) -> String {
        match self.cases.first() {
            None => format!("all {} responses conform", self.asked),
            Some(first) => format!(
                "{} of {} responses violate it, the first in case {first}",
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
    /// Another case keeps the failure.
    Blocked,
}

impl Check {
    /// A check with this verdict and without texts.
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

    /// Whether it expects a status 2xx, of a response or of each page of a list.
    pub fn expects_success(&self) -> bool {
        let status = self.expected.rsplit(": ").next();
        status.is_some_and(|status| status.starts_with("status 2"))
    }

    /// The expected and the actual value in a sentence, where they differ: "expected status 416, got 202".
    pub fn difference(&self) -> String {
        let (expected, actual) = (&self.expected, &self.actual);
        let pairs = expected
            .split_inclusive(' ')
            .zip(actual.split_inclusive(' '));
        let same = pairs.take_while(|(a, b)| a == b && a.ends_with(' '));
        let same: usize = same.map(|(a, _)| a.len()).sum();
        let rest = actual.get(same..).filter(|rest| !rest.is_empty());
        format!("expected {expected}, got {}", rest.unwrap_or(actual))
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

    /// The verdict of a violated requirement of this level.
    pub const fn broken(level: Level) -> Self {
        match level {
            Level::Must => Self::Fail,
            Level::Should | Level::May => Self::Warn,
        }
    }

    /// Whether the requirement is violated.
    pub const fn is_broken(self) -> bool {
        matches!(self, Self::Fail | Self::Warn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_names_the_value_once() {
        let difference = |expected: &str, actual: &str| {
            let check = Check {
                expected: expected.to_owned(),
                actual: actual.to_owned(),
                ..Check::new("range-status", Level::Must, CheckVerdict::Fail)
            };
            check.difference()
        };
        let status = difference("status 416", "status 202");
        assert_eq!(status, "expected status 416, got 202");
        let header = difference("header Location present", "header Location absent");
        assert_eq!(header, "expected header Location present, got absent");
        let body = difference("a JSON body", "an empty body");
        assert_eq!(body, "expected a JSON body, got an empty body");
        assert_eq!(difference("", ""), "expected , got ");
        assert_eq!(difference("a ", "a "), "expected a , got a ");
    }
}
