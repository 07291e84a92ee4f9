//! A check: one expectation compared with what a registry answered.

use serde::{Deserialize, Serialize};

use crate::catalogue::Level;

/// A part of a response that can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// All of it: the registry closes the connection in its place.
    Connection,
    /// Its status.
    Status,
    /// Its header `Location`, which later requests need.
    Location,
    /// The bytes of its body.
    Body,
    /// The form of its body: the expected value is not in it.
    Form,
}

impl Part {
    /// Whether a response with the wanted status is missing: it has another status, or there is none.
    pub const fn lacks_status(self) -> bool {
        matches!(self, Self::Connection | Self::Status)
    }
}

/// One expectation compared with one response, or an invariant with all of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
    /// The part of the response that is wrong, where that decides which other failures have the same cause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<Part>,
    /// Whether the requirement demands a status 2xx, of a response or of each page of a list.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub expects_success: bool,
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
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
            None if self.broken == 0 => format!("all {} responses conform", self.asked),
            None => format!("{} of {} responses violate it", self.broken, self.asked),
            Some(first) => format!(
                "{} of {} responses violate it, the first in case {first}",
                self.broken, self.asked
            ),
        }
    }
}

/// Whether an expectation holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
            expects_success: false,
            via_procedure: None,
            lacks: None,
            answers: None,
        }
    }

    /// The expected and the actual value in a sentence, where they differ: "expected status 416, got 202".
    pub fn difference(&self) -> String {
        let (expected, actual) = self.differing();
        format!("expected {expected}, got {actual}")
    }

    /// The expected value, and the part of the actual one that differs: "status 416" and "202".
    pub fn differing(&self) -> (&str, &str) {
        let (expected, actual) = (&self.expected, &self.actual);
        let pairs = expected
            .split_inclusive(' ')
            .zip(actual.split_inclusive(' '));
        let same = pairs.take_while(|(a, b)| a == b && a.ends_with(' '));
        let same: usize = same.map(|(a, _)| a.len()).sum();
        let halves = actual.split_at_checked(same);
        // What is "with" something is named, and an article stays before its noun.
        let halves = halves.filter(|(same, rest)| {
            !rest.is_empty() && !rest.starts_with("with ") && !same.ends_with("the ")
        });
        let rest = halves.map(|(_, rest)| rest);
        (expected, rest.unwrap_or(actual))
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
        let list = difference("`tags` in order", "`tags` with `b` after `c`");
        assert_eq!(
            list,
            "expected `tags` in order, got `tags` with `b` after `c`"
        );
        let body = difference("a JSON body", "an empty body");
        assert_eq!(body, "expected a JSON body, got an empty body");
        let bytes = difference("the pushed bytes", "the same bytes; then the end");
        assert_eq!(
            bytes,
            "expected the pushed bytes, got the same bytes; then the end"
        );
        assert_eq!(difference("", ""), "expected , got ");
        assert_eq!(difference("a ", "a "), "expected a , got a ");
    }
}
