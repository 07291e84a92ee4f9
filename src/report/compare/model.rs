//! The comparison itself: what `--format json` spells out, and what every other form is a view of.

use std::fmt;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::catalogue::{Category, Level, Version};
use crate::record::{CategoryResult, Conformance, Counts, FeatureState, Run, Verdict};
use crate::report::phrases;

/// Several runs, side by side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Comparison {
    /// The version of this format: "1".
    pub schema: String,
    /// The runs, in the order in which they were named.
    pub columns: Vec<Column>,
    /// The verdicts of each category, one for each column.
    pub categories: IndexMap<String, Vec<Conformance>>,
    /// How many of a category's cases have each verdict, for each column.
    #[serde(default)]
    pub counts: IndexMap<String, Vec<Counts>>,
    /// The states of each feature, one for each column; null where a run does not use the feature.
    pub features: IndexMap<String, Vec<Option<FeatureState>>>,
    /// The requirements, what changed first. None is empty.
    pub groups: Vec<Group>,
    /// What a reader should know: partial runs, different versions.
    pub notes: Vec<String>,
}

/// A run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Column {
    /// The heading, which no other column has.
    pub title: String,
    /// The registry's URL.
    pub target: String,
    /// The version of the specification judged against.
    pub spec: Version,
    /// The tool and its version.
    pub tool: String,
    /// When it began.
    pub started: String,
    /// The verdict of the run.
    pub verdict: Conformance,
    /// How many cases have each verdict.
    pub summary: Counts,
    /// Whether it has only a part of the cases.
    pub partial: bool,
    /// How many of the tested requirements it meets: each MUST.
    #[serde(default)]
    pub must: Met,
    /// The same for each SHOULD.
    #[serde(default)]
    pub should: Met,
    /// The address of its page, relative to the comparison; absent where it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<String>,
}

/// How many requirements are met, of those that were tested.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Met {
    /// How many are met.
    pub met: usize,
    /// How many were tested.
    pub of: usize,
}

impl Met {
    pub(super) fn of(run: &Run, level: Level) -> Self {
        let of_level = run.requirements.iter().filter(|one| one.level == level);
        let counts = Counts::of(of_level.map(|one| one.verdict));
        Self {
            met: counts.pass,
            of: phrases::tested(counts),
        }
    }
}

impl fmt::Display for Met {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.of {
            0 => f.write_str("none tested"),
            of => write!(f, "{} of {of} met", self.met),
        }
    }
}

/// Requirements with the same kind of difference.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Group {
    /// How they differ.
    pub kind: Kind,
    /// The heading.
    pub title: String,
    /// The requirements, by category and section; in a section, MUST before SHOULD.
    pub rows: Vec<Row>,
}

/// How the columns of a requirement differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The last run violates it, and an earlier one does not.
    Regression,
    /// An earlier run violates it, and the last does not.
    Fix,
    /// Some of several registries violate it, and others do not.
    Split,
    /// The runs differ otherwise.
    Difference,
    /// It is the same in all.
    Same,
}

/// A requirement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Row {
    /// Its name.
    pub requirement: String,
    /// Its category.
    pub category: Category,
    /// Its section.
    pub section: String,
    /// What it asks for.
    pub says: String,
    /// One for each column; null where the run did not test it, or its version does not have it.
    pub cells: Vec<Option<Cell>>,
}

impl Row {
    /// Its level; where versions differ, the strongest.
    pub fn level(&self) -> Level {
        let levels = self.cells.iter().flatten().map(|cell| cell.level);
        levels.min().unwrap_or(Level::May)
    }
}

/// The result of a requirement in one run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Cell {
    /// The verdict.
    pub verdict: Verdict,
    /// How strongly it binds in the version of that run.
    pub level: Level,
    /// The cases that found a violation.
    pub cases: Vec<String>,
    /// The message of the first of them.
    pub message: String,
}

impl Comparison {
    /// Each category, and for each column its verdict and what that rests on.
    pub(super) fn results(&self) -> impl Iterator<Item = (&str, Vec<CategoryResult>)> {
        self.categories.iter().map(|(title, verdicts)| {
            let counts = self.counts.get(title).into_iter().flatten().copied();
            let counts = counts.chain(std::iter::repeat(Counts::default()));
            let both = verdicts.iter().zip(counts);
            let results = both.map(|(verdict, counts)| CategoryResult {
                verdict: *verdict,
                counts,
            });
            (title.as_str(), results.collect())
        })
    }
}
