//! The entries that kinds, patterns and filters select.

use std::sync::Arc;

use globset::{Glob, GlobMatcher};

use super::args::ListArgs;
use crate::catalogue::{Category, Level, Requirement, Version};
use crate::cli::CliError;
use crate::client_test::{LoadedAdapter, Scenarios};
use crate::data::did_you_mean;
use crate::registry::{self, Deployment, Fault, Profile, Variant};
use crate::suite::{Case, Feature, Invariant, Suite, Suites};
use crate::traffic::About;

const KINDS: [&str; 10] = [
    "suites",
    "cases",
    "requirements",
    "features",
    "faults",
    "variants",
    "profiles",
    "deployments",
    "scenarios",
    "clients",
];

/// The selection.
pub struct Choice<'a> {
    args: &'a ListArgs,
    kinds: Vec<&'a str>,
    patterns: Vec<GlobMatcher>,
}

/// The selected entries. A kind that is not listed is `None`.
#[derive(Default)]
pub struct Listing<'a> {
    /// Suites with their cases and invariants.
    pub suites: Option<Vec<Part<'a>>>,
    /// Whether the cases are listed by themselves, without their suites.
    pub cases_alone: bool,
    pub requirements: Option<Vec<&'a Requirement>>,
    pub features: Option<Vec<&'a Feature>>,
    pub faults: Option<Vec<&'static Fault>>,
    pub variants: Option<Vec<&'static Variant>>,
    pub profiles: Option<Vec<&'static Profile>>,
    pub deployments: Option<Vec<&'static Deployment>>,
    /// Scenarios for clients, and rules for the requests of all.
    pub scenarios: Option<Vec<&'a About>>,
    pub clients: Option<Vec<&'a LoadedAdapter>>,
}

/// The selected part of a suite.
pub struct Part<'a> {
    pub suite: &'a Suite,
    pub cases: Vec<&'a Arc<Case>>,
    pub invariants: Vec<&'a Arc<Invariant>>,
}

impl Listing<'_> {
    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        fn none<T>(list: Option<&Vec<T>>) -> bool {
            list.is_none_or(Vec::is_empty)
        }
        none(self.suites.as_ref())
            && none(self.requirements.as_ref())
            && none(self.features.as_ref())
            && none(self.faults.as_ref())
            && none(self.variants.as_ref())
            && none(self.profiles.as_ref())
            && none(self.deployments.as_ref())
            && none(self.scenarios.as_ref())
            && none(self.clients.as_ref())
    }
}

impl<'a> Choice<'a> {
    /// Reads what was typed.
    ///
    /// # Errors
    /// A pattern that is none; a feature that there is not.
    pub fn of(args: &'a ListArgs, suites: &Suites) -> Result<Self, CliError> {
        let mut kinds = Vec::new();
        let mut patterns = Vec::new();
        for word in &args.what {
            if KINDS.contains(&word.as_str()) {
                kinds.push(word.as_str());
                continue;
            }
            let glob = Glob::new(word).map_err(|error| {
                CliError::usage(format!("`{word}` is not a pattern: {}", error.kind()))
            })?;
            patterns.push(glob.compile_matcher());
        }
        if let Some(feature) = &args.feature
            && !suites.features.contains_key(feature)
        {
            let known = suites.features.keys().map(String::as_str);
            let hint = did_you_mean(feature, known)
                .unwrap_or_else(|| "`assay list features` lists them".to_owned());
            return Err(CliError::usage(format!(
                "there is no feature `{feature}`: {hint}"
            )));
        }
        Ok(Self {
            args,
            kinds,
            patterns,
        })
    }

    /// The entries of the suites and of the bundled registry.
    pub fn listing(&self, suites: &'a Suites) -> Listing<'a> {
        let cases_alone = self.kinds.contains(&"cases") && !self.kinds.contains(&"suites");
        Listing {
            suites: (self.wants("suites") || self.wants("cases")).then(|| self.suites(suites)),
            cases_alone,
            requirements: self.wants("requirements").then(|| {
                let all = suites.catalogue.iter();
                all.filter(|one| self.named(&[&one.id]) && self.asks(one))
                    .collect()
            }),
            features: self.wants("features").then(|| {
                let all = suites.features.values();
                all.filter(|one| self.named(&[&one.id]) && self.feature(&one.id))
                    .filter(|_| self.kinds.contains(&"features") || !self.by_requirement())
                    .collect()
            }),
            faults: self.wants("faults").then(|| {
                let all = registry::faults();
                all.filter(|fault| {
                    self.named(&[fault.id]) && self.any_asked(suites, fault.violates)
                })
                .collect()
            }),
            variants: self.wants("variants").then(|| {
                let all = registry::variants();
                all.filter(|one| self.named(&[one.id]) && !self.narrowed())
                    .collect()
            }),
            profiles: self.wants("profiles").then(|| {
                let all = registry::profiles();
                all.filter(|one| self.named(&[one.id]) && !self.narrowed())
                    .collect()
            }),
            deployments: self.wants("deployments").then(|| {
                let all = registry::deployments();
                all.filter(|one| self.named(&[one.id]) && !self.narrowed())
                    .collect()
            }),
            ..Listing::default()
        }
    }

    /// The scenarios that test a selected requirement.
    pub fn scenarios(&self, suites: &Suites, all: &'a Scenarios) -> Option<Vec<&'a About>> {
        let scenarios = all.scenarios.iter().map(|one| {
            let requirements: Vec<&str> = one.expect.keys().map(String::as_str).collect();
            (&one.about, requirements)
        });
        let observed = all.observed.iter();
        let observed = observed.map(|one| (&one.about, vec![one.requirement.as_str()]));
        let selected = scenarios.chain(observed).filter(|(about, requirements)| {
            self.named(&[&about.id, &about.suite]) && self.any_asked(suites, requirements)
        });
        self.wants("scenarios")
            .then(|| selected.map(|(about, _)| about).collect())
    }

    pub fn clients(&self, all: &'a [LoadedAdapter]) -> Option<Vec<&'a LoadedAdapter>> {
        let named = |one: &&LoadedAdapter| self.named(&[&one.text.name]) && !self.narrowed();
        self.wants("clients")
            .then(|| all.iter().filter(named).collect())
    }

    pub fn wants(&self, kind: &str) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&kind)
    }

    fn named(&self, names: &[&str]) -> bool {
        let mut patterns = self.patterns.iter();
        self.patterns.is_empty()
            || patterns.any(|pattern| names.iter().any(|name| pattern.is_match(name)))
    }

    fn by_requirement(&self) -> bool {
        !self.args.category.is_empty() || self.args.spec.is_some() || !self.args.level.is_empty()
    }

    /// Whether only entries about requirements or a feature are selected.
    fn narrowed(&self) -> bool {
        self.by_requirement() || self.args.feature.is_some()
    }

    fn feature(&self, id: &str) -> bool {
        self.args
            .feature
            .as_deref()
            .is_none_or(|wanted| wanted == id)
    }

    fn category(&self, category: Category) -> bool {
        self.args.category.is_empty() || self.args.category.contains(&category)
    }

    /// Whether a selected version has the requirement at a selected level.
    fn level(&self, requirement: &Requirement) -> bool {
        let versions = Version::ALL.into_iter();
        let mut versions = versions.filter(|one| self.args.spec.is_none_or(|spec| spec == *one));
        let counts = |level: Level| self.args.level.is_empty() || self.args.level.contains(&level);
        versions.any(|version| requirement.level(version).is_some_and(counts))
    }

    fn asks(&self, requirement: &Requirement) -> bool {
        let feature = self.args.feature.as_deref();
        let feature = feature.is_none_or(|wanted| requirement.feature.as_deref() == Some(wanted));
        self.category(requirement.category) && self.level(requirement) && feature
    }

    fn any_asked(&self, suites: &Suites, ids: &[&str]) -> bool {
        let mut found = ids.iter().filter_map(|id| suites.catalogue.get(id));
        found.any(|requirement| self.asks(requirement))
    }

    fn suites(&self, suites: &'a Suites) -> Vec<Part<'a>> {
        let levels = |ids: &[&str]| {
            let mut found = ids.iter().filter_map(|id| suites.catalogue.get(id));
            found.any(|requirement| self.level(requirement))
        };
        let part = |suite: &'a Suite| {
            let names = |id: &'a str| [id, suite.name.as_str(), suite.section.as_str()];
            let cases = suite.cases.iter().filter(|case| {
                let feature = self.args.feature.as_ref();
                self.named(&names(&case.id))
                    && self.args.spec.is_none_or(|spec| case.holds_in(spec))
                    && levels(&case.requirements(&suites.procedures))
                    && feature.is_none_or(|wanted| case.features().contains(wanted))
            });
            let invariants = suite.invariants.iter().filter(|one| {
                let tested = one.expect.iter().map(|expect| expect.requirement.as_str());
                self.named(&names(&one.id))
                    && levels(&tested.collect::<Vec<_>>())
                    && self.args.feature.is_none()
            });
            Part {
                suite,
                cases: cases.collect(),
                invariants: invariants.collect(),
            }
        };
        let all = suites.suites.iter();
        all.filter(|suite| self.category(suite.category))
            .map(part)
            .filter(|part| !part.cases.is_empty() || !part.invariants.is_empty())
            .collect()
    }
}
