//! Checked scenarios, and how they are loaded.

use indexmap::IndexMap;

use super::asked::{Asked, Setup};
use super::format::{Action, Attached, Judgement, ObservedText, ScenarioFile, ScenarioText};
use super::rules::Rule;
use crate::catalogue::{Catalogue, Category, Party, Version};
use crate::data::{Diagnostic, Diagnostics, Folder, Loaded, SourceSpan, did_you_mean, load};
use crate::registry;
use crate::traffic::{About, Observed};

/// The folder of the scenarios below that of the suites.
pub const FOLDER: &str = "client";

/// One action of a client against a registry that behaves in a certain way, and what must hold then.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Its id, title and place in the reports.
    pub about: About,
    pub setup: Setup,
    /// What must hold, by requirement.
    pub expect: IndexMap<String, Judgement>,
}

/// What a client is tested with.
#[derive(Debug, Clone, Copy)]
pub struct Questions<'a> {
    pub scenarios: &'a [Scenario],
    /// The rules for the requests of all trials.
    pub observed: &'a [Observed<Rule>],
    /// The requirements that both name.
    pub catalogue: &'a Catalogue,
}

/// Everything that a client can be judged by.
#[derive(Debug, Default)]
pub struct Scenarios {
    /// What the scenarios of each suite have in common.
    pub titles: IndexMap<String, String>,
    pub scenarios: Vec<Scenario>,
    /// The rules for the requests of all trials.
    pub observed: Vec<Observed<Rule>>,
    /// What traffic alone is judged by.
    pub traffic: Vec<Observed<Rule>>,
}

impl Scenarios {
    /// Reads the scenarios of a folder of suites.
    ///
    /// # Errors
    /// Every mistake, with file, line and column.
    pub fn load(suites: &Folder, catalogue: &Catalogue) -> Result<Self, Diagnostics> {
        let mut diagnostics = Diagnostics::default();
        let mut scenarios = Self::default();
        let mut ids: IndexMap<String, String> = IndexMap::new();
        for file in suites.below(FOLDER) {
            let Some(loaded) = diagnostics.take(load::<ScenarioFile>(file)) else {
                continue;
            };
            scenarios.add(&loaded, catalogue, &mut ids, &mut diagnostics);
        }
        diagnostics.or(scenarios)
    }

    /// What there is to know of each scenario, and of each rule for the requests of all.
    pub fn abouts(&self) -> impl Iterator<Item = &About> {
        let scenarios = self.scenarios.iter().map(|one| &one.about);
        scenarios.chain(self.observed.iter().map(|one| &one.about))
    }

    fn add(
        &mut self,
        file: &Loaded<ScenarioFile>,
        catalogue: &Catalogue,
        ids: &mut IndexMap<String, String>,
        diagnostics: &mut Diagnostics,
    ) {
        let suite = file.span.path().trim_end_matches(".yaml").to_owned();
        self.titles.insert(suite.clone(), file.value.title.clone());
        for (index, text) in file.value.scenarios.iter().enumerate() {
            let span = file.span.at("scenarios").at(index);
            check_id(&text.id, &span, ids, diagnostics);
            check_names(text, &span, diagnostics);
            let expected = text.expect.keys().map(String::as_str);
            let known = check_requirements(expected, &span.at("expect"), catalogue, diagnostics);
            if let Some(about) = about(&text.id, &text.title, &suite, known) {
                self.scenarios.push(Scenario {
                    about,
                    setup: setup(text),
                    expect: text.expect.clone(),
                });
            }
        }
        for (key, texts, rules) in [
            ("observed", &file.value.observed, &mut self.observed),
            ("traffic", &file.value.traffic, &mut self.traffic),
        ] {
            for (index, text) in texts.iter().enumerate() {
                let span = file.span.at(key).at(index);
                rules.extend(observed_rule(
                    text,
                    &suite,
                    &span,
                    catalogue,
                    ids,
                    diagnostics,
                ));
            }
        }
    }

    /// The rules that traffic of any client is judged by: those that need no trial.
    pub fn for_traffic(self) -> Vec<Observed> {
        let all = self.observed.into_iter().chain(self.traffic);
        all.filter_map(|one| {
            Some(Observed {
                rule: one.rule.of_traffic()?,
                about: one.about,
                requirement: one.requirement,
            })
        })
        .collect()
    }

    /// The names of the scenarios and observations that test a requirement.
    pub fn testing(&self, requirement: &str) -> Vec<String> {
        let scenarios = self.scenarios.iter();
        let scenarios = scenarios.filter(|one| one.expect.contains_key(requirement));
        let observed = self
            .observed
            .iter()
            .filter(|one| one.requirement == requirement);
        let scenarios = scenarios.map(|one| one.about.id.clone());
        scenarios
            .chain(observed.map(|one| one.about.id.clone()))
            .collect()
    }
}

/// A checked rule for all requests.
fn observed_rule(
    text: &ObservedText,
    suite: &str,
    span: &SourceSpan,
    catalogue: &Catalogue,
    ids: &mut IndexMap<String, String>,
    diagnostics: &mut Diagnostics,
) -> Option<Observed<Rule>> {
    check_id(&text.id, span, ids, diagnostics);
    let expected = std::iter::once(text.requirement.as_str());
    let known = check_requirements(expected, span, catalogue, diagnostics);
    Some(Observed {
        about: about(&text.id, &text.title, suite, known)?,
        requirement: text.requirement.clone(),
        rule: text.rule,
    })
}

fn setup(text: &ScenarioText) -> Setup {
    let attached = match text.action {
        Action::Referrers => Attached::Artifact,
        _ => Attached::Nothing,
    };
    Setup {
        asked: Asked {
            action: text.action,
            content: text.content,
            by_digest: text.by_digest,
            filtered: text.filtered,
            attached: text.attached.unwrap_or(attached),
            login: text.login,
            tls: text.tls,
        },
        variants: text.variants.clone(),
        faults: text.faults.clone(),
        answers: text.answers.clone(),
    }
}

fn about(id: &str, title: &str, suite: &str, first: Option<(Category, String)>) -> Option<About> {
    let (category, section) = first?;
    Some(About {
        id: id.to_owned(),
        title: title.to_owned(),
        suite: suite.to_owned(),
        category,
        section,
    })
}

fn check_id(
    id: &str,
    span: &SourceSpan,
    ids: &mut IndexMap<String, String>,
    diagnostics: &mut Diagnostics,
) {
    let place = format!("{}:{}", span.file(), span.line());
    if let Some(taken) = ids.insert(id.to_owned(), place) {
        let message = format!("the id `{id}` is taken in {taken}");
        diagnostics.list.push(span.at("id").diagnostic(message));
    }
}

/// Reports variants and faults that the bundled registry does not have, and changes of nothing.
fn check_names(text: &ScenarioText, span: &SourceSpan, diagnostics: &mut Diagnostics) {
    let mut check = |name: &str, at: SourceSpan, known: Vec<&'static str>| {
        if !known.contains(&name) {
            let message = format!("the bundled registry has no `{name}`");
            diagnostics.list.push(unknown(name, &at, message, known));
        }
    };
    for (index, name) in text.variants.iter().enumerate() {
        let known = registry::variants().map(|one| one.id).collect();
        check(name, span.at("variants").at(index), known);
    }
    for (index, name) in text.faults.iter().enumerate() {
        let known = registry::faults().map(|one| one.id).collect();
        check(name, span.at("faults").at(index), known);
    }
    if text.expect.is_empty() {
        let at = span.at("expect");
        diagnostics
            .list
            .push(at.diagnostic("a scenario expects something"));
    }
}

/// Reports requirements that bind nobody, or registries; gives the category and the section of the first one.
fn check_requirements<'a>(
    ids: impl Iterator<Item = &'a str>,
    span: &SourceSpan,
    catalogue: &Catalogue,
    diagnostics: &mut Diagnostics,
) -> Option<(Category, String)> {
    let mut first = None;
    for id in ids {
        match catalogue.get(id) {
            Some(one) if one.party == Party::Client => {
                let newest = Version::ALL.into_iter().rev();
                let section = newest
                    .map(|version| one.section(version))
                    .find(|it| !it.is_empty());
                let found = (one.category, section.unwrap_or_default().to_owned());
                first.get_or_insert(found);
            }
            Some(_) => diagnostics.list.push(
                span.at(id.to_owned())
                    .diagnostic(format!("`{id}` binds registries, and not clients")),
            ),
            None => {
                let of_clients = catalogue.iter().filter(|one| one.party == Party::Client);
                let known = of_clients.map(|one| one.id.as_str());
                let (at, message) = (
                    span.at(id.to_owned()),
                    format!("there is no requirement `{id}`"),
                );
                diagnostics.list.push(unknown(id, &at, message, known));
            }
        }
    }
    first
}

/// A name that is none of `known`, with the one that it may mean.
fn unknown<'a>(
    name: &str,
    at: &SourceSpan,
    message: String,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let diagnostic = at.diagnostic(message);
    match did_you_mean(name, known) {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}
