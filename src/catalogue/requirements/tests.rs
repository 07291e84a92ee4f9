#![allow(clippy::unwrap_used)]
use std::path::Path;

use super::*;
use crate::catalogue::Party;
use crate::data::{Diagnostic, File};

fn load(files: &[(&str, &str)]) -> Result<Catalogue, Diagnostics> {
    let files = files.iter();
    let files = files.map(|(path, text)| File::new(*path, *text)).collect();
    Catalogue::load(&Folder { files })
}

fn diagnostics(text: &str) -> Vec<String> {
    let found = load(&[("requirements/brewing.yaml", text)]).unwrap_err();
    let message = |diagnostic: &Diagnostic| diagnostic.message().to_owned();
    found.list.iter().map(message).collect()
}

const POT: &str = "
category: push
requirements:
  - id: pot-warm
    section: { 1.0: pots, 1.1: warm-pots, dev: warm-pots }
    level: { 1.1: SHOULD, dev: MUST }
    says: The pot is warm.
    text: { 1.1: [\"0123456789ab\"], dev: [\"0123456789ab\", \"ba9876543210@leaves\"] }
  - id: pot-filled
    section: pots
    party: client
    level: MAY
    says: The client may fill the pot.
    unobservable: Nobody looks.
    text: { 1.0: [\"111111111111\"], 1.1: [\"111111111111\"], dev: [\"111111111111\"] }
";

#[test]
fn levels_and_sections_go_by_version() {
    let catalogue = load(&[("requirements/brewing.yaml", POT)]).unwrap();
    let warm = catalogue.get("pot-warm").unwrap();
    assert_eq!(catalogue.level("pot-warm", Version::V1_0), None);
    assert_eq!(warm.level(Version::V1_1), Some(Level::Should));
    assert_eq!(warm.level(Version::DRAFT), Some(Level::Must));
    assert_eq!(warm.section(Version::DRAFT), "warm-pots");
    assert_eq!(warm.party, Party::Registry);
    let [own, other] = warm.text(Version::DRAFT) else {
        unreachable!("it has two")
    };
    assert_eq!(
        (own.section.as_str(), other.section.as_str()),
        ("warm-pots", "leaves")
    );
    assert_eq!(
        catalogue.level("pot-filled", Version::V1_0),
        Some(Level::May)
    );
    assert!(warm.is_testable(Version::DRAFT));
    assert!(!warm.is_testable(Version::V1_0));
    assert!(
        !catalogue
            .get("pot-filled")
            .unwrap()
            .is_testable(Version::DRAFT)
    );
}

#[test]
fn a_new_version_inherits_what_it_does_not_change() {
    let next = crate::catalogue::version::made_up::NEXT;
    let catalogue = "
category: push
requirements:
  - { id: pot-lid, section: pots, level: MAY, says: A pot has a lid., text: { 1.0: [\"000000000000\"] } }
  - { id: pot-warm, section: pots, level: { 1.1: SHOULD, 1.2: MUST }, says: The pot is warm., text: { 1.1: [\"111111111111\"], 1.2: [\"211111111111\"] } }
  - { id: pot-full, section: { 1.0: pots, 1.2: full-pots }, level: MUST, says: The pot is full., text: { 1.0: [\"222222222222\", \"322222222222@lids\"] } }
  - { id: pot-new, section: pots, level: { 1.0: MUST, 1.2: none }, says: The pot is new., text: { 1.0: [\"444444444444\"] } }
";
    let folder = Folder {
        files: vec![File::new("requirements/pots.yaml", catalogue)],
    };
    let mut diagnostics = Diagnostics::default();
    let versions = [Version::V1_0, Version::V1_1, next];
    let catalogue = Catalogue::read_in(&folder, &versions, &mut diagnostics);
    let messages: Vec<_> = diagnostics.list.iter().map(Diagnostic::message).collect();
    assert_eq!(messages, [""; 0]);
    let in_version = |id: &str, version| {
        let one = catalogue.get(id).unwrap();
        let marks = one.text(version).iter();
        let marks: Vec<String> = marks
            .map(|mark| format!("{}@{}", mark.fingerprint.get(..3).unwrap(), mark.section))
            .collect();
        let level = one.level(version).map(|level| level.to_string());
        format!(
            "{} {} {}",
            level.unwrap_or_default(),
            one.section(version),
            marks.join(" ")
        )
    };
    assert_eq!(in_version("pot-lid", next), "MAY pots 000@pots");
    assert_eq!(in_version("pot-warm", Version::V1_0), " pots ");
    assert_eq!(
        in_version("pot-warm", Version::V1_1),
        "SHOULD pots 111@pots"
    );
    assert_eq!(in_version("pot-warm", next), "MUST pots 211@pots");
    assert_eq!(
        in_version("pot-full", Version::V1_1),
        "MUST pots 222@pots 322@lids"
    );
    assert_eq!(
        in_version("pot-full", next),
        "MUST full-pots 222@full-pots 322@lids"
    );
    assert_eq!(in_version("pot-new", Version::V1_1), "MUST pots 444@pots");
    assert_eq!(in_version("pot-new", next), " pots ");
    assert_eq!(
        catalogue.get("pot-warm").unwrap().link(next),
        "https://github.com/opencontainers/distribution-spec/blob/v1.2.0/spec.md#pots"
    );
}

#[test]
fn requirements_come_by_category_and_in_the_order_of_the_file() {
    let pull = "
category: pull
requirements:
  - { id: cup, section: cups, level: { dev: MUST }, says: There is a cup., text: { dev: [\"222222222222\"] } }
";
    let files = [("requirements/a.yaml", POT), ("requirements/b.yaml", pull)];
    let catalogue = load(&files).unwrap();
    let ids: Vec<&str> = catalogue.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids, ["cup", "pot-warm", "pot-filled"]);
    assert_eq!(catalogue.category(Category::Push).count(), 2);
}

#[test]
fn every_mistake_is_found_at_once() {
    let text = "
category: pull
requirements:
  - { id: Cup, section: cups, level: { dev: MUST }, says: There is a cup, text: { dev: [\"cup\"] } }
  - { id: pot, section: { dev: pots }, level: MUST, says: A pot., text: { dev: [\"222222222222\", \"222222222222\"] } }
  - { id: pot, section: pots, level: {}, says: A pot., text: { dev: [\"222222222222\"] } }
";
    assert_eq!(
        diagnostics(text),
        [
            "`Cup` is not an id",
            "`says` is not a whole sentence",
            "`cup` is not a fingerprint",
            "1.0 asks for it, in no section",
            "1.1 asks for it, in no section",
            "1.0 asks for it, in no sentence",
            "1.1 asks for it, in no sentence",
            "`222222222222` is listed twice",
            "the id `pot` is taken",
            "no version asks for it",
            "dev has sentences for it and does not ask for it",
        ]
    );
}

#[test]
fn an_unknown_version_or_level_is_a_mistake() {
    let with = |level: &str| {
        let text = format!(
            "category: pull\nrequirements:\n  - {{ id: a, section: b, level: {level}, says: C., text: {{}} }}\n"
        );
        diagnostics(&text).join("; ")
    };
    assert!(
        with("{ 2.0: MUST }").contains("`2.0` in `level` is not a version"),
        "{}",
        with("{ 2.0: MUST }")
    );
    assert_eq!(with("SHALL"), "`SHALL` is not known in `level`");
    assert_eq!(with("{ dev: SHALL }"), "`SHALL` is not known in `dev`");
}

#[test]
fn sentences_that_oblige_nobody_are_no_requirements() {
    let not = "sentences:\n  - { why: It is a joke., text: [\"333333333333\"] }\n";
    let files = [
        ("requirements/a.yaml", POT),
        ("requirements/not-obligations.yaml", not),
    ];
    let catalogue = load(&files).unwrap();
    assert_eq!(catalogue.iter().count(), 2);
    assert_eq!(
        catalogue.not_obligations.get("333333333333").unwrap(),
        "It is a joke."
    );
}

#[test]
fn the_bundled_catalogue_is_consistent() {
    let suites = Path::new(env!("CARGO_MANIFEST_DIR")).join("suites");
    let catalogue = Catalogue::load(&Folder::on_disk(&suites).unwrap()).unwrap();
    for category in Category::ALL {
        let testable = |one: &Requirement| one.is_testable(Version::V1_1);
        assert!(catalogue.category(category).any(testable), "{category}");
    }
    for requirement in catalogue.iter() {
        let id = &requirement.id;
        let client = requirement.party == Party::Client;
        assert_eq!(id.starts_with("client-"), client, "{id}");
        assert!(!(client && requirement.feature.is_some()), "{id}");
    }
}
