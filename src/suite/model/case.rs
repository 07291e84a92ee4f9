use indexmap::IndexMap;

use super::{Content, Given, Setup, Step};
use crate::catalogue::{Category, Version};
use crate::data::SourceSpan;
use crate::suite::History;
use crate::template::Template;

/// A case, before it is expanded for each of its values.
#[derive(Debug)]
pub struct Case {
    /// Never changes: it is the selector, the JUnit name and the HTML anchor.
    pub id: String,
    pub title: String,
    /// The name of its suite.
    pub suite: String,
    pub category: Category,
    pub section: String,
    pub history: History,
    /// The first version of the specification that it applies to; none for all from the oldest.
    pub from: Option<Version>,
    /// The last version of the specification that it applies to; none for all to the newest.
    pub until: Option<Version>,
    /// The values of each variable. The case runs once for each combination.
    pub each: IndexMap<String, Vec<String>>,
    /// The features that it needs; a reference to a variable of `each` is filled in for each run.
    pub needs: Vec<Template>,
    /// Whether no other case may write tags at the same time.
    pub serial: bool,
    /// Whether it reads the simplest content: a wrong response there blocks cases that fail in the same way.
    pub canonical: bool,
    /// Fixtures that are in the registry before it starts, by the names that its steps use.
    pub given: IndexMap<String, Given>,
    /// Content that is made for it, by the names that its steps use.
    pub content: IndexMap<String, Content>,
    /// The part of `content` that is pushed before it starts, in this order.
    pub setup: Vec<Setup>,
    /// What is printed with it: the reading of the specification that it uses, or what it needs from the registry.
    pub note: Option<String>,
    pub steps: Vec<Step>,
    pub span: SourceSpan,
}

impl Case {
    /// Whether it applies to a version of the specification.
    pub fn holds_in(&self, version: Version) -> bool {
        self.from.is_none_or(|from| from <= version)
            && self.until.is_none_or(|until| version <= until)
    }

    /// Whether it needs content in the registry before it starts.
    pub fn builds(&self) -> bool {
        !self.given.is_empty() || !self.setup.is_empty()
    }
}
