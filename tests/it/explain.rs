//! `assay explain` and `assay list`, as their users run them.

use crate::support::assay::assay;
use serde_json::Value;

fn explain(id: &str) -> String {
    let explained = assay(&["explain", id]);
    explained.expect(0, &[]);
    explained.text
}

#[test]
fn the_section_of_another_text_is_not_one_of_the_specification() {
    let explained = explain("client-forbidden-once");
    assert!(!explained.contains("distribution-spec"), "{explained}");
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
            "layer-bit-changed",
            "(scenario for clients)",
            "GET for the layer: a body with one changed bit",
        ),
        (
            "chunks-start-at-zero",
            "(rule for the requests of clients)",
            "client-chunk-first",
        ),
        (
            "uploads-follow-the-location",
            "(rule for the requests of clients)",
            "assay client run NAME --only client-upload-location-assembled",
        ),
        ("traffic-answered", "(case of traffic)", "assay judge"),
        (
            "client-retry-after",
            "(requirement)",
            "assay client run NAME --only client-retry-after",
        ),
        (
            "client-forbidden-once",
            "(requirement)",
            "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.4",
        ),
        (
            "blobs-stored-before",
            "(scenario for clients)",
            "the blobs of the image are in the repository",
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
        ("BLOB_UNKNOWN", "(error code)", "All responses"),
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
    assay(&["explain", "chunk-ordr"]).expect(2, &["`chunk-order`"]);
    assay(&["explain", "no-such-thing-at-all-anywhere"]).expect(2, &["assay list"]);
}

#[test]
fn lists_are_narrowed_by_kind_pattern_and_filter() {
    let listed = assay(&[
        "list",
        "requirements",
        "--level",
        "should",
        "--spec",
        "1.1",
        "--category",
        "pull",
    ]);
    listed.expect(0, &["manifest-get-content-type-bare"]);
    let text = listed.text;
    assert!(!text.contains("manifest-get-status"), "{text}");
    let text = assay(&["list", "faults", "manifest-get-*"]).text;
    assert!(
        text.contains("manifest-get-203") && !text.contains("mount"),
        "{text}"
    );
    assay(&["list", "layer-bomb"]).expect(0, &["layer-bomb"]);
    let text = assay(&["list", "scenarios", "clients", "*-bomb", "skopeo"]).text;
    assert!(
        text.contains("layer-bomb") && text.contains("skopeo") && !text.contains("oras"),
        "{text}"
    );
    let text = assay(&["list", "scenarios"]).text;
    assert_eq!(text, assay(&["client", "list", "--scenarios"]).text);
    assert_eq!(
        assay(&["list", "clients"]).text,
        assay(&["client", "list"]).text
    );
    assay(&["list", "no-such-*"]).expect(2, &[]);
    assay(&["list", "--feature", "referers"]).expect(2, &["did you mean `referrers`?"]);
}

#[test]
fn the_list_for_scripts_has_what_is_listed() {
    let listed = assay(&["list", "--format", "json"]);
    listed.expect(0, &[]);
    let all: Value = serde_json::from_str(&listed.stdout).unwrap();
    for kind in [
        "suites",
        "requirements",
        "features",
        "faults",
        "variants",
        "scenarios",
        "clients",
    ] {
        assert!(!all[kind].as_array().unwrap().is_empty(), "{kind}");
    }
    let text = assay(&["list", "cases", "--feature", "mount", "--format", "json"]).stdout;
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
