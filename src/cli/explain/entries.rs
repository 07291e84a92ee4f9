//! Everything that has a name. The sentence of a requirement comes from the catalogue.

use std::sync::Arc;

use super::known::Known;
use super::page::Page;
use super::{bundled, case, requirement, scenario, topic};
use crate::catalogue::{Category, Requirement};
use crate::cli::Exit;
use crate::client_test::{Rule, Scenario};
use crate::fixture::Fixture;
use crate::record::SET_UP;
use crate::registry::{self, Deployment, Fault, Profile, Variant};
use crate::suite::{Case, Feature, Invariant};
use crate::traffic::{Observed, TRAFFIC_ANSWERED};

/// The requirements whose names are those of error codes begin with this.
const ERROR_CODE: &str = "error-code-";

/// Something with a name.
pub enum Entry<'a> {
    /// An obligation or permission.
    Requirement(&'a Requirement),
    /// A case.
    Case(&'a Arc<Case>),
    /// A check of every response.
    Invariant(&'a Arc<Invariant>),
    /// What a client is asked.
    Scenario(&'a Scenario),
    /// What holds for all requests of a client.
    Observed(&'a Observed<Rule>),
    /// The same, where only traffic is judged by it.
    OfTraffic(&'a Observed<Rule>),
    /// What keeps traffic from being judged.
    NotJudged,
    /// Something optional.
    Feature(&'a Feature),
    /// A deliberate violation.
    Fault(&'static Fault),
    /// A permitted variant.
    Variant(&'static Variant),
    /// The authentication of a well-known registry.
    Profile(&'static Profile),
    /// A mistake of deployment.
    Deployment(&'static Deployment),
    /// What is pushed for several cases: a fixture, by its name.
    SetUp(&'a str, &'a Fixture),
    /// A category.
    Category(Category),
    /// A code of the specification's table, by its requirement.
    ErrorCode(&'a Requirement),
    /// An exit status.
    Exit(Exit),
}

/// Everything that has a name.
pub fn all(known: Known<'_>) -> Vec<Entry<'_>> {
    let Known { suites, scenarios } = known;
    let mut all: Vec<Entry<'_>> = suites.catalogue.iter().map(Entry::Requirement).collect();
    all.extend(suites.cases().map(Entry::Case));
    all.extend(suites.invariants().map(Entry::Invariant));
    all.extend(scenarios.scenarios.iter().map(Entry::Scenario));
    all.extend(scenarios.observed.iter().map(Entry::Observed));
    all.extend(scenarios.traffic.iter().map(Entry::OfTraffic));
    all.push(Entry::NotJudged);
    all.extend(suites.features.values().map(Entry::Feature));
    all.extend(registry::faults().map(Entry::Fault));
    all.extend(registry::variants().map(Entry::Variant));
    all.extend(registry::profiles().map(Entry::Profile));
    all.extend(registry::deployments().map(Entry::Deployment));
    let fixtures = suites.fixtures.iter();
    all.extend(fixtures.map(|(name, fixture)| Entry::SetUp(name, fixture)));
    all.extend(Category::every().map(Entry::Category));
    let codes = suites
        .catalogue
        .iter()
        .filter(|one| code(&one.id).is_some());
    all.extend(codes.map(Entry::ErrorCode));
    all.extend(Exit::ALL.map(Entry::Exit));
    all
}

/// The error code that a requirement is about: `error-code-blob-unknown` is BLOB_UNKNOWN.
fn code(requirement: &str) -> Option<String> {
    let name = requirement.strip_prefix(ERROR_CODE)?;
    // These are about codes in general.
    let general = ["form", "known"].contains(&name);
    (!general).then(|| name.to_uppercase().replace('-', "_"))
}

impl Entry<'_> {
    pub fn name(&self) -> String {
        match self {
            Self::Requirement(one) => one.id.clone(),
            Self::Case(case) => case.id.clone(),
            Self::Invariant(one) => one.id.clone(),
            Self::Scenario(one) => one.about.id.clone(),
            Self::Observed(one) | Self::OfTraffic(one) => one.about.id.clone(),
            Self::NotJudged => TRAFFIC_ANSWERED.to_owned(),
            Self::Feature(feature) => feature.id.clone(),
            Self::Fault(fault) => fault.id.to_owned(),
            Self::Variant(variant) => variant.id.to_owned(),
            Self::Profile(profile) => profile.id.to_owned(),
            Self::Deployment(deployment) => deployment.id.to_owned(),
            Self::SetUp(name, _) => format!("{SET_UP}-{name}"),
            Self::Category(category) => category.name().to_owned(),
            Self::ErrorCode(one) => code(&one.id).unwrap_or_default(),
            Self::Exit(exit) => exit.status().to_string(),
        }
    }

    pub fn explain(&self, known: Known<'_>) -> String {
        let Known { suites, .. } = known;
        match self {
            Self::Requirement(one) => requirement::requirement("requirement", &one.id, one, known),
            Self::ErrorCode(one) => {
                requirement::requirement("error code", &self.name(), one, known)
            }
            Self::Scenario(one) => scenario::scenario(one, &suites.catalogue),
            Self::Observed(one) => scenario::observed(one, &suites.catalogue),
            Self::OfTraffic(one) => scenario::of_traffic(one, &suites.catalogue),
            Self::NotJudged => scenario::not_judged(),
            Self::Case(one) => case::case(one, suites),
            Self::Invariant(one) => case::invariant(one),
            Self::Feature(feature) => topic::feature(feature, suites),
            Self::Fault(fault) => bundled::fault(fault, suites),
            Self::Variant(variant) => bundled::variant(variant),
            Self::Profile(profile) => bundled::profile(profile),
            Self::Deployment(deployment) => bundled::deployment(deployment),
            Self::SetUp(name, fixture) => case::set_up(name, fixture, suites),
            Self::Category(category) => topic::category(*category, suites),
            Self::Exit(exit) => {
                let mut page = Page::new("exit status", &exit.status().to_string());
                page.say(exit.says());
                page.finish()
            }
        }
    }
}
