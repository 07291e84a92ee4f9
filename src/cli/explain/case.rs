//! Cases, invariants and set-ups: what they test, and the requests that they send.

use std::sync::Arc;

use super::page::Page;
use super::request::requests;
use crate::catalogue::Version;
use crate::endpoint::EndpointKind;
use crate::fixture::Fixture;
use crate::record::SET_UP;
use crate::registry;
use crate::suite::{Case, Invariant, Method, Suites};

pub fn case(case: &Case, suites: &Suites) -> String {
    let mut page = Page::new("case", &case.id);
    page.say(&case.title);
    page.line("suite", &case.suite);
    let versions = Version::ALL.into_iter().filter(|version| {
        let asked = |id: &&str| suites.catalogue.level(id, *version).is_some();
        case.holds_in(*version) && case.requirements(&suites.procedures).iter().any(asked)
    });
    let versions: Vec<Version> = versions.collect();
    let mut preferred = Version::by_preference().into_iter();
    let shown = preferred.find(|version| versions.contains(version));
    let shown = shown.unwrap_or(Version::RELEASED);
    page.line("section", &shown.link(&case.section));
    page.list(
        "applies to",
        versions.iter().map(|version| version.name().to_owned()),
    );
    page.line("since", &format!("{} of the suites", case.history.since));
    for (version, what) in &case.history.changed {
        page.line("changed", &format!("{version}: {what}"));
    }
    for (name, values) in &case.each {
        page.line("for each", &format!("{name}: {}", values.join(", ")));
    }
    page.list("features", case.features().into_iter());
    if let Some(note) = &case.note {
        page.prose("note", note);
    }
    for id in case.requirements(&suites.procedures) {
        if let Some(one) = suites.catalogue.get(id) {
            page.prose("tests", &format!("{id}: {}", one.says));
        }
    }
    let tested = case.requirements(&suites.procedures);
    let faults = registry::faults()
        .filter(|fault| fault.violates.iter().any(|id| tested.contains(id)))
        .map(|fault| fault.id.to_owned());
    page.list("detects", faults);
    for request in requests(case, suites, None) {
        page.line("sends", &request);
    }
    page.line("try", &format!("assay run TARGET --only {}", case.id));
    page.finish()
}

/// A check of every response.
pub fn invariant(one: &Invariant) -> String {
    let mut page = Page::new("invariant", &one.id);
    page.say(&one.title);
    match one.to.is_empty() {
        true => page.line("applies to", "every response of a run"),
        false => page.list("applies to", one.to.iter().flat_map(requests_of)),
    }
    page.line("section", &Version::RELEASED.link(&one.section));
    let requirements = one.expect.iter();
    page.list("tests", requirements.map(|one| one.requirement.clone()));
    page.line("since", &format!("{} of the suites", one.history.since));
    page.line("try", "assay run TARGET");
    page.finish()
}

/// The requests whose responses an invariant checks: `GET a blob`.
fn requests_of((method, endpoints): &(Method, Vec<EndpointKind>)) -> Vec<String> {
    let endpoints = endpoints.iter();
    endpoints
        .map(|endpoint| format!("{} {}", method.name(), endpoint.describe()))
        .collect()
}

/// The push of a fixture that several cases share.
pub fn set_up(name: &str, fixture: &Fixture, suites: &Suites) -> String {
    let mut page = Page::new("set-up", &format!("{SET_UP}-{name}"));
    page.say(&format!("Pushes {}.", fixture.title));
    let given = |case: &&Arc<Case>| case.given.values().any(|given| given.fixture == name);
    let built_on: Vec<String> = suites
        .cases()
        .filter(given)
        .map(|case| case.id.clone())
        .collect();
    page.prose(
        "if it fails",
        "the case that tests the request fails; the cases that need the set-up are blocked",
    );
    let first = built_on.first().cloned();
    page.list("needed by", built_on.into_iter());
    if let Some(case) = first {
        page.line("try", &format!("assay run TARGET --only {case}"));
    }
    page.finish()
}
