//! The upper part of the page: facts, categories, features, and the requirements by section.

use std::collections::HashMap;

use indexmap::IndexMap;
use serde::Serialize;

use super::case::each_once;
use super::page::Link;
use crate::catalogue::Level;
use crate::record::{Counts, RequirementResult, Run, Verdict};
use crate::report::{phrases, sanitize_line};

/// A label and its value.
#[derive(Debug, Serialize)]
pub(super) struct Fact {
    label: &'static str,
    value: String,
}

/// How often a verdict occurs.
#[derive(Debug, Serialize)]
pub(in crate::report) struct Tally {
    /// The verdict's name.
    pub verdict: &'static str,
    /// What tells it from the others without its colour.
    pub sign: &'static str,
    /// How often.
    pub number: usize,
}

/// A category, with a bar of its requirements.
#[derive(Debug, Serialize)]
pub(super) struct Category {
    name: &'static str,
    title: &'static str,
    verdict: &'static str,
    /// Where the verdict rests on nothing: that.
    untested: Option<&'static str>,
    cases: usize,
    /// For each level that occurs, how many requirements are kept of those that were tested.
    levels: Vec<Kept>,
    bar: Vec<Tally>,
    spoken: String,
}

/// How many requirements of a level are kept, of how many that were tested.
#[derive(Debug, Serialize)]
pub(super) struct Kept {
    level: String,
    kept: usize,
    of: usize,
}

/// A feature, and what is known of it.
#[derive(Debug, Serialize)]
pub(super) struct Feature {
    name: String,
    state: &'static str,
}

/// A section of the specification and its requirements.
#[derive(Debug, Serialize)]
pub(super) struct Topic {
    category: &'static str,
    title: String,
    link: String,
    bar: Vec<Tally>,
    spoken: String,
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
    sign: &'static str,
    cases: Vec<Link>,
}

/// What was tested, when, and how to do it again.
pub(super) fn facts(run: &Run) -> Vec<Fact> {
    let fact = |label, value: String| Fact {
        label,
        value: sanitize_line(&value).into_owned(),
    };
    Vec::from([
        fact(
            "Repositories",
            format!("{}, {}", run.target.repo, run.target.repo2),
        ),
        fact(
            "Started",
            run.started.replace('T', " ").replace('Z', " UTC"),
        ),
        fact("Took", phrases::duration(run.duration_ms)),
        fact("Requests", run.requests.to_string()),
        fact("Seed", run.seed.to_string()),
    ])
}

/// Each verdict that a case or a requirement came to.
pub(super) fn verdicts(run: &Run) -> Vec<Tally> {
    let requirements = run.requirements.iter().map(|result| result.verdict);
    let cases = run.cases.iter().map(|case| case.verdict);
    bar(Counts::of(cases.chain(requirements)))
}

/// Each category that has a case.
pub(super) fn categories(run: &Run) -> Vec<Category> {
    let tested = run
        .categories
        .iter()
        .filter(|(_, result)| result.counts.total() > 0);
    tested
        .map(|(category, result)| {
            let within = run.requirements.iter().filter(|r| r.category == *category);
            let counts = Counts::of(within.map(|requirement| requirement.verdict));
            Category {
                name: category.name(),
                title: category.title(),
                verdict: result.verdict.name(),
                // Cases of other categories may have tested something of this one all the same.
                untested: phrases::untested(result)
                    .filter(|_| counts.total() == counts.unsupported + counts.skipped),
                cases: result.counts.total(),
                levels: kept(run, *category),
                bar: bar(counts),
                spoken: counts.to_string(),
            }
        })
        .collect()
}

/// Each feature, in the record's order.
pub(super) fn features(run: &Run) -> Vec<Feature> {
    let shown = |(name, state): (&String, &crate::record::FeatureState)| Feature {
        name: sanitize_line(name).into_owned(),
        state: phrases::feature_state(*state),
    };
    run.features.iter().map(shown).collect()
}

/// The requirements by section.
pub(super) fn topics(run: &Run) -> Vec<Topic> {
    let mut features: HashMap<&str, &[String]> = HashMap::new();
    for case in &run.cases {
        features.insert(&case.id, &case.features);
    }
    let mut topics: IndexMap<(crate::catalogue::Category, &str), Vec<&RequirementResult>> =
        IndexMap::new();
    for requirement in &run.requirements {
        let topic = (requirement.category, requirement.section.as_str());
        topics.entry(topic).or_default().push(requirement);
    }
    topics.sort_by(|(a, _), _, (b, _), _| a.cmp(b));
    let made = topics.into_iter().map(|((category, section), mut within)| {
        within.sort_by_key(|result| ORDER.iter().position(|verdict| *verdict == result.verdict));
        let counts = Counts::of(within.iter().map(|requirement| requirement.verdict));
        Topic {
            category: category.title(),
            title: phrases::section(&sanitize_line(section)),
            link: phrases::link(run, "", section),
            bar: bar(counts),
            spoken: counts.to_string(),
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
        features: each_once(of_cases.copied().flatten().cloned().collect()),
        level: result.level.to_string(),
        says: sanitize_line(&result.says).into_owned(),
        verdict: result.verdict.name(),
        sign: phrases::sign(result.verdict),
        cases: result.cases.iter().map(|id| Link::to(id)).collect(),
    }
}

fn kept(run: &Run, category: crate::catalogue::Category) -> Vec<Kept> {
    let count = |level: Level| {
        let within = run
            .requirements
            .iter()
            .filter(|r| r.category == category && r.level == level);
        let counts = Counts::of(within.map(|requirement| requirement.verdict));
        let of = counts.total() - counts.unsupported - counts.skipped;
        (of > 0).then(|| Kept {
            level: level.to_string(),
            kept: counts.pass,
            of,
        })
    };
    [Level::Must, Level::Should]
        .into_iter()
        .filter_map(count)
        .collect()
}

/// Bars, legends and lists: what is to be acted on first.
const ORDER: [Verdict; 7] = [
    Verdict::Fail,
    Verdict::Error,
    Verdict::Blocked,
    Verdict::Warn,
    Verdict::Pass,
    Verdict::Unsupported,
    Verdict::Skipped,
];

/// What occurs, worst first after what passes, so that bars are read alike.
pub(in crate::report) fn bar(counts: Counts) -> Vec<Tally> {
    let occurs = |verdict: Verdict| {
        let number = counts.get(verdict);
        (number > 0).then(|| Tally {
            verdict: verdict.name(),
            sign: phrases::sign(verdict),
            number,
        })
    };
    ORDER.into_iter().filter_map(occurs).collect()
}
