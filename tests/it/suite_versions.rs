//! Which version of the suites a case belongs to.

use crate::support::run::assay;

/// What `assay lint` says of a suite with one case, which says this of its history.
fn lint(history: &str) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("everywhere")).unwrap();
    let suite = format!(
        "title: Tea\nsection: api\ncases:\n  - id: tea\n    title: There is tea\n{history}    steps:\n      - get: /v2/\n        expect: {{ base-status: {{ status: 200 }} }}\n"
    );
    std::fs::write(folder.path().join("everywhere/tea.yaml"), suite).unwrap();
    let mut command = assay();
    let output = command.arg("lint").arg(folder.path()).output().unwrap();
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    (output.status.code(), String::from_utf8(text).unwrap())
}

#[test]
fn a_case_may_name_the_versions_that_brought_and_changed_it() {
    let (status, text) = lint("");
    assert_eq!(status, Some(0), "{text}");
    let (status, text) = lint("    since: 0.1.0\n    changed: { 0.2.0: It is hot. }\n");
    assert_eq!(status, Some(0), "{text}");
}

#[test]
fn versions_to_come_and_changes_before_the_beginning_are_mistakes() {
    let (status, text) = lint("    since: 99.0.0\n");
    assert_eq!(status, Some(2));
    assert!(
        text.contains("there is no version 99.0.0 of the suites yet"),
        "{text}"
    );
    assert!(text.contains("tea.yaml:6"), "{text}");
    let (status, text) = lint("    since: 0.2.0\n    changed: { 0.1.0: It is hot. }\n");
    assert_eq!(status, Some(2));
    assert!(text.contains("a change comes after 0.2.0"), "{text}");
    let (status, text) = lint("    since: soon\n");
    assert_eq!(status, Some(2));
    assert!(text.contains("soon"), "{text}");
}
