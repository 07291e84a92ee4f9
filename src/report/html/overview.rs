//! The upper part of the page: facts, categories, features, and the requirements by section.

use std::collections::HashSet;

use indexmap::IndexMap;
use serde::Serialize;

use super::page::Link;
use crate::record::{Counts, RequirementResult, Run, Verdict};
use crate::report::{visible_line, words};

/// A label and its value.
#[derive(Debug, Serialize)]
pub(super) struct Fact {
    label: &'static str,
    value: String,
}

/// How often a verdict occurs.
#[derive(Debug, Serialize)]
pub(super) struct Tally {
    verdict: &'static str,
    sign: &'static str,
    number: usize,
}

/// A category, with a bar of its requirements.
#[derive(Debug, Serialize)]
pub(super) struct Category {
    name: &'static str,
    title: &'static str,
    verdict: &'static str,
    cases: usize,
    bar: Vec<Tally>,
    spoken: String,
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
    clean: bool,
    requirements: Vec<Requirement>,
}

#[derive(Debug, Serialize)]
struct Requirement {
    /// Whether the id is this requirement's anchor: where a case has the same id, it is the case's.
    anchored: bool,
    link: Link,
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
        value: visible_line(&value).into_owned(),
    };
    Vec::from([
        fact("Specification", run.spec.to_string()),
        fact(
            "Repositories",
            format!("{}, {}", run.target.repo, run.target.repo2),
        ),
        fact(
            "Started",
            run.started.replace('T', " ").replace('Z', " UTC"),
        ),
        fact("Took", words::duration(run.duration_ms)),
        fact("Requests", run.requests.to_string()),
        fact("Seed", run.seed.to_string()),
    ])
}

/// How many cases came to each verdict that occurs.
pub(super) fn tallies(run: &Run) -> Vec<Tally> {
    bar(run.summary)
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
                cases: result.counts.total(),
                bar: bar(counts),
                spoken: words::tally(counts),
            }
        })
        .collect()
}

/// Each feature, in the record's order.
pub(super) fn features(run: &Run) -> Vec<Feature> {
    let shown = |(name, state): (&String, &crate::record::FeatureState)| Feature {
        name: visible_line(name).into_owned(),
        state: words::feature_state(*state),
    };
    run.features.iter().map(shown).collect()
}

/// The requirements by section.
pub(super) fn topics(run: &Run) -> Vec<Topic> {
    let taken: HashSet<&str> = run.cases.iter().map(|case| case.id.as_str()).collect();
    let mut topics: IndexMap<(crate::spec::Category, &str), Vec<&RequirementResult>> =
        IndexMap::new();
    for requirement in &run.requirements {
        let topic = (requirement.category, requirement.section.as_str());
        topics.entry(topic).or_default().push(requirement);
    }
    topics.sort_by(|(a, _), _, (b, _), _| a.cmp(b));
    let made = topics.into_iter().map(|((category, section), within)| {
        let counts = Counts::of(within.iter().map(|requirement| requirement.verdict));
        Topic {
            category: category.title(),
            title: words::section(&visible_line(section)),
            link: words::link(run, "", section),
            bar: bar(counts),
            spoken: words::tally(counts),
            clean: counts.fail + counts.warn + counts.blocked + counts.error == 0,
            requirements: within
                .into_iter()
                .map(|result| requirement(result, !taken.contains(result.id.as_str())))
                .collect(),
        }
    });
    made.collect()
}

fn requirement(result: &RequirementResult, anchored: bool) -> Requirement {
    Requirement {
        anchored,
        link: Link::to(&result.id),
        level: result.level.to_string(),
        says: visible_line(&result.says).into_owned(),
        verdict: result.verdict.name(),
        sign: words::sign(result.verdict),
        cases: result.cases.iter().map(|id| Link::to(id)).collect(),
    }
}

/// What occurs, worst first after what passes, so that bars are read alike.
fn bar(counts: Counts) -> Vec<Tally> {
    const ORDER: [Verdict; 7] = [
        Verdict::Fail,
        Verdict::Error,
        Verdict::Blocked,
        Verdict::Warn,
        Verdict::Pass,
        Verdict::Unsupported,
        Verdict::Skipped,
    ];
    let occurs = |verdict: Verdict| {
        let number = counts.get(verdict);
        (number > 0).then(|| Tally {
            verdict: verdict.name(),
            sign: words::sign(verdict),
            number,
        })
    };
    ORDER.into_iter().filter_map(occurs).collect()
}
