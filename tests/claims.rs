//! Features that are required, and versions of the suites, as a user asks for them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use support::serve::Served;

/// The bundled registry without the referrers API.
fn server() -> Served {
    Served::start(&["--variant", "no-referrers"])
}

fn run(folder: &Path, args: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ASSAY_")) {
        command.env_remove(name);
    }
    command
        .current_dir(folder)
        .args(["run", "--progress", "never"])
        .args(args);
    let output = command.output().unwrap();
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    (output.status.code(), String::from_utf8(text).unwrap())
}

fn report(folder: &Path) -> Value {
    let text = std::fs::read_to_string(folder.join("reports/report.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn a_required_feature_that_is_left_out_fails_the_case_that_finds_out() {
    let server = server();
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let (status, text) = run(here, &[&server.url, "--only", "api-base"]);
    assert_eq!(status, Some(0), "{text}");
    // What finds out is run though it is not chosen, and keeps the one failure.
    let (status, text) = run(
        here,
        &[&server.url, "--only", "api-base", "--require", "referrers"],
    );
    assert_eq!(status, Some(1), "{text}");
    assert!(
        text.contains("required-referrers") && text.contains("--require referrers"),
        "{text}"
    );
    let report = report(here);
    assert_eq!(report["features"]["referrers"], "unsupported");
    assert_eq!(report["summary"]["fail"], 1, "{text}");
    let cases = report["cases"].as_array().unwrap();
    let failed = cases.iter().find(|case| case["verdict"] == "fail").unwrap();
    let check = failed["checks"]
        .as_array()
        .unwrap()
        .iter()
        .find(|check| check["verdict"] == "fail");
    assert_eq!(check.unwrap()["level"], "MUST");
    let (status, text) = run(
        here,
        &[&server.url, "--only", "api-base", "--require", "mount"],
    );
    assert_eq!(status, Some(0), "{text}");
}

#[test]
fn claims_in_a_file_are_held_against_the_target() {
    let server = server();
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let say = |claims: &str| std::fs::write(here.join("assay.toml"), claims).unwrap();
    say("[claims]\nreferrers = true\n");
    let (status, text) = run(here, &[&server.url, "--only", "api-base"]);
    assert_eq!(status, Some(1), "{text}");
    say("[claims]\nreferrers = false\nmount = false\n");
    let (status, text) = run(here, &[&server.url, "--only", "api-base"]);
    assert_eq!(status, Some(0), "{text}");
    assert!(
        report(here)["notes"]
            .to_string()
            .contains("mount: declared as not supported"),
        "{text}"
    );
}

#[test]
fn a_feature_that_there_is_not_is_named_with_the_nearest() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let (status, text) = run(here, &["--require", "referers"]);
    assert_eq!(status, Some(2));
    assert!(text.contains("did you mean `referrers`?"), "{text}");
    std::fs::write(here.join("assay.toml"), "[claims]\nreferers = true\n").unwrap();
    let (status, text) = run(here, &[]);
    assert_eq!(status, Some(2));
    assert!(
        text.contains("assay.toml:2:") && text.contains("did you mean `referrers`?"),
        "{text}"
    );
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
        expect: { base-status: { status: 200 } }
  - id: tea-new
    title: The base is a teapot
    since: 0.2.0
    given: { image: small-image }
    steps:
      - get: /v2/
        expect: { base-status: { status: 418 } }
  - id: tea-changed
    title: The base became a teapot
    changed: { 0.2.0: It is asked to be a teapot. }
    steps:
      - get: /v2/
        expect: { base-status: { status: 418 } }
";

#[test]
fn what_is_newer_than_the_version_judged_as_of_is_run_and_does_not_count() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    std::fs::create_dir_all(here.join("suites/everywhere")).unwrap();
    std::fs::write(here.join("suites/everywhere/tea.yaml"), SUITE).unwrap();
    let (status, text) = run(here, &["--suites", "suites"]);
    assert_eq!(status, Some(1), "{text}");
    for as_of in ["0.1", "0.1.0"] {
        let (status, text) = run(here, &["--suites", "suites", "--as-of", as_of]);
        assert_eq!(status, Some(0), "{text}");
        assert!(
            text.contains("3 newer cases were run"),
            "{text}"
        );
        let report = report(here);
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
    let (status, text) = run(here, &["--suites", "suites", "--as-of", "0.2"]);
    assert_eq!(status, Some(1), "{text}");
    let (status, text) = run(here, &["--as-of", "soon"]);
    assert_eq!(status, Some(2));
    assert!(text.contains("three numbers"), "{text}");
}
