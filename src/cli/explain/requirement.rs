//! A requirement: its sentence, levels and section, and the cases and faults that show it.

use super::known::Known;
use super::page::Page;
use super::request::requests;
use crate::catalogue::{Level, Party, Requirement, Version};
use crate::registry;
use crate::suite::Suites;

/// A requirement; an error code is explained by the requirement of its name.
pub fn requirement(kind: &str, name: &str, one: &Requirement, known: Known<'_>) -> String {
    let mut page = Page::new(kind, name);
    levels(&mut page, one);
    if let Some(why) = &one.why {
        page.prose("why", why);
    }
    if let Some(feature) = &one.feature {
        let may = format!("{feature}, which is optional");
        page.prose("belongs to", &may);
    }
    page.list("presumes", one.presumes.iter().cloned());
    let binding = versions(one).any(|version| one.level(version) != Some(Level::May));
    match (one.party, &one.unobservable) {
        (Party::Client, _) => of_clients(&mut page, one, binding, known),
        (Party::Registry, Some(why)) => page.prose("not tested", why),
        (Party::Registry, None) if !binding => page.line("permits", "it cannot be violated"),
        (Party::Registry, None) => tested(&mut page, one, known.suites),
    }
    page.finish()
}

/// The versions of the specification that have it.
fn versions(one: &Requirement) -> impl DoubleEndedIterator<Item = Version> + Clone {
    let has = move |version: &Version| one.level(*version).is_some();
    Version::ALL.into_iter().filter(has)
}

/// What it says, and with which level and basis in which version.
fn levels(page: &mut Page, one: &Requirement) {
    page.say(&one.says);
    let level = |version: Version| {
        let level = one.level(version)?;
        Some(format!("{level} in {version}"))
    };
    page.list("level", versions(one).filter_map(level));
    let basis = |version: Version| Some(format!("{} in {version}", one.basis(version)?));
    page.list(
        "basis",
        versions(one).filter_map(basis).chain(one.rfc.clone()),
    );
    page.line("category", one.category.title());
    page.line(
        "since",
        versions(one).next().map_or("", |version| version.name()),
    );
    if let Some(newest) = versions(one).next_back() {
        let (section, sentence) = (one.section_link(newest), one.link(newest));
        page.line("section", &section);
        if sentence != section {
            page.line("sentence", &sentence);
        }
    }
    page.list("texts", versions(one).map(|version| version.long_name()));
}

/// The scenarios of a requirement that binds clients, and how to run them.
fn of_clients(page: &mut Page, one: &Requirement, binding: bool, known: Known<'_>) {
    page.prose("binds", "clients: a run against a registry cannot test it");
    let scenarios = known.scenarios.testing(&one.id);
    if !binding {
        page.line("permits", "it cannot be violated");
    } else if scenarios.is_empty() {
        let why = one.untested.as_deref().unwrap_or("no scenario tests it");
        page.prose("not tested", why);
    } else {
        page.list("tested by", scenarios.into_iter());
        page.line("try", &format!("assay client run NAME --only {}", one.id));
    }
}

/// The cases and faults of a requirement, and how to run both.
fn tested(page: &mut Page, one: &Requirement, suites: &Suites) {
    let cases = suites.tested_by(&one.id);
    match cases.is_empty() {
        true => page.line(
            "not tested",
            one.untested.as_deref().unwrap_or("no case tests it"),
        ),
        false => page.list("tested by", cases.into_iter()),
    }
    let faults: Vec<String> = registry::faults()
        .filter(|fault| fault.violates.contains(&one.id.as_str()))
        .map(|fault| fault.id.to_owned())
        .collect();
    let first = faults.first().cloned();
    match faults.is_empty() {
        true => page.line(
            "no fault",
            one.unfaulted.as_deref().unwrap_or("no fault violates it"),
        ),
        false => page.list("faults", faults.into_iter()),
    }
    let mut cases = suites.cases();
    if let Some(case) = cases.find(|case| {
        case.requirements(&suites.procedures)
            .contains(&one.id.as_str())
    }) {
        for request in requests(case, suites, Some(&one.id)).into_iter().take(1) {
            page.line("request", &request);
        }
    }
    page.line("try", &format!("assay run TARGET --only {}", one.id));
    if let Some(fault) = first {
        page.line("see it fail", &format!("assay serve --fault {fault}"));
    }
}
