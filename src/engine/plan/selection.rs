//! The user's selection of cases.

use globset::{Glob, GlobMatcher};

use super::instance::Instance;
use crate::catalogue::Category;
use crate::data::did_you_mean;
use crate::suite::{SuiteVersion, Suites};

/// The user's selection of cases.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Patterns, one of which a case must match; all cases where there is none.
    pub only: Vec<Pattern>,
    /// Patterns that leave a case out.
    pub skip: Vec<Pattern>,
    /// Categories; all where there is none.
    pub categories: Vec<Category>,
    /// Features whose probes are always run.
    pub find_out: Vec<String>,
    /// The version of the suites whose cases count; newer ones are run and do not count.
    pub as_of: Option<SuiteVersion>,
    /// Requirements, one of which a case must test; all cases where there is none. Canonical cases are always run, because
    /// they may be the root cause of other failures.
    pub requirements: Vec<String>,
    /// Ids (with their values) of cases and invariants, whatever their category; all where there is none.
    pub ids: Vec<String>,
}

/// A part of a selection.
#[derive(Debug, Clone)]
pub struct Selected {
    /// The option; none for an id of an earlier run.
    pub option: Option<&'static str>,
    /// Its value.
    pub value: String,
}

impl Selected {
    pub(super) fn new(option: &'static str, value: &impl std::fmt::Display) -> Self {
        Self {
            option: Some(option),
            value: value.to_string(),
        }
    }
}

/// A pattern for cases: a glob over their ids, suites, sections and requirements.
#[derive(Debug, Clone)]
pub struct Pattern {
    text: String,
    glob: GlobMatcher,
}

/// A pattern that is not a glob.
#[derive(Debug, Clone, thiserror::Error)]
#[error(
    "`{pattern}` is not a valid pattern: {reason}. Use a case's id, or a glob such as `upload-*`"
)]
pub struct PatternError {
    pattern: String,
    reason: String,
}

impl std::str::FromStr for Pattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let glob = Glob::new(text).map_err(|error| PatternError {
            pattern: text.to_owned(),
            reason: error.kind().to_string(),
        })?;
        Ok(Self {
            text: text.to_owned(),
            glob: glob.compile_matcher(),
        })
    }
}

impl std::fmt::Display for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

impl Selection {
    pub(super) fn chooses(&self, instance: &Instance) -> bool {
        let any = |patterns: &[Pattern]| patterns.iter().any(|pattern| pattern.matches(instance));
        (self.only.is_empty() || any(&self.only))
            && !any(&self.skip)
            && self.takes(instance)
            && (self.ids.is_empty() || self.has_id(&instance.id))
            && (self.requirements.is_empty()
                || instance.case.canonical
                || self.tests_one(&instance.requirements))
    }

    /// Categories beside the specification are taken only where they are named.
    fn takes(&self, instance: &Instance) -> bool {
        let category = instance.case.category;
        match self.categories.is_empty() {
            true => !category.is_extra() || self.has_id(&instance.id),
            false => self.categories.contains(&category),
        }
    }

    fn has_id(&self, id: &str) -> bool {
        self.ids.iter().any(|one| one == id)
    }

    /// Where cases are selected by id, invariants are too.
    pub(super) fn takes_invariants(&self, suites: &Suites) -> bool {
        self.ids.is_empty() || suites.invariants().any(|one| self.has_id(&one.id))
    }

    fn tests_one(&self, requirements: &[String]) -> bool {
        requirements
            .iter()
            .any(|one| self.requirements.contains(one))
    }

    /// Whether the user left out a part of the suites.
    pub fn is_partial(&self) -> bool {
        let lists = [
            self.only.len(),
            self.skip.len(),
            self.categories.len(),
            self.ids.len(),
        ];
        lists.iter().any(|length| *length > 0)
    }

    pub(super) fn describe(&self) -> Vec<Selected> {
        let mut words: Vec<Selected> = Vec::new();
        words.extend(self.only.iter().map(|one| Selected::new("only", one)));
        words.extend(self.skip.iter().map(|one| Selected::new("skip", one)));
        let categories = self.categories.iter();
        words.extend(categories.map(|one| Selected::new("category", one)));
        words.extend(self.ids.iter().take(3).map(|id| Selected {
            option: None,
            value: id.clone(),
        }));
        words
    }
}

impl Pattern {
    /// Whether it matches a name.
    pub fn matches_text(&self, name: &str) -> bool {
        self.glob.is_match(name)
    }

    pub(super) fn matches(&self, instance: &Instance) -> bool {
        names(instance).any(|name| self.glob.is_match(name))
    }

    /// The question for a pattern that matches nothing, if a case, suite, section or requirement has a similar name.
    pub(super) fn did_you_mean(&self, all: &[Instance]) -> Option<String> {
        did_you_mean(&self.text, all.iter().flat_map(names))
    }
}

/// What a pattern may name a case by.
fn names(instance: &Instance) -> impl Iterator<Item = &str> {
    let case = &instance.case;
    let own = [&*instance.id, &case.id, &case.suite, &case.section];
    own.into_iter()
        .chain(instance.requirements.iter().map(String::as_str))
}
