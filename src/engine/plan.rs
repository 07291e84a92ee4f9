//! What will be run: cases with their values, chosen and in order.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use globset::{Glob, GlobMatcher};

use crate::catalogue::{Category, Level, Version};
use crate::suite::{Action, Case, PUSHING, Step, SuiteVersion, Suites};
use crate::template::{Reference, Template, Value};

/// What the user chose.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Patterns, one of which a case must match; all cases where there is none.
    pub only: Vec<Pattern>,
    /// Patterns that leave a case out.
    pub skip: Vec<Pattern>,
    /// Categories; all where there is none.
    pub categories: Vec<Category>,
    /// Features that something must be found out about, whatever else is chosen.
    pub find_out: Vec<String>,
    /// The version of the suites whose cases count: newer ones are run beside them.
    pub as_of: Option<SuiteVersion>,
    /// Requirements, one of which a case must test; all cases where there is none. Plain cases, which may be the cause of
    /// what others find, come along.
    pub requirements: Vec<String>,
    /// Ids (with their values) of cases and invariants, whatever their category; all where there is none.
    pub ids: Vec<String>,
}

/// A pattern for cases: a glob over their ids, suites, sections and requirements.
#[derive(Debug, Clone)]
pub struct Pattern {
    text: String,
    glob: GlobMatcher,
}

/// A pattern that is no glob.
#[derive(Debug, Clone, thiserror::Error)]
#[error("`{pattern}` is no pattern: {reason}. Use a case's id, or a glob such as `upload-*`")]
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

/// A case with one choice of its values.
#[derive(Debug, Clone)]
pub struct Instance {
    /// Its name for ever: the case's id, and its values where it has any (`chunked-upload/sha512`).
    pub id: Arc<str>,
    /// The case.
    pub case: Arc<Case>,
    /// Its values.
    pub values: Vec<(String, String)>,
    /// The features that it needs.
    pub needs: Vec<String>,
    /// The requirements that its own steps test in the version.
    pub requirements: Vec<String>,
    /// The features that it needs, or finds out about.
    pub features: Vec<String>,
    /// How many requests follow one another, fixtures included: the longest start first.
    pub length: usize,
    /// Whether its own steps write. What is in the registry before it may have been loaded there.
    pub writes: bool,
}

/// What will be run.
#[derive(Debug)]
pub struct Plan {
    /// What to run, in the order of the suites.
    pub chosen: Vec<Instance>,
    /// What the user left out.
    pub left_out: Vec<Instance>,
    /// Which chosen case finds out about a feature, by feature.
    pub probes: HashMap<String, Arc<str>>,
    /// Whether the invariants are reported.
    pub invariants: bool,
    /// Whether the user left something out.
    pub partial: bool,
}

impl Plan {
    /// Whether something that is chosen pushes content.
    pub fn pushes(&self) -> bool {
        let mut chosen = self.chosen.iter();
        chosen.any(|instance| {
            let writes = instance.features.iter().any(|one| one == PUSHING);
            writes || instance.case.builds()
        })
    }
}

impl Instance {
    /// Whether its case is newer than the version of the suites that counts.
    pub fn is_newer_than(&self, as_of: Option<SuiteVersion>) -> bool {
        self.case.history.is_newer_than(as_of)
    }

    /// What it shows, with its values.
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

/// Nothing to run.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The selection leaves nothing.
    #[error(
        "nothing is selected: no case matches {0}. `assay list` shows the ids, suites and sections that --only takes"
    )]
    Nothing(String),
    /// The suites hold nothing for this version.
    #[error("the suites hold no case for version {0} of the specification")]
    Empty(Version),
}

/// Plans a run.
///
/// # Errors
/// When nothing is left to run.
pub fn plan(suites: &Suites, spec: Version, selection: &Selection) -> Result<Plan, PlanError> {
    let all = instances(suites, spec);
    if all.is_empty() {
        return Err(PlanError::Empty(spec));
    }
    let probes = probes(&all, selection.as_of);
    let mut ids = needed(&all, &probes, selection);
    if ids.is_empty() {
        return Err(PlanError::Nothing(selection.describe()));
    }
    for feature in &selection.find_out {
        ids.extend(probes.get(feature).cloned());
    }
    let (mut chosen, mut left_out) = (Vec::new(), Vec::new());
    for instance in all {
        if ids.contains(&instance.id) {
            chosen.push(instance);
        } else if !instance.case.category.is_extra() && !instance.is_newer_than(selection.as_of) {
            left_out.push(instance);
        }
    }
    let chosen_ids: HashSet<&str> = chosen.iter().map(|instance| &*instance.id).collect();
    let probes = probes
        .into_iter()
        .filter(|(_, id)| chosen_ids.contains(&**id))
        .collect();
    Ok(Plan {
        probes,
        invariants: selection.only.is_empty()
            && selection.takes_invariants(suites)
            && (selection.categories.is_empty()
                || selection.categories.contains(&Category::Everywhere)),
        chosen,
        left_out,
        partial: selection.is_partial(),
    })
}

/// The cases that are chosen, and those that find out about the features that they need.
fn needed(
    all: &[Instance],
    probes: &HashMap<String, Arc<str>>,
    selection: &Selection,
) -> HashSet<Arc<str>> {
    let chosen: Vec<&Instance> = all.iter().filter(|one| selection.chooses(one)).collect();
    let needs = chosen.iter().flat_map(|one| &one.needs);
    let found_out = needs.filter_map(|need| probes.get(need).cloned());
    found_out
        .chain(chosen.iter().map(|one| one.id.clone()))
        .collect()
}

impl Selection {
    fn chooses(&self, instance: &Instance) -> bool {
        let any = |patterns: &[Pattern]| patterns.iter().any(|pattern| pattern.matches(instance));
        (self.only.is_empty() || any(&self.only))
            && !any(&self.skip)
            && self.takes(instance)
            && (self.ids.is_empty() || self.names(&instance.id))
            && (self.requirements.is_empty()
                || instance.case.canonical
                || self.tests_one(&instance.requirements))
    }

    /// What is beside the specification is taken only where it is named.
    fn takes(&self, instance: &Instance) -> bool {
        let category = instance.case.category;
        match self.categories.is_empty() {
            true => !category.is_extra() || self.names(&instance.id),
            false => self.categories.contains(&category),
        }
    }

    fn names(&self, id: &str) -> bool {
        self.ids.iter().any(|one| one == id)
    }

    /// Where cases are named one by one, an invariant is too.
    fn takes_invariants(&self, suites: &Suites) -> bool {
        self.ids.is_empty() || suites.invariants().any(|one| self.names(&one.id))
    }

    fn tests_one(&self, requirements: &[String]) -> bool {
        requirements
            .iter()
            .any(|one| self.requirements.contains(one))
    }

    /// Whether it leaves anything out on purpose. What is left to other parts of the run is not left out.
    pub fn is_partial(&self) -> bool {
        let lists = [
            self.only.len(),
            self.skip.len(),
            self.categories.len(),
            self.ids.len(),
        ];
        lists.iter().any(|length| *length > 0)
    }

    fn describe(&self) -> String {
        let mut words: Vec<String> = Vec::new();
        words.extend(self.only.iter().map(|one| format!("--only {one}")));
        words.extend(self.skip.iter().map(|one| format!("--skip {one}")));
        let categories = self.categories.iter();
        words.extend(categories.map(|one| format!("--category {one}")));
        words.extend(self.ids.iter().take(3).cloned());
        words.join(" ")
    }
}

impl Pattern {
    fn matches(&self, instance: &Instance) -> bool {
        let case = &instance.case;
        let names = [&*instance.id, &case.id, &case.suite, &case.section];
        names.iter().any(|name| self.glob.is_match(name))
            || instance
                .requirements
                .iter()
                .any(|requirement| self.glob.is_match(requirement))
    }
}

fn instances(suites: &Suites, spec: Version) -> Vec<Instance> {
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
            let declined = declined_by(case);
            let writes = writes(suites, case);
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
                length: length(suites, &case.steps)
                    + case.setup.len()
                    + if case.given.is_empty() { 0 } else { 3 },
            });
        }
    }
    all
}

/// The requirements that are broken where the target declines one of these features.
fn missing_shoulds(suites: &Suites, features: &[String], spec: Version) -> Vec<String> {
    let named = features.iter().filter_map(|id| suites.features.get(id));
    named
        .filter_map(|feature| feature.should.clone())
        .filter(|requirement| {
            let level = suites.catalogue.level(requirement, spec);
            level.is_some_and(|level| level != Level::May)
        })
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

fn writes(suites: &Suites, case: &Case) -> bool {
    fn in_steps(suites: &Suites, steps: &[Step]) -> bool {
        steps.iter().any(|step| {
            let own = match &step.action {
                Action::Request(request) | Action::Paginate { request, .. } => {
                    !request.method.reads()
                }
                Action::Use { procedure, .. } => suites
                    .procedures
                    .get(procedure)
                    .is_some_and(|procedure| in_steps(suites, &procedure.steps)),
            };
            own || step
                .then
                .iter()
                .any(|branch| in_steps(suites, &branch.steps))
        })
    }
    in_steps(suites, &case.steps)
}

fn requirements_of(suites: &Suites, steps: &[Step], spec: Version) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for step in steps {
        for expectation in step.expectations(&suites.procedures) {
            let level = suites.catalogue.level(&expectation.requirement, spec);
            let binds = level.is_some_and(|level| level != Level::May);
            if binds && !found.contains(&expectation.requirement) {
                found.push(expectation.requirement.clone());
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
                Action::Paginate { .. } => 3,
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

/// For each feature, the first case that would hear the target decline it: one that counts, where there is one.
fn probes(all: &[Instance], as_of: Option<SuiteVersion>) -> HashMap<String, Arc<str>> {
    let mut probes = HashMap::new();
    let (newer, counted): (Vec<_>, Vec<_>) = all.iter().partition(|one| one.is_newer_than(as_of));
    for instance in counted.into_iter().chain(newer) {
        for feature in declined_by(&instance.case) {
            let waits_for_itself = instance.needs.iter().any(|need| need == feature);
            if !waits_for_itself {
                probes
                    .entry(feature.to_owned())
                    .or_insert_with(|| instance.id.clone());
            }
        }
    }
    probes
}

fn declined_by(case: &Case) -> HashSet<&str> {
    let before = case.setup.iter();
    let mut declined: HashSet<&str> = before.filter_map(|one| one.declines.as_deref()).collect();
    declined_in(&case.steps, &mut declined);
    declined
}

fn declined_in<'a>(steps: &'a [Step], into: &mut HashSet<&'a str>) {
    for step in steps {
        into.extend(step.declined.iter().map(|(feature, _)| feature.as_str()));
        for branch in &step.then {
            into.extend(branch.declines.as_deref());
            declined_in(&branch.steps, into);
        }
    }
}
