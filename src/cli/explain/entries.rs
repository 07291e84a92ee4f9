//! Everything that has a name, with its explanation. The sentence of a requirement comes from the catalogue.

use std::fmt::Write as _;
use std::sync::Arc;

use super::request::requests;
use crate::catalogue::{Category, Level, Party, Requirement, Version};
use crate::cli::Exit;
use crate::cli::output_style::columns;
use crate::fixture::Fixture;
use crate::record::SET_UP;
use crate::registry::{self, Fault, Profile, Variant};
use crate::report::terminal::wrapped;
use crate::suite::{Case, Feature, Invariant, Suites};

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
    /// Something optional.
    Feature(&'a Feature),
    /// A deliberate violation.
    Fault(&'static Fault),
    /// A permitted variant.
    Variant(&'static Variant),
    /// The authentication of a well-known registry.
    Profile(&'static Profile),
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
pub fn all(suites: &Suites) -> Vec<Entry<'_>> {
    let mut all: Vec<Entry<'_>> = suites.catalogue.iter().map(Entry::Requirement).collect();
    all.extend(suites.cases().map(Entry::Case));
    all.extend(suites.invariants().map(Entry::Invariant));
    all.extend(suites.features.values().map(Entry::Feature));
    all.extend(registry::faults().map(Entry::Fault));
    all.extend(registry::variants().map(Entry::Variant));
    all.extend(registry::profiles().map(Entry::Profile));
    let fixtures = suites.fixtures.iter();
    all.extend(fixtures.map(|(name, fixture)| Entry::SetUp(name, fixture)));
    all.extend(Category::ALL.map(Entry::Category));
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
            Self::Feature(feature) => feature.id.clone(),
            Self::Fault(fault) => fault.id.to_owned(),
            Self::Variant(variant) => variant.id.to_owned(),
            Self::Profile(profile) => profile.id.to_owned(),
            Self::SetUp(name, _) => format!("{SET_UP}-{name}"),
            Self::Category(category) => category.name().to_owned(),
            Self::ErrorCode(one) => code(&one.id).unwrap_or_default(),
            Self::Exit(exit) => exit.status().to_string(),
        }
    }

    pub fn explain(&self, suites: &Suites) -> String {
        match self {
            Self::Requirement(one) | Self::ErrorCode(one) => {
                let mut page = match self {
                    Self::ErrorCode(_) => Page::new("error code", &self.name()),
                    _ => Page::new("requirement", &one.id),
                };
                requirement(&mut page, one, suites);
                page.text
            }
            Self::Case(case) => of_case(case, suites),
            Self::Invariant(one) => {
                let mut page = Page::new("invariant", &one.id);
                page.say(&one.title);
                page.line("applies to", "every response of a run");
                page.line("section", &Version::V1_1.link(&one.section));
                page.list(
                    "tests",
                    one.expect.iter().map(|one| one.requirement.clone()),
                );
                page.line("since", &format!("{} of the suites", one.history.since));
                page.line("try", "assay run TARGET");
                page.text
            }
            Self::Feature(feature) => of_feature(feature, suites),
            Self::Fault(fault) => {
                let mut page = Page::new("fault", fault.id);
                page.say(fault.title);
                for id in fault.breaks {
                    page.list("violates", [(*id).to_owned()].into_iter());
                    page.list("detected by", suites.tested_by(id).into_iter());
                }
                page.line("see it", &format!("assay serve --fault {}", fault.id));
                let proof = format!("assay self-test --faults --only {}", fault.id);
                page.line("test it", &proof);
                page.text
            }
            Self::Variant(variant) => {
                let mut page = Page::new("permitted variant", variant.id);
                page.say(variant.title);
                page.line("", "The specification permits it: no case fails.");
                page.line("see it", &format!("assay serve --variant {}", variant.id));
                page.line("test it", &format!("assay self-test --only {}", variant.id));
                page.text
            }
            Self::Profile(profile) => of_profile(profile),
            Self::SetUp(name, fixture) => of_set_up(name, fixture, suites),
            Self::Category(category) => of_category(*category, suites),
            Self::Exit(exit) => {
                let mut page = Page::new("exit status", &exit.status().to_string());
                page.say(exit.says());
                page.text
            }
        }
    }
}

fn requirement(page: &mut Page, one: &Requirement, suites: &Suites) {
    page.say(&one.says);
    let asking: Vec<Version> = Version::ALL
        .into_iter()
        .filter(|version| one.level(*version).is_some())
        .collect();
    let level = |version: &Version| {
        let level = one.level(*version)?;
        Some(format!("{level} in {version}"))
    };
    page.list("level", asking.iter().filter_map(level));
    let basis = |version: &Version| Some(format!("{} in {version}", one.basis(*version)?));
    page.list(
        "basis",
        asking.iter().filter_map(basis).chain(one.rfc.clone()),
    );
    page.line("category", one.category.title());
    page.line("since", asking.first().map_or("", |version| version.name()));
    if let Some(newest) = asking.last() {
        page.line("section", &newest.link(one.section(*newest)));
    }
    page.list("texts", asking.iter().map(|version| version.long_name()));
    if let Some(why) = &one.why {
        page.prose("why", why);
    }
    if let Some(feature) = &one.feature {
        let may = format!("{feature}, which is optional");
        page.prose("belongs to", &may);
    }
    let binding = asking
        .iter()
        .any(|version| one.level(*version) != Some(Level::May));
    match (one.party, &one.unobservable) {
        (Party::Client, _) => {
            page.prose("binds", "clients: a run against a registry cannot test it")
        }
        (Party::Registry, Some(why)) => page.prose("not tested", why),
        (Party::Registry, None) if !binding => page.line("permits", "it cannot be violated"),
        (Party::Registry, None) => tested(page, one, suites),
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
        .filter(|fault| fault.breaks.contains(&one.id.as_str()))
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

fn of_case(case: &Case, suites: &Suites) -> String {
    let mut page = Page::new("case", &case.id);
    page.say(&case.title);
    page.line("suite", &case.suite);
    page.line("section", &Version::V1_1.link(&case.section));
    let versions = Version::ALL.into_iter().filter(|version| {
        let asked = |id: &&str| suites.catalogue.level(id, *version).is_some();
        case.holds_in(*version) && case.requirements(&suites.procedures).iter().any(asked)
    });
    page.list(
        "applies to",
        versions.map(|version| version.name().to_owned()),
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
        .filter(|fault| fault.breaks.iter().any(|id| tested.contains(id)))
        .map(|fault| fault.id.to_owned());
    page.list("detects", faults);
    for request in requests(case, suites, None) {
        page.line("sends", &request);
    }
    page.line("try", &format!("assay run TARGET --only {}", case.id));
    page.text
}

fn of_feature(feature: &Feature, suites: &Suites) -> String {
    let mut page = Page::new("feature", &feature.id);
    page.say(&format!("{}.", feature.title));
    page.line("section", &Version::V1_1.link(&feature.section));
    let may = match (&feature.should, feature.always) {
        (_, true) => "every registry supports it".to_owned(),
        (Some(should), _) => format!("a warning, by {should}"),
        (None, _) => "unsupported: neither passed nor failed".to_owned(),
    };
    page.line("without it", &may);
    let decides = |case: &&Arc<Case>| case.may_decline(&feature.id);
    let found = suites.cases().filter(decides).map(|case| case.id.clone());
    page.list("probed by", found);
    let about = suites
        .cases()
        .filter(|case| case.features().contains(&feature.id));
    page.list("cases", about.map(|case| case.id.clone()));
    let requirements = suites.catalogue.iter();
    let requirements = requirements.filter(|one| one.feature.as_ref() == Some(&feature.id));
    page.list("requirements", requirements.map(|one| one.id.clone()));
    page.line(
        "require it",
        &format!("assay run TARGET --require {}", feature.id),
    );
    page.text
}

fn of_set_up(name: &str, fixture: &Fixture, suites: &Suites) -> String {
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
    page.text
}

fn of_profile(profile: &Profile) -> String {
    let mut page = Page::new("profile", profile.id);
    page.say(profile.title);
    for quirk in profile.quirks {
        page.prose("", quirk);
    }
    page.list("users", profile.users.iter().map(|&user| user.to_owned()));
    page.list(
        "repositories",
        profile.repositories.iter().map(|&name| name.to_owned()),
    );
    for source in profile.sources {
        page.line("documented", source);
    }
    page.line("see it", &format!("assay serve --like {}", profile.id));
    page.text
}

fn of_category(category: Category, suites: &Suites) -> String {
    let mut page = Page::new("category", category.name());
    page.say(&format!("{}.", category.title()));
    page.line(
        "conformant",
        "if the registry meets every MUST in it, except those of features that it does not support",
    );
    for version in Version::ALL {
        let of = suites.catalogue.category(category);
        let testable = of.filter(|one| one.is_testable(version)).count();
        page.line(
            &format!("in {version}"),
            &format!("{testable} requirements that a client can observe"),
        );
    }
    let own = suites
        .suites
        .iter()
        .filter(|suite| suite.category == category);
    page.list("suites", own.map(|suite| suite.name.clone()));
    page.line("try", &format!("assay run TARGET --category {category}"));
    page.line("more", &format!("assay list --category {category}"));
    page.text
}

/// The width of labels.
const LABEL: usize = 14;

/// An explanation, line by line.
struct Page {
    text: String,
}

impl Page {
    fn new(kind: &str, name: &str) -> Self {
        Self {
            text: format!("{name}  ({kind})\n"),
        }
    }

    /// The leading sentence.
    fn say(&mut self, sentence: &str) {
        let _ = writeln!(self.text, "\n  {sentence}\n");
    }

    /// A line that is never wrapped: short, or meant to be copied.
    fn line(&mut self, label: &str, what: &str) {
        let _ = writeln!(self.text, "  {label:<LABEL$} {what}");
    }

    /// A text, wrapped next to its label on a terminal.
    fn prose(&mut self, label: &str, what: &str) {
        let room = columns().map_or(usize::MAX, |all| all.saturating_sub(LABEL + 3).max(20));
        let mut label = label;
        for line in wrapped(what, room) {
            self.line(label, &line);
            label = "";
        }
    }

    /// Several names in a line; no line for none.
    fn list(&mut self, label: &str, names: impl Iterator<Item = String>) {
        let names: Vec<String> = names.collect();
        if !names.is_empty() {
            self.prose(label, &names.join(", "));
        }
    }
}
