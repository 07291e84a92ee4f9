//! Features that are required, and versions of the suites, as a user asks for them.

use crate::support::run::Folder;
use crate::support::serve::Served;
use serde_json::Value;

/// The bundled registry without the referrers API.
fn server() -> Served {
    Served::start(&["--variant", "no-referrers"])
}

#[test]
fn a_required_feature_that_the_target_lacks_fails_the_run() {
    let server = server();
    let here = Folder::new();
    let printed = here.run(&[&server.url, "--only", "api-base"]);
    let (status, text) = (printed.status, printed.text());
    assert_eq!(status, 0, "{text}");
    // The case that probes the feature runs although it is not selected, and it alone fails.
    let printed = here.run(&[&server.url, "--only", "api-base", "--require", "referrers"]);
    let (status, text) = (printed.status, printed.text());
    assert_eq!(status, 1, "{text}");
    assert!(
        text.contains("required-referrers") && text.contains("--require referrers"),
        "{text}"
    );
    let report = here.report("reports");
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
    let printed = here.run(&[&server.url, "--only", "api-base", "--require", "mount"]);
    let (status, text) = (printed.status, printed.text());
    assert_eq!(status, 0, "{text}");
}

#[test]
fn claims_in_a_file_are_compared_with_the_target() {
    let server = server();
    let here = Folder::new();
    let say = |claims: &str| here.write("assay.toml", claims);
    say("[claims]\nreferrers = true\n");
    let printed = here.run(&[&server.url, "--only", "api-base"]);
    let (status, text) = (printed.status, printed.text());
    assert_eq!(status, 1, "{text}");
    say("[claims]\nreferrers = false\nmount = false\n");
    let printed = here.run(&[&server.url, "--only", "api-base"]);
    let (status, text) = (printed.status, printed.text());
    assert_eq!(status, 0, "{text}");
    assert!(
        here.report("reports")["notes"]
            .to_string()
            .contains("mount: declared as not supported"),
        "{text}"
    );
}

#[test]
fn an_unknown_feature_is_refused_with_the_nearest_name() {
    let here = Folder::new();
    let printed = here.run(&["--require", "referers"]);
    let (status, text) = (printed.status, printed.text());
    assert_eq!(status, 2);
    assert!(text.contains("did you mean `referrers`?"), "{text}");
    here.write("assay.toml", "[claims]\nreferers = true\n");
    let printed = here.run(&[]);
    let (status, text) = (printed.status, printed.text());
    assert_eq!(status, 2);
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
    let printed = here.run(&["--suites", "suites"]);
    let (status, text) = (printed.status, printed.text());
    assert_eq!(status, 1, "{text}");
    for as_of in ["0.1", "0.1.0"] {
        let printed = here.run(&["--suites", "suites", "--as-of", as_of]);
        let (status, text) = (printed.status, printed.text());
        assert_eq!(status, 0, "{text}");
        assert!(text.contains("3 newer cases were run"), "{text}");
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
    let printed = here.run(&["--suites", "suites", "--as-of", "0.2"]);
    let (status, text) = (printed.status, printed.text());
    assert_eq!(status, 1, "{text}");
    let printed = here.run(&["--as-of", "soon"]);
    let (status, text) = (printed.status, printed.text());
    assert_eq!(status, 2);
    assert!(text.contains("three numbers"), "{text}");
}
