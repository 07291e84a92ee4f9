//! The verdicts of cases, requirements, categories and runs.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The verdict of a case, or of a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Every check holds.
    Pass,
    /// A MUST is violated.
    Fail,
    /// A SHOULD is violated, and no MUST.
    Warn,
    /// The target declined an optional feature, which the specification permits.
    Unsupported,
    /// Another case's failure prevents a verdict: the reason names that case.
    Blocked,
    /// No verdict was reached: no response came, or the deadline passed.
    Error,
    /// The user left it out.
    Skipped,
    /// No check was made: it applies to no response of the run.
    Untested,
}

impl Verdict {
    /// Every verdict, in the order in which summaries list them.
    pub const ALL: [Self; 8] = [
        Self::Pass,
        Self::Fail,
        Self::Warn,
        Self::Unsupported,
        Self::Blocked,
        Self::Error,
        Self::Skipped,
        Self::Untested,
    ];

    /// Whether it is a result: the case was run to a verdict, and is not blocked, in error or skipped.
    pub const fn is_answered(self) -> bool {
        match self {
            Self::Pass | Self::Fail | Self::Warn | Self::Unsupported | Self::Untested => true,
            Self::Blocked | Self::Error | Self::Skipped => false,
        }
    }

    /// Whether a case with it has a reason: its checks do not tell how it ended.
    pub const fn has_reason(self) -> bool {
        match self {
            Self::Pass | Self::Fail | Self::Warn => false,
            Self::Unsupported | Self::Blocked | Self::Error | Self::Skipped | Self::Untested => {
                true
            }
        }
    }

    /// The word for it in every report.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Warn => "warn",
            Self::Unsupported => "unsupported",
            Self::Blocked => "blocked",
            Self::Error => "error",
            Self::Skipped => "skipped",
            Self::Untested => "untested",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Whether the registry conforms to the specification, as a whole or in a category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Conformance {
    /// No MUST is violated, and no case is blocked, in error or left out.
    Conformant,
    /// At least one MUST is violated.
    NonConformant,
    /// No MUST is known to be violated, but a case is blocked, in error, or left out by the user.
    Inconclusive,
}

impl Conformance {
    /// The word for it in every report.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Conformant => "conformant",
            Self::NonConformant => "non-conformant",
            Self::Inconclusive => "inconclusive",
        }
    }
}

impl fmt::Display for Conformance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// How many cases have each verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Counts {
    /// Cases that pass.
    pub pass: usize,
    /// Cases that fail.
    pub fail: usize,
    /// Cases that warn.
    pub warn: usize,
    /// Cases whose feature the target declined.
    pub unsupported: usize,
    /// Cases that are blocked by another case's failure.
    pub blocked: usize,
    /// Cases without a verdict.
    pub error: usize,
    /// Cases that the user left out.
    pub skipped: usize,
    /// Cases in which no check was made.
    #[serde(default)]
    pub untested: usize,
}

/// The verdicts that occur, with how often: "41 pass, 2 fail".
impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<String> = self
            .occurring()
            .map(|(verdict, number)| format!("{number} {verdict}"))
            .collect();
        match parts.is_empty() {
            true => f.write_str("no cases"),
            false => f.write_str(&parts.join(", ")),
        }
    }
}

impl Counts {
    /// The verdicts that occur, with how often.
    pub fn occurring(self) -> impl Iterator<Item = (Verdict, usize)> {
        Verdict::ALL
            .into_iter()
            .map(move |verdict| (verdict, self.get(verdict)))
            .filter(|(_, number)| *number > 0)
    }

    /// Counts verdicts.
    pub fn of(verdicts: impl IntoIterator<Item = Verdict>) -> Self {
        let mut counts = Self::default();
        for verdict in verdicts {
            *counts.slot(verdict) += 1;
        }
        counts
    }

    /// How many have this verdict.
    pub fn get(mut self, verdict: Verdict) -> usize {
        *self.slot(verdict)
    }

    /// How many cases there are in all.
    pub fn total(self) -> usize {
        Verdict::ALL
            .into_iter()
            .fold(0, |total, verdict| total.saturating_add(self.get(verdict)))
    }

    fn slot(&mut self, verdict: Verdict) -> &mut usize {
        match verdict {
            Verdict::Pass => &mut self.pass,
            Verdict::Fail => &mut self.fail,
            Verdict::Warn => &mut self.warn,
            Verdict::Unsupported => &mut self.unsupported,
            Verdict::Blocked => &mut self.blocked,
            Verdict::Error => &mut self.error,
            Verdict::Skipped => &mut self.skipped,
            Verdict::Untested => &mut self.untested,
        }
    }
}
