//! `assay explain` and `assay list`, as their users run them.

use crate::support::run::printed;
use serde_json::Value;

fn assay(args: &[&str]) -> (Option<i32>, String) {
    let printed = printed(args);
    (Some(printed.status), printed.text())
}

fn explain(id: &str) -> String {
    let (status, text) = assay(&["explain", id]);
    assert_eq!(status, Some(0), "{text}");
    text
}

#[test]
fn every_kind_of_entry_is_explained() {
    for (id, kind, says) in [
        ("chunk-order", "(requirement)", "assay serve --fault"),
        ("chunk-out-of-order", "(case)", "curl -si -X PATCH"),
        ("referrers", "(feature)", "--require referrers"),
        (
            "manifest-get-203",
            "(fault)",
            "assay self-test --faults --only manifest-get-203",
        ),
        (
            "no-referrers",
            "(permitted variant)",
            "assay serve --variant no-referrers",
        ),
        (
            "set-up-small-image/repo2",
            "(set-up)",
            "an image with one small layer",
        ),
        ("required-referrers", "(feature)", "--require referrers"),
        ("discovery", "(category)", "Content discovery"),
        ("BLOB_UNKNOWN", "(error code)", "Every answer"),
        ("3", "(exit status)", "no verdict"),
        ("client-accept", "(requirement)", "clients"),
        ("upload-expiry", "(requirement)", "not tested"),
    ] {
        let text = explain(id);
        assert!(text.contains(kind) && text.contains(says), "{id}: {text}");
    }
}

#[test]
fn a_requirement_is_explained_with_the_catalogues_sentence_level_and_link() {
    let text = explain("manifest-get-content-type-bare");
    assert!(text.contains("has no parameters."), "{text}");
    assert!(text.contains("SHOULD in 1.1, SHOULD in dev"), "{text}");
    assert!(text.contains("spec.md#pulling-manifests"), "{text}");
    assert!(text.contains("since          1.1"), "{text}");
    assert!(text.contains("manifest-get-type-parameters"), "{text}");
}

#[test]
fn a_misspelt_name_gets_the_nearest_ones() {
    let (status, text) = assay(&["explain", "chunk-ordr"]);
    assert_eq!(status, Some(2));
    assert!(text.contains("`chunk-order`"), "{text}");
    let (status, text) = assay(&["explain", "no-such-thing-at-all-anywhere"]);
    assert_eq!(status, Some(2));
    assert!(text.contains("assay list"), "{text}");
}

#[test]
fn lists_are_narrowed_by_kind_pattern_and_filter() {
    let (status, text) = assay(&[
        "list",
        "requirements",
        "--level",
        "should",
        "--spec",
        "1.1",
        "--category",
        "pull",
    ]);
    assert_eq!(status, Some(0), "{text}");
    assert!(text.contains("manifest-get-content-type-bare"), "{text}");
    assert!(!text.contains("manifest-get-status"), "{text}");
    let (_, text) = assay(&["list", "faults", "manifest-get-*"]);
    assert!(
        text.contains("manifest-get-203") && !text.contains("mount"),
        "{text}"
    );
    let (status, text) = assay(&["list", "no-such-*"]);
    assert_eq!(status, Some(2), "{text}");
    let (status, text) = assay(&["list", "--feature", "referers"]);
    assert_eq!(status, Some(2));
    assert!(text.contains("did you mean `referrers`?"), "{text}");
}

#[test]
fn the_list_for_scripts_has_what_is_listed() {
    let (status, text) = assay(&["list", "--format", "json"]);
    assert_eq!(status, Some(0));
    let all: Value = serde_json::from_str(&text).unwrap();
    for kind in ["suites", "requirements", "features", "faults", "variants"] {
        assert!(!all[kind].as_array().unwrap().is_empty(), "{kind}");
    }
    let (_, text) = assay(&["list", "cases", "--feature", "mount", "--format", "json"]);
    let some: Value = serde_json::from_str(&text).unwrap();
    assert!(some["suites"].is_null() && some["faults"].is_null());
    let cases = some["cases"].as_array().unwrap();
    assert!(cases.iter().any(|case| case["id"] == "mount"), "{text}");
    assert!(
        cases
            .iter()
            .all(|case| !case["requirements"].as_array().unwrap().is_empty())
    );
}
