//! A case with one choice of its values, and the facts about it that planning needs.

use std::sync::Arc;

use crate::catalogue::Version;
use crate::suite::{Action, Case, Method, PUSHING, RequestText, Step, SuiteVersion, Suites};
use crate::template::{Reference, Template, Value};

/// How many requests in sequence push fixtures, about: a blob takes two, and the manifest follows it.
const REQUESTS_OF_FIXTURES: usize = 3;

/// How many pages a list has, about.
const REQUESTS_OF_PAGES: usize = 3;

/// A case with one choice of its values.
#[derive(Debug, Clone)]
pub struct Instance {
    /// Its stable name: the case's id, and its values where it has any (`chunked-upload/sha512`).
    pub id: Arc<str>,
    /// The case.
    pub case: Arc<Case>,
    /// Its values.
    pub values: Vec<(String, String)>,
    /// The features that it needs.
    pub needs: Vec<String>,
    /// The requirements that its own steps test in the version.
    pub requirements: Vec<String>,
    /// The features that it needs or probes.
    pub features: Vec<String>,
    /// How many requests it sends in sequence, fixtures included: the longest cases start first.
    pub length: usize,
    /// Whether its own steps write. Its content may be in the registry already.
    pub writes: bool,
    /// Whether its own steps may change which tags a repository has.
    pub writes_tags: bool,
    /// Whether its own steps list tags, or may change them.
    pub uses_tags: bool,
    /// Whether its own steps delete: what they deleted may stay visible for a while.
    pub deletes: bool,
}

impl Instance {
    /// The features whose state it waits for: those that it needs, and whether content is pushed or looked for.
    pub fn awaits(&self) -> impl Iterator<Item = &str> {
        let content = self.case.builds().then_some(PUSHING);
        self.needs.iter().map(String::as_str).chain(content)
    }

    /// Whether it changes the tags of a repository, by its steps or by the content that it needs.
    pub fn disturbs(&self) -> bool {
        self.writes_tags || self.case.builds()
    }

    /// Whether its case is newer than the version of the suites that counts.
    pub fn is_newer_than(&self, as_of: Option<SuiteVersion>) -> bool {
        self.case.history.is_newer_than(as_of)
    }

    /// The rule that it tests, with its values.
    pub fn title(&self) -> String {
        let values: Vec<&str> = self
            .values
            .iter()
            .map(|(_, value)| value.as_str())
            .collect();
        match values.as_slice() {
            [] => self.case.title.clone(),
            values => format!("{} ({})", self.case.title, values.join(", ")),
        }
    }
}

/// All instances of the cases that test a requirement of the version, in the order of the suites.
pub fn instances(suites: &Suites, spec: Version) -> Vec<Instance> {
    let mut all = Vec::new();
    for case in suites.cases() {
        if !case.holds_in(spec) {
            continue;
        }
        let requirements = requirements_of(suites, &case.steps, spec);
        if requirements.is_empty() {
            continue;
        }
        for values in combinations(&case.each) {
            let mut id = case.id.clone();
            for (_, value) in &values {
                id.push('/');
                id.push_str(value);
            }
            let declined = case.declinable();
            let writes = any_request(suites, &case.steps, &|one| !one.method.reads());
            let writes_tags = any_request(suites, &case.steps, &changes_tags);
            let uses_tags = writes_tags || any_request(suites, &case.steps, &lists_tags);
            let mut needs = needs(case, &values, suites);
            if writes && suites.features.contains_key(PUSHING) && !declined.contains(PUSHING) {
                needs.push(PUSHING.to_owned());
            }
            let mut features: Vec<String> = declined.into_iter().map(str::to_owned).collect();
            let mut requirements = requirements.clone();
            requirements.extend(missing_shoulds(suites, &features, spec));
            features.extend(needs.iter().cloned());
            features.sort();
            features.dedup();
            all.push(Instance {
                id: id.into(),
                case: case.clone(),
                needs,
                features,
                values,
                requirements,
                writes,
                writes_tags,
                uses_tags,
                deletes: any_request(suites, &case.steps, &|one| one.method == Method::Delete),
                length: length(suites, &case.steps)
                    + case.setup.len()
                    + if case.given.is_empty() {
                        0
                    } else {
                        REQUESTS_OF_FIXTURES
                    },
            });
        }
    }
    all
}

/// The requirements that are violated where the target declines one of these features.
fn missing_shoulds(suites: &Suites, features: &[String], spec: Version) -> Vec<String> {
    let named = features.iter().filter_map(|id| suites.features.get(id));
    named
        .filter_map(|feature| feature.should.clone())
        .filter(|requirement| suites.catalogue.binding_level(requirement, spec).is_some())
        .collect()
}

fn combinations(each: &indexmap::IndexMap<String, Vec<String>>) -> Vec<Vec<(String, String)>> {
    let mut all = vec![Vec::new()];
    for (name, values) in each {
        all = all
            .into_iter()
            .flat_map(|chosen| {
                values.iter().map(move |value| {
                    let mut chosen = chosen.clone();
                    chosen.push((name.clone(), value.clone()));
                    chosen
                })
            })
            .collect();
    }
    all
}

fn needs(case: &Case, values: &[(String, String)], suites: &Suites) -> Vec<String> {
    let mut look_up = |reference: &Reference| {
        let value = values.iter().find(|(name, _)| name == reference.root());
        value.map(|(_, value)| Value::from(value.as_str()))
    };
    let named = case
        .needs
        .iter()
        .filter_map(|need: &Template| need.text(&mut look_up).ok());
    named
        .filter(|need| {
            suites
                .features
                .get(need)
                .is_some_and(|feature| !feature.always)
        })
        .collect()
}

/// Whether steps send a request that is `meant`.
fn any_request(suites: &Suites, steps: &[Step], meant: &dyn Fn(&RequestText) -> bool) -> bool {
    steps.iter().any(|step| {
        let own = match &step.action {
            Action::Request(request) | Action::Paginate { request, .. } => meant(request),
            Action::Use { procedure, .. } => suites
                .procedures
                .get(procedure)
                .is_some_and(|procedure| any_request(suites, &procedure.steps, meant)),
        };
        let mut branches = step.then.iter();
        own || branches.any(|branch| any_request(suites, &branch.steps, meant))
    })
}

/// Whether a request may change which tags a repository has. A registry chooses the URL of uploads alone.
fn changes_tags(request: &RequestText) -> bool {
    let url = request.url.source();
    let by_digest = request.method == Method::Put
        && url.ends_with(".digest}")
        && !request.query.iter().any(|(name, _)| name == "tag");
    !request.method.reads() && url.contains("/manifests/") && !by_digest
}

fn lists_tags(request: &RequestText) -> bool {
    request.url.source().contains("/tags/list")
}

fn requirements_of(suites: &Suites, steps: &[Step], spec: Version) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for step in steps {
        for expectation in step.expectations(&suites.procedures) {
            let requirement = &expectation.requirement;
            let level = suites.catalogue.binding_level(requirement, spec);
            if level.is_some() && !found.contains(requirement) {
                found.push(requirement.clone());
            }
        }
    }
    found
}

fn length(suites: &Suites, steps: &[Step]) -> usize {
    steps
        .iter()
        .map(|step| {
            let own = match &step.action {
                Action::Request(_) => 1,
                Action::Paginate { .. } => REQUESTS_OF_PAGES,
                Action::Use { procedure, .. } => suites
                    .procedures
                    .get(procedure)
                    .map_or(1, |procedure| procedure.steps.len()),
            };
            let branches = step.then.iter();
            let longest = branches.map(|branch| length(suites, &branch.steps)).max();
            own + longest.unwrap_or(0)
        })
        .sum()
}
