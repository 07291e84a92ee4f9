//! `assay run --rerun`: the failures of an earlier run, run again.

use crate::support::folder::Folder;
use crate::support::registry::{faulty, sound, varied};
use serde_json::Value;

const FAULTS: [&str; 2] = ["blob-head-missing-200", "errors-text"];

/// A case that fails on the first of them.
const CASE: &str = "blob-unknown-in-second-repository";

fn run(here: &Folder, args: &[&str]) -> (i32, String) {
    let printed = here.run(args);
    (printed.status, printed.text)
}

fn outcomes(report: &Value) -> Vec<(String, String)> {
    let cases = report["rerun"]["cases"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    cases
        .map(|case| (text(&case["id"]), text(&case["outcome"])))
        .collect()
}

/// How many cases were run.
fn count(report: &Value) -> usize {
    let cases = report["cases"].as_array().unwrap().iter();
    cases.filter(|case| case["verdict"] != "skipped").count()
}

#[test]
fn a_rerun_reports_which_cases_still_fail_and_which_are_fixed() {
    let (here, broken) = (Folder::new(), faulty(&FAULTS));
    let first = [
        "--category",
        "pull,everywhere",
        "--skip",
        "*manifest*",
        "--skip",
        "*range*",
        "--spec",
        "dev",
    ];
    let (status, text) = run(&here, &[&[broken.url.as_str()], &first[..]].concat());
    assert_eq!(status, 1, "{text}");
    let earlier = here.report("reports");
    let bad = |case: &&Value| {
        let verdict = case["verdict"].as_str().unwrap();
        ["fail", "warn", "blocked"].contains(&verdict)
    };
    let failed = earlier["cases"].as_array().unwrap().iter().filter(bad);
    let failed = failed.count();
    assert!(failed > 2, "{text}");

    // The target comes from the report. An invariant is judged again too.
    let (status, text) = run(&here, &["--rerun", "reports/report.json"]);
    assert_eq!(status, 1, "{text}");
    assert_eq!(here.report("reports"), earlier, "the report is still there");
    let rerun = here.report("reports/rerun");
    assert_eq!(rerun["spec"], "dev");
    assert_eq!(rerun["target"]["url"], earlier["target"]["url"]);
    let still = outcomes(&rerun);
    assert_eq!(still.len(), failed);
    assert!(
        still.iter().all(|(_, outcome)| outcome == "still"),
        "{still:?}"
    );
    assert!(
        still.iter().any(|(id, _)| id == "blob-head-missing"),
        "{still:?}"
    );
    assert!(
        count(&rerun) < count(&earlier),
        "only what is needed is run"
    );

    // Another target, which conforms.
    let sound = sound();
    let args = [sound.url.as_str(), "--rerun", "reports/report.json", "-q"];
    let (status, text) = run(&here, &args);
    assert_eq!(status, 0, "{text}");
    assert!(text.contains("failed cases are fixed"), "{text}");
    let report = here.report("reports/rerun");
    // An invariant is not tested where no response of the smaller run is one that it applies to.
    let untested = |id: &str| {
        let mut cases = report["cases"].as_array().unwrap().iter();
        cases.any(|case| case["id"] == id && case["verdict"] == "untested")
    };
    let fixed = outcomes(&report);
    assert!(
        fixed
            .iter()
            .all(|(id, outcome)| outcome == "fixed" || untested(id)),
        "{fixed:?}"
    );

    // After that, no case failed.
    let (status, text) = run(
        &here,
        &["--rerun", "reports/rerun/report.json", "--out", "never"],
    );
    assert_eq!(status, 0, "{text}");
    assert!(text.starts_with("nothing to rerun"), "{text}");
    assert!(!here.has("never"));
}

#[test]
fn a_rerun_requires_the_same_features() {
    let here = Folder::new();
    let without = varied("no-referrers");
    let first = [
        without.url.as_str(),
        "--only",
        "api-base",
        "--require",
        "referrers",
    ];
    assert_eq!(run(&here, &first).0, 1);
    let (status, text) = run(&here, &["--rerun", "reports/report.json"]);
    assert_eq!(status, 1, "{text}");
    assert!(text.contains("required-referrers"), "{text}");
    let sound = sound();
    let (status, text) = run(&here, &[&sound.url, "--rerun", "reports/report.json"]);
    assert_eq!(status, 0, "{text}");
}

#[test]
fn configured_credentials_are_not_sent_to_the_target_of_a_report() {
    let here = Folder::new();
    let broken = faulty(&FAULTS);
    assert_eq!(
        run(&here, &[&broken.url, "--only", "blob-head-missing"]).0,
        1
    );
    here.write(
        "assay.toml",
        "target = \"https://registry.example\"\nusername = \"me\"\n",
    );
    let (status, text) = run(&here, &["--rerun", "reports/report.json"]);
    assert_eq!(status, 2, "{text}");
    assert!(
        text.contains("`target` (assay.toml:1) sets the target https://registry.example")
            && text.contains(&broken.url),
        "{text}"
    );
    // The variable works like the flag.
    let variables = [("ASSAY_RERUN", "reports/report.json")];
    here.assay_with(&variables, &["run"])
        .expect(2, &["assay.toml:1"]);
    here.write(
        "assay.toml",
        &format!("target = {:?}\nspec = \"1.0\"\n", broken.url),
    );
    let (status, text) = run(&here, &["--rerun", "reports/report.json"]);
    assert_eq!(status, 1, "{text}");
    assert_eq!(here.report("reports/rerun")["spec"], "1.1", "{text}");
}

#[test]
fn a_report_that_cannot_be_rerun_is_refused_with_a_reason() {
    let here = Folder::new();
    let broken = faulty(&FAULTS);
    assert_eq!(run(&here, &[&broken.url, "--only", CASE]).0, 1);
    let text = here.read("reports/report.json");
    for (from, to, said) in [
        (
            CASE,
            "unheard-of",
            "no failed case of changed.json is selected",
        ),
        (&broken.url, "file:///etc/passwd", "its target"),
        ("conformance/repo1", "../../x", "its repository"),
        ("\"schema\": \"2\"", "\"schema\": \"9\"", "version \"9\""),
        ("\"spec\": \"1.1\"", "\"spec\": \"3.0\"", "line 13"),
    ] {
        assert!(text.contains(from), "{from}");
        here.write("changed.json", &text.replace(from, to));
        let (status, text) = run(&here, &["--rerun", "changed.json"]);
        assert_eq!(status, 2, "{text}");
        assert!(
            text.contains(said) && text.contains("changed.json"),
            "{text}"
        );
    }
}
