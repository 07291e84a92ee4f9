#![allow(clippy::unwrap_used)]
use super::*;
use crate::data::{File, Folder};

const TEA: &str = "\
## Brewing

The host MUST warm the pot before the tea goes in.
The water for the tea SHOULD boil for one minute.
Every leaf SHOULD be covered with hot water.
The lid MUST stay on the pot while the tea draws.

## Pouring

Guests MAY ask the host for a little milk.
The tea will be hot when the host pours it.
The host MUST warm the pot before the tea goes in.

## Manners

A guest holds the cup with one hand.
A guest SHOULD thank the host for the tea.
";

/// Each requirement with its section, its party and the sentence that it cites.
const REQUIREMENTS: [(&str, &str, &str, &str); 8] = [
    (
        "pot-warm",
        "brewing",
        "registry",
        "The host MUST warm the pot before the tea goes in.",
    ),
    (
        "water-boils",
        "brewing",
        "registry",
        "The water for the tea SHOULD boil for one minute.",
    ),
    (
        "leaf-covered",
        "brewing",
        "registry",
        "Every leaf SHOULD be covered with hot water.",
    ),
    (
        "lid-on",
        "brewing",
        "registry",
        "The lid MUST stay on the pot while the tea draws.",
    ),
    (
        "milk",
        "pouring",
        "registry",
        "Guests MAY ask the host for a little milk.",
    ),
    (
        "tea-hot",
        "pouring",
        "registry",
        "The tea will be hot when the host pours it.",
    ),
    (
        "pot-still-warm",
        "pouring",
        "registry",
        "The host MUST warm the pot before the tea goes in.",
    ),
    (
        "client-thanks",
        "manners",
        "client",
        "A guest SHOULD thank the host for the tea.",
    ),
];

fn catalogue() -> Catalogue {
    let text = Text::parse(TEA);
    let mut yaml = "category: pull\nrequirements:\n".to_owned();
    for (id, section, party, words) in REQUIREMENTS {
        let passage = text.passages.iter().find(|one| one.words == words);
        let mark = &passage.unwrap().fingerprint;
        yaml += &format!(
            "  - {{ id: {id}, section: {section}, party: {party}, level: {{ dev: MUST }}, says: It is so., text: {{ dev: [{mark:?}] }} }}\n"
        );
    }
    let mut texts = "versions:\n  dev:\n".to_owned();
    for (section, passages) in text.index() {
        texts += &format!("    {section}: {passages:?}\n");
    }
    let files = vec![
        File::new("requirements/tea.yaml", yaml),
        File::new("requirements/texts.yaml", texts),
    ];
    Catalogue::load(&Folder { files }).unwrap()
}

fn ids(list: &[&Requirement]) -> String {
    let ids: Vec<&str> = list.iter().map(|one| one.id.as_str()).collect();
    ids.join(" ")
}

fn shown(difference: &Difference<'_>) -> String {
    match difference {
        Difference::Changed {
            passage,
            requirements,
            ..
        } => format!("changed {} {}", passage.line, ids(requirements)),
        Difference::Moved {
            passage,
            old,
            requirements,
        } => format!(
            "moved {} {} → {}: {}",
            passage.line,
            old.citation.section,
            passage.section,
            ids(requirements)
        ),
        Difference::New { passage, .. } => format!("new {} {}", passage.line, passage.words),
        Difference::Removed {
            after,
            requirements,
            ..
        } => format!(
            "removed {} {}",
            after.unwrap_or_default(),
            ids(requirements)
        ),
        Difference::Section {
            section,
            renamed,
            requirements,
        } => format!(
            "section {section} → {}: {}",
            renamed.as_deref().unwrap_or_default(),
            ids(requirements)
        ),
    }
}

/// The differences of a text from the catalogue, which are those from the earlier text too.
fn differences(markdown: &str) -> Vec<String> {
    let catalogue = catalogue();
    let text = Text::parse(markdown);
    let drift = diff(&text, None, None, &catalogue).unwrap();
    let found: Vec<String> = drift.differences.iter().map(shown).collect();
    let between = diff(&text, Some(&Text::parse(TEA)), None, &catalogue).unwrap();
    let between: Vec<String> = between.differences.iter().map(shown).collect();
    assert_eq!(found, between);
    found
}

fn edited(edits: &[(&str, &str)]) -> Vec<String> {
    let mut text = TEA.to_owned();
    for (from, to) in edits {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    differences(&text)
}

const WATER: &str = "The water for the tea SHOULD boil for one minute.\n";
const LEAF: &str = "Every leaf SHOULD be covered with hot water.\n";
const LID: &str = "The lid MUST stay on the pot while the tea draws.\n";

#[test]
fn the_text_itself_does_not_differ() {
    assert_eq!(edited(&[]), [""; 0]);
    assert_eq!(edited(&[("MUST warm the", "MUST\nwarm *the*")]), [""; 0]);
}

#[test]
fn a_changed_level_or_a_reworded_sentence_is_a_change() {
    assert_eq!(
        edited(&[("SHOULD boil", "MUST boil")]),
        ["changed 4 water-boils"]
    );
    let reworded = "SHOULD cook and boil for a minute";
    assert_eq!(
        edited(&[("SHOULD boil for one minute", reworded)]),
        ["changed 4 water-boils"]
    );
    assert_eq!(
        edited(&[("will be hot", "will be very hot")]),
        ["changed 11 tea-hot"]
    );
}

#[test]
fn a_change_carries_the_keywords_before() {
    let catalogue = catalogue();
    let text = Text::parse(&TEA.replace("SHOULD boil", "MUST NOT boil"));
    let drift = diff(&text, None, None, &catalogue).unwrap();
    let [Difference::Changed { old, passage, .. }] = drift.differences.as_slice() else {
        unreachable!("one sentence changed")
    };
    assert_eq!(old.keywords.as_deref(), Some(&["SHOULD".to_owned()][..]));
    assert_eq!(old.words, None);
    assert_eq!(crate::catalogue::keywords(&passage.words), ["MUST NOT"]);
}

#[test]
fn a_removed_sentence_is_removed_whatever_else_is_new() {
    assert_eq!(edited(&[(WATER, "")]), ["removed 3 water-boils"]);
    let sugar = "Sugar MUST NOT be offered to Belgians.\n";
    assert_eq!(
        edited(&[(WATER, sugar)]),
        [
            "removed 3 water-boils",
            "new 4 Sugar MUST NOT be offered to Belgians."
        ]
    );
    let first = "The host MUST warm the pot before the tea goes in.\n";
    assert_eq!(edited(&[(first, "")]), ["removed 0 pot-warm"]);
}

#[test]
fn of_two_equal_sentences_only_the_changed_one_is_reported() {
    let (first, second) = TEA.split_once("## Pouring").unwrap();
    let second = second.replace("MUST warm the pot", "MUST warm the big pot");
    assert_eq!(
        differences(&format!("{first}## Pouring{second}")),
        ["changed 12 pot-still-warm"]
    );
}

#[test]
fn sentences_in_another_order_do_not_differ() {
    let swapped = format!("{LEAF}{WATER}");
    assert_eq!(edited(&[(WATER, ""), (LEAF, &swapped)]), [""; 0]);
    let last = format!("{LID}{WATER}");
    assert_eq!(edited(&[(WATER, ""), (LID, &last)]), [""; 0]);
}

#[test]
fn a_sentence_in_another_section_has_moved() {
    let milk = "Guests MAY ask the host for a little milk.\n";
    assert_eq!(
        edited(&[(WATER, ""), (milk, &format!("{milk}{WATER}"))]),
        ["moved 10 brewing → pouring: water-boils"]
    );
}

#[test]
fn pairs_do_not_cross() {
    let leaf = "Every leaf MUST be covered with hot water.\n";
    let water = "The water for the cake MUST boil for one minute.\n";
    assert_eq!(
        edited(&[(WATER, ""), (LEAF, &format!("{leaf}{water}"))]),
        [
            "removed 3 water-boils",
            "changed 4 leaf-covered",
            "new 5 The water for the cake MUST boil for one minute."
        ]
    );
    assert_eq!(
        edited(&[(WATER, water), (LEAF, leaf)]),
        ["changed 4 water-boils", "changed 5 leaf-covered"]
    );
}

#[test]
fn a_new_sentence_without_a_keyword_is_shown_where_registries_are_bound() {
    let lid = format!("{LID}A spoon lies beside every cup.\n");
    assert_eq!(
        edited(&[(LID, &lid)]),
        ["new 7 A spoon lies beside every cup."]
    );
    let hand = "with one hand.\nA spoon lies beside every cup.";
    assert_eq!(edited(&[("with one hand.", hand)]), [""; 0]);
    let bound = "with one hand.\nA spoon MUST lie there.";
    assert_eq!(
        edited(&[("with one hand.", bound)]),
        ["new 17 A spoon MUST lie there."]
    );
}

#[test]
fn a_renamed_section_is_one_difference() {
    assert_eq!(
        edited(&[("## Pouring", "## Serving")]),
        ["section pouring → serving: milk tea-hot pot-still-warm"]
    );
    assert_eq!(
        edited(&[
            ("## Pouring", "## Serving"),
            ("a little milk", "much more milk")
        ]),
        [
            "changed 10 milk",
            "section pouring → serving: milk tea-hot pot-still-warm"
        ]
    );
}

#[test]
fn without_its_text_the_catalogue_pairs_nothing() {
    let mut catalogue = catalogue();
    catalogue.texts = Default::default();
    let text = Text::parse(&TEA.replace("SHOULD boil", "MUST boil"));
    let drift = diff(&text, None, None, &catalogue).unwrap();
    let found: Vec<String> = drift.differences.iter().map(shown).collect();
    assert!(
        found.contains(&"removed 3 water-boils".to_owned()),
        "{found:?}"
    );
    assert!(
        !found.iter().any(|one| one.starts_with("changed")),
        "{found:?}"
    );
}

#[test]
fn between_two_texts_the_catalogue_may_know_the_new_sentence() {
    let catalogue = catalogue();
    let earlier = Text::parse(&TEA.replace(WATER, "").replace("MAY ask", "ask"));
    let drift = diff(&Text::parse(TEA), Some(&earlier), None, &catalogue).unwrap();
    let [
        Difference::New { cited_by, .. },
        Difference::Changed {
            requirements,
            cited_by: milk,
            ..
        },
    ] = drift.differences.as_slice()
    else {
        unreachable!("{:?}", drift.differences)
    };
    assert_eq!(ids(cited_by), "water-boils");
    assert_eq!(
        (ids(requirements), ids(milk)),
        (String::new(), "milk".to_owned())
    );
}

#[test]
fn another_text_is_not_a_specification() {
    let coffee = Text::parse("# Coffee\n\nBeans MUST be ground.");
    assert!(diff(&coffee, None, None, &catalogue()).is_none());
    assert!(diff(&Text::parse(""), None, None, &catalogue()).is_none());
}
