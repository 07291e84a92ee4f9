//! Typing mistakes in suites: each gives exactly one diagnostic, in the right file and line.
#![allow(clippy::unwrap_used)]

use super::{Sources, Suites};
use crate::data::{Diagnostics, File, Folder};

const SUITE: &str = "\
title: Tea
section: brewing
cases:
  - id: tea
    title: GET a pot
    given: { pot: pot }
    steps:
      - use: boil
        with: { water: cold }
      - get: /v2/{repo}/blobs/{pot.digest}
        expect:
          pot-warm: { status: 200, header: { Steam: { matches: \"[0-9]+\" } } }
      - get: \"{boiled}\"
        expect:
          pot-warm: { status: [200, 4xx] }
";

const CATALOGUE: &str = "\
category: pull
requirements:
  - { id: pot-warm, section: brewing, level: MUST, says: The pot is warm., text: { 1.0: [\"0123456789ab\"], 1.1: [\"0123456789ab\"], dev: [\"0123456789ab\"] } }
";

const PROCEDURES: &str = "\
procedures:
  boil:
    title: Boil water
    inputs: { water: }
    steps:
      - get: /v2/
        save: { boiled: location }
    outputs: [boiled]
";

const FEATURES: &str = "\
features:
  milk: { title: Milk, section: brewing }
";

const POT: &str = "\
title: A pot
blob: { random: 2 KiB }
";

/// The diagnostics of the files above, with `changes` added to them or in their place.
fn diagnostics(changes: &[(&str, &str)]) -> Diagnostics {
    let mut files = vec![
        ("features.yaml", FEATURES),
        ("fixtures/pot.yaml", POT),
        ("procedures.yaml", PROCEDURES),
        ("pull/tea.yaml", SUITE),
        ("requirements/tea.yaml", CATALOGUE),
    ];
    files.retain(|(path, _)| changes.iter().all(|(changed, _)| changed != path));
    files.extend(changes);
    let (fixtures, suites): (Vec<_>, Vec<_>) = files
        .iter()
        .map(|(path, text)| File::new(*path, *text))
        .partition(|file| file.path.starts_with("fixtures/"));
    let sources = Sources {
        suites: Folder { files: suites },
        fixtures: Folder { files: fixtures },
    };
    Suites::load(&sources).err().unwrap_or_default()
}

/// The diagnostics, each as `FILE:LINE: MESSAGE (HELP)`.
fn shown(diagnostics: &Diagnostics) -> Vec<String> {
    let shown = diagnostics.list.iter().map(|one| {
        let help = miette::Diagnostic::help(one).map(|help| format!(" ({help})"));
        format!(
            "{}:{}: {one}{}",
            one.file(),
            one.line(),
            help.unwrap_or_default()
        )
    });
    shown.collect()
}

/// For each mistake: its name, what is typed, what is typed instead, and the diagnostic.
const MISTAKES: [(&str, &str, &str, &str); 49] = [
    (
        "misspelt key",
        "    given:",
        "    givven:",
        "6: unknown key `givven` (did you mean `given`?)",
    ),
    (
        "misspelt steps",
        "    steps:",
        "    step:",
        "7: unknown key `step` (did you mean `steps`?)",
    ),
    (
        "unknown key in a matcher",
        "{ status: 200,",
        "{ statuss: 200,",
        "12: unknown key `statuss` (did you mean `status`?)",
    ),
    (
        "unknown rule",
        "matches:",
        "match:",
        "12: unknown key `match` (did you mean `matches`?)",
    ),
    (
        "letters in a status",
        "status: 200,",
        "status: \"2oo\",",
        "12: `status` must be a status (404), a class (4xx), or a list of them, but it is the text `2oo`",
    ),
    (
        "wrong class",
        "[200, 4xx]",
        "[200, 4x]",
        "15: an element of `status` must be a status (404), a class (4xx), or a list of them, but it is the text `4x`",
    ),
    (
        "list for a map",
        "{ pot: pot }",
        "[pot]",
        "6: `given` must be a map, but it is a list (write `NAME: VALUE`, without brackets or `-`)",
    ),
    (
        "map for a list",
        "      - use: boil\n        with: { water: cold }\n      - get: /v2/{repo}/blobs/{pot.digest}\n        expect:\n          pot-warm: { status: 200, header: { Steam: { matches: \"[0-9]+\" } } }\n      - get: \"{boiled}\"",
        "        get: /v2/",
        "7: `steps` must be a list, but it is a map (begin each element with `- `)",
    ),
    (
        "text for a list",
        "    given:",
        "    needs: milk\n    given:",
        "6: `needs` must be a list, but it is the text `milk` (write `[milk]`)",
    ),
    (
        "number for a text",
        "title: GET a pot",
        "title: 418",
        "5: `title` must be a text, but it is the number 418 (write it in quotes: \"418\")",
    ),
    (
        "no steps",
        "    steps:\n      - use: boil\n        with: { water: cold }\n      - get: /v2/{repo}/blobs/{pot.digest}\n        expect:\n          pot-warm: { status: 200, header: { Steam: { matches: \"[0-9]+\" } } }\n      - get: \"{boiled}\"\n        expect:\n          pot-warm: { status: [200, 4xx] }\n",
        "",
        "4: the key `steps` is missing",
    ),
    (
        "no id",
        "  - id: tea\n    title",
        "  - title",
        "4: the key `id` is missing",
    ),
    (
        "two methods",
        "      - get: \"{boiled}\"",
        "      - get: /v2/\n        put: /v2/",
        "14: a step sends one request, but this one has `get` and `put` (make two steps of it)",
    ),
    (
        "no method",
        "      - get: \"{boiled}\"\n        expect",
        "      - expect",
        "13: this step does nothing (give it one of get, head, post, put, patch, delete, paginate, use)",
    ),
    (
        "unknown requirement",
        "pot-warm: { status: 200,",
        "pot-warn: { status: 200,",
        "12: unknown requirement `pot-warn` (did you mean `pot-warm`?)",
    ),
    (
        "no requirement",
        "pot-warm: { status: [200, 4xx] }",
        "status: 200",
        "15: `status` is not a requirement (`expect` names the requirement first: `expect: { REQUIREMENT: { status: … } }`)",
    ),
    (
        "unknown fixture",
        "{ pot: pot }",
        "{ pot: pott }",
        "6: unknown fixture `pott` (did you mean `pot`?)",
    ),
    (
        "bad each",
        "    given:",
        "    each: { size: 3 }\n    given:",
        "6: `size` must be a list, but it is the number 3 (write `[3]`)",
    ),
    (
        "bad indentation",
        "        expect:\n          pot-warm: { status: 200,",
        "       expect:\n          pot-warm: { status: 200,",
        "11: this is not YAML: the indentation of this line is wrong (while parsing a block collection, did not find expected '-' indicator) (the keys of one map, and the `-` of one list, begin in the same column)",
    ),
    (
        "value with a colon",
        "title: GET a pot",
        "title: GET: a pot",
        "5: this is not YAML: this text has a `:` before a space or at its end (put the text in quotes: \"GET: a pot\")",
    ),
    (
        "reference without quotes",
        "get: \"{boiled}\"",
        "get: {boiled}/x",
        "13: this is not YAML: this value goes on after its `}` (put the text in quotes: \"{boiled}/x\")",
    ),
    (
        "reference alone without quotes",
        "get: \"{boiled}\"",
        "get: {boiled}",
        "13: `get` must be a text, but it is a map (a text that begins with `{` needs quotes: \"{boiled}\")",
    ),
    (
        "reference for a rule",
        "{ matches: \"[0-9]+\" }",
        "{boiled}",
        "12: unknown key `boiled` (a text that begins with `{` needs quotes: \"{boiled}\")",
    ),
    (
        "reference inside braces",
        "{ water: cold }",
        "{ water: /v2/{repo}/x }",
        "9: this is not YAML: inside of braces or brackets, a text that has a brace or bracket needs quotes (put the text in quotes: \"/v2/{repo}/x\")",
    ),
    (
        "special first letter",
        "title: GET a pot",
        "title: `GET` a pot",
        "5: this is not YAML: a text that begins with ``` needs quotes (put the text in quotes: \"`GET` a pot\")",
    ),
    (
        "alias",
        "title: GET a pot",
        "title: *all pots",
        "5: this is not YAML: a text that begins with `*` needs quotes (put the text in quotes: \"*all pots\")",
    ),
    (
        "quotes at the beginning",
        "title: GET a pot",
        "title: \"GET\" a pot",
        "5: this is not YAML: this value goes on after its `\"` (put the text in quotes: '\"GET\" a pot')",
    ),
    (
        "quote without end",
        "title: GET a pot",
        "title: 'GET a pot",
        "5: this is not YAML: the text that begins with this quotation mark does not end in its line (close it with ')",
    ),
    (
        "unknown escape",
        "title: GET a pot",
        "title: \"GET \\d pot\"",
        "5: this is not YAML: in double quotes, a `\\` begins an escape, and this one is unknown (write `\\\\`, or put the text in single quotes)",
    ),
    (
        "no space after a colon",
        "title: GET a pot",
        "title:GET a pot",
        "5: this is not YAML: a space is missing after the `:` (write `title: GET a pot`)",
    ),
    (
        "no colon",
        "    steps:",
        "    steps",
        "7: this is not YAML: this line has no `:` (write `KEY: VALUE`; a text of several lines is put in quotes)",
    ),
    (
        "no space in braces",
        "[200, 4xx]",
        "[200, 4xx], status:[200]",
        "15: this is not YAML: a space is missing after this `:` (write `status: …`)",
    ),
    (
        "no space before a number",
        "{ status: [200, 4xx] }",
        "{ status:200 }",
        "15: unknown key `status:200` (a space is missing after the `:`: `status: 200`)",
    ),
    (
        "brace without end",
        "{ pot: pot }",
        "{ pot: pot",
        "6: this is not YAML: this `{` has no `}`, or a `,` is missing after it (close it with `}`, and write `, ` between its parts)",
    ),
    (
        "bracket without end",
        "[200, 4xx]",
        "[200, 4xx",
        "15: this is not YAML: this `[` is closed by `}` (write `]` before the `}`)",
    ),
    (
        "brace too many",
        "{ pot: pot }",
        "{ pot: pot }}",
        "6: this is not YAML: this `}` closes nothing (remove it)",
    ),
    (
        "value is missing",
        "[200, 4xx]",
        "[200, , 4xx]",
        "15: this is not YAML: a value is missing here",
    ),
    (
        "pointer without a slash",
        "{ status: [200, 4xx] }",
        "{ json: { tags: { type: array } } }",
        "15: `tags` is not a JSON pointer (a JSON pointer begins with `/`: \"/tags\")",
    ),
    (
        "id with capitals",
        "id: tea",
        "id: Ex_Tea",
        "4: `Ex_Tea` is not an id (write small letters and digits, with hyphens between: `ex-tea`)",
    ),
    (
        "tab",
        "        with: { water: cold }",
        "\twith: { water: cold }",
        "9: this is not YAML: a tab indents this line (indent with spaces)",
    ),
    (
        "key twice",
        "    given:",
        "    title: again\n    given:",
        "6: the map already has the key `title` (remove one of the two, or rename it)",
    ),
    (
        "unknown procedure",
        "use: boil",
        "use: boyl",
        "8: unknown procedure `boyl` (did you mean `boil`?)",
    ),
    (
        "unknown input",
        "{ water: cold }",
        "{ water: cold, waterr: hot }",
        "9: the procedure `boil` has no input `waterr` (did you mean `water`?)",
    ),
    (
        "wrong reference",
        "{pot.digest}",
        "{pot.digets}",
        "10: `{pot.digets}` is not known here (did you mean `{pot.digest}`?)",
    ),
    (
        "wrong pattern",
        "[0-9]+",
        "[0-9",
        "12: `matches`: `[0-9` is not a regular expression: unclosed character class (the pattern must match the whole text; write a literal `[`, `(` or `.` with `\\` before it)",
    ),
    (
        "a word that checks nothing",
        "pot-warm: { status: 200,",
        "pot-warm: { ends: false, status: 200,",
        "12: `ends: false` checks nothing (leave `ends` out, or write `true`)",
    ),
    (
        "a rule that checks nothing",
        "{ matches: \"[0-9]+\" }",
        "{ unique: false }",
        "12: `unique: false` checks nothing (leave `unique` out, or write `true`)",
    ),
    (
        "wrong size",
        "    steps:",
        "    content: { cup: { random: 3 kib } }\n    steps:",
        "7: `3 kib` is not a size: write bytes (`300`) or a unit (`2 KiB`, `1 MiB`), up to 64 MiB",
    ),
    (
        "invalid since",
        "    given:",
        "    since: 0.2\n    given:",
        "6: `since` must be a version of the suites: three numbers with dots between, such as 0.2.0, but it is the number 0.2",
    ),
];

#[test]
fn the_files_without_a_mistake_are_right() {
    assert!(shown(&diagnostics(&[])).is_empty());
}

#[test]
fn each_mistake_gives_one_diagnostic_in_its_line() {
    for (name, typed, instead, expected) in MISTAKES {
        assert!(SUITE.contains(typed), "{name}: nothing to replace");
        let suite = SUITE.replacen(typed, instead, 1);
        let found = shown(&diagnostics(&[("pull/tea.yaml", &suite)]));
        assert_eq!(
            found,
            [format!("pull/tea.yaml:{expected}")],
            "{name}\n{suite}"
        );
    }
}

#[test]
fn a_word_from_a_short_list_is_suggested() {
    let suite = "title: T\nsection: s\ninvariants:\n  - { id: a, title: A, to: { gett: blob }, expect: { pot-warm: { status: 200 } } }\n";
    assert_eq!(
        shown(&diagnostics(&[("pull/tea.yaml", suite)])),
        [
            "pull/tea.yaml:4: `gett` is not known in `to` (did you mean `get`? Known: get, head, post, put, patch, delete)"
        ]
    );
}

#[test]
fn names_that_an_invalid_file_may_define_are_not_reported() {
    let broken = [
        (
            "procedures.yaml",
            "procedures: { boil: { titel: Boil, steps: [] } }\n",
        ),
        ("requirements/tea.yaml", "category: pull\nrequirement: []\n"),
        ("fixtures/pot.yaml", "title: A pot\nblob: { size: 2 KiB }\n"),
        (
            "features.yaml",
            "features: { milk: { title: Milk, sections: brewing } }\n",
        ),
    ];
    let suite = SUITE.replace("    given:", "    needs: [milk]\n    given:");
    let mut expected = Vec::new();
    for (path, text) in broken {
        let found = diagnostics(&[(path, text), ("pull/tea.yaml", &suite)]);
        // When the features are known, no case decides `milk`: the suite itself has that one mistake.
        let files: Vec<&str> = found.list.iter().map(|one| one.file()).collect();
        let own = files.iter().filter(|file| **file == path).count();
        assert_eq!(own, 1, "{path}: {:?}", shown(&found));
        let others = shown(&found);
        let others = others.iter().filter(|one| !one.starts_with(path));
        assert!(
            others.clone().all(|one| one.contains("`milk`")),
            "{path}: {others:?}"
        );
        expected.push((path, text));
    }
    expected.push((
        "pull/milk.yaml",
        "title: Milk\nsection: brewing\ncases: [\n",
    ));
    expected.push(("pull/tea.yaml", &suite));
    let together = diagnostics(&expected);
    let files: Vec<&str> = together.list.iter().map(|one| one.file()).collect();
    assert_eq!(
        files,
        [
            "features.yaml",
            "fixtures/pot.yaml",
            "procedures.yaml",
            "pull/milk.yaml",
            "requirements/tea.yaml"
        ],
        "{:?}",
        shown(&together)
    );
}

#[test]
fn one_mistake_does_not_hide_another() {
    let suite = SUITE
        .replace("status: 200,", "status: \"2oo\",")
        .replace("[200, 4xx]", "4x")
        + "  - { id: milk, titel: Milk, steps: [{ gett: /v2/ }] }\n  - { id: sugar, title: Sugar }\n";
    assert_eq!(
        shown(&diagnostics(&[("pull/tea.yaml", &suite)]))
            .iter()
            .map(|one| one.split(" (").next().unwrap_or_default())
            .collect::<Vec<_>>(),
        [
            "pull/tea.yaml:12: `status` must be a status",
            "pull/tea.yaml:15: `status` must be a status",
            "pull/tea.yaml:16: unknown key `titel`",
            "pull/tea.yaml:16: unknown key `gett`",
            "pull/tea.yaml:17: the key `steps` is missing",
        ]
    );
}
