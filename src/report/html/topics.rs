//! The requirements by section of the specification.

use std::collections::HashMap;

use indexmap::IndexMap;
use serde::Serialize;

use super::link::Link;
use super::tally::{Tally, bar, rank};
use super::words;
use crate::catalogue::Category;
use crate::record::{Counts, RequirementResult, Run};
use crate::report::{phrases, sanitize_line};

/// A section of the specification and its requirements.
#[derive(Debug, Serialize)]
pub(super) struct Topic {
    category: &'static str,
    title: String,
    link: String,
    bar: Vec<Tally>,
    /// The bar in words.
    label: String,
    requirements: Vec<Requirement>,
}

#[derive(Debug, Serialize)]
struct Requirement {
    link: Link,
    category: &'static str,
    /// The features that its cases need or decide.
    features: String,
    level: String,
    says: String,
    verdict: &'static str,
    word: &'static str,
    sign: &'static str,
    cases: Vec<Link>,
}

/// The requirements by section.
pub(super) fn topics(run: &Run) -> Vec<Topic> {
    let mut features: HashMap<&str, &[String]> = HashMap::new();
    for case in &run.cases {
        features.insert(&case.id, &case.features);
    }
    let mut topics: IndexMap<(Category, &str), Vec<&RequirementResult>> = IndexMap::new();
    for requirement in &run.requirements {
        let topic = (requirement.category, requirement.section.as_str());
        topics.entry(topic).or_default().push(requirement);
    }
    topics.sort_by(|(a, _), _, (b, _), _| a.cmp(b));
    let made = topics.into_iter().map(|((category, section), mut within)| {
        within.sort_by_key(|result| rank(result.verdict));
        let counts = Counts::of(within.iter().map(|requirement| requirement.verdict));
        Topic {
            category: category.title(),
            title: phrases::section(&sanitize_line(section)),
            link: phrases::link(run, "", section),
            bar: bar(counts),
            label: phrases::counts(counts),
            requirements: within
                .into_iter()
                .map(|result| requirement(result, &features))
                .collect(),
        }
    });
    made.collect()
}

fn requirement(result: &RequirementResult, features: &HashMap<&str, &[String]>) -> Requirement {
    let of_cases = result
        .cases
        .iter()
        .filter_map(|id| features.get(id.as_str()));
    Requirement {
        link: Link::to(&result.id),
        category: result.category.name(),
        features: words::unique(of_cases.copied().flatten().cloned().collect()),
        level: result.level.to_string(),
        says: sanitize_line(&result.says).into_owned(),
        verdict: result.verdict.name(),
        word: phrases::verdict(result.verdict),
        sign: phrases::sign(result.verdict),
        cases: result.cases.iter().map(|id| Link::to(id)).collect(),
    }
}
