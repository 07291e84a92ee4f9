//! What holds for all requests of a client, and how it is reported.

use super::finding::Evidence;
use super::rule::TrafficRule;
use crate::catalogue::{Catalogue, Category, Level};
use crate::record::{Case, Check, CheckVerdict};

/// What a case of the record says before anything is found.
#[derive(Debug, Clone)]
pub struct About {
    pub id: String,
    pub title: String,
    /// `client/distrust`.
    pub suite: String,
    /// Those of the first requirement.
    pub category: Category,
    pub section: String,
}

/// What holds for all requests of a client.
#[derive(Debug, Clone)]
pub struct Observed<R = TrafficRule> {
    pub about: About,
    pub requirement: String,
    pub rule: R,
}

impl About {
    /// A case that nothing was found about yet.
    pub fn case(&self) -> Case {
        Case::new(
            &self.id,
            &self.suite,
            self.category,
            &self.title,
            &self.section,
        )
    }
}

impl Evidence {
    /// The check of a requirement that has this evidence.
    pub fn into_check(
        self,
        requirement: &str,
        verdict: CheckVerdict,
        level: Level,
        catalogue: &Catalogue,
    ) -> Check {
        let says = catalogue.get(requirement).map(|one| one.says.clone());
        Check {
            message: says.unwrap_or_default(),
            expected: self.expected,
            actual: self.actual,
            exchange: self.at,
            ..Check::new(requirement, level, verdict)
        }
    }
}
