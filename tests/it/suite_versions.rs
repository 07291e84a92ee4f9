//! The versions of the suites: a case names those that brought and changed it, and `--as-of` does not count newer ones.

use serde_json::Value;

use crate::support::assay::Outcome;
use crate::support::folder::Folder;

/// What `assay lint` says of a suite with one case, which says this of its history.
fn lint(history: &str) -> Outcome {
    let here = Folder::new();
    let suite = format!(
        "title: Tea
section: api
cases:
  - id: tea
    title: There is tea
{history}    steps:
      - get: /v2/
        expect: {{ base-status: {{ status: 200 }} }}
"
    );
    here.write("suites/everywhere/tea.yaml", &suite);
    here.assay(&["lint", "suites"])
}

#[test]
fn a_case_may_name_the_versions_that_brought_and_changed_it() {
    lint("").expect(0, &[]);
    lint("    since: 0.1.0\n    changed: { 0.2.0: It is hot. }\n").expect(0, &[]);
}

#[test]
fn versions_to_come_and_changes_before_the_beginning_are_mistakes() {
    let says = "there is no version 99.0.0 of the suites yet";
    lint("    since: 99.0.0\n").expect(2, &[says, "tea.yaml:6"]);
    lint("    since: 0.2.0\n    changed: { 0.1.0: It is hot. }\n")
        .expect(2, &["a change comes after 0.2.0"]);
    lint("    since: soon\n").expect(2, &["soon"]);
}

/// A suite of a case that every registry passes, and of one that none does.
const SUITE: &str = "
title: Tea
section: api
cases:
  - id: tea-old
    title: The base answers
    steps:
      - get: /v2/
        expect: { manifest-get-status: { status: 200 } }
  - id: tea-new
    title: The base is a teapot
    since: 0.2.0
    given: { image: small-image }
    steps:
      - get: /v2/
        expect: { manifest-get-status: { status: 418 } }
  - id: tea-changed
    title: The base became a teapot
    changed: { 0.2.0: It is asked to be a teapot. }
    steps:
      - get: /v2/
        expect: { manifest-get-status: { status: 418 } }
";

#[test]
fn cases_newer_than_as_of_run_but_do_not_count() {
    let here = Folder::new();
    here.write("suites/everywhere/tea.yaml", SUITE);
    let run = |args: &[&str]| here.run(&[&["--suites", "suites"], args].concat());
    run(&[]).expect(1, &[]);
    for as_of in ["0.1", "0.1.0"] {
        run(&["--as-of", as_of]).expect(0, &["3 newer cases were run"]);
        let report = here.report("reports");
        let ids = |list: &Value| -> Vec<String> {
            let list = list.as_array().unwrap().iter();
            list.map(|case| case["id"].as_str().unwrap().to_owned())
                .collect()
        };
        // The set-up that only the newer one builds on does not count either.
        assert_eq!(ids(&report["cases"]), ["tea-old"]);
        assert_eq!(
            ids(&report["uncounted"]),
            ["set-up-small-image", "tea-new", "tea-changed"]
        );
        assert_eq!(report["uncounted"][1]["verdict"], "fail");
        assert_eq!(report["uncounted"][1]["since"], "0.2.0");
        assert_eq!(report["summary"]["fail"], 0);
        assert_eq!(report["as_of"], as_of);
    }
    run(&["--as-of", "0.2"]).expect(1, &[]);
    here.run(&["--as-of", "soon"]).expect(2, &["three numbers"]);
}
