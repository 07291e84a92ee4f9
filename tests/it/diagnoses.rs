//! A run names the cause where the deployment around a registry is wrong, and cleans up what it opened.
use oci_assay::internals::registry::{Deletion, Options, Scheme, deployment, deployments, variant};
use serde_json::Value;

use crate::support::assay::{Assay, Outcome};
use crate::support::registry::registry;

/// A run against a registry with these options.
fn run_against(options: Options, arguments: &[&str]) -> Outcome {
    let server = registry(|set| *set = options);
    let formats = ["--format", "json,junit,html,markdown"];
    let run = Assay::run(&server.url).args(formats);
    run.args(arguments.iter().copied()).ends()
}

fn file(outcome: &Outcome, name: &str) -> String {
    outcome.folder.read(&format!("reports/{name}"))
}

fn diagnoses(outcome: &Outcome) -> Vec<String> {
    let report = outcome.report();
    let diagnoses = report["diagnoses"].as_array().into_iter();
    let ids = diagnoses.flatten().map(|one| one["id"].as_str());
    ids.map(|id| id.unwrap().to_owned()).collect()
}

#[test]
fn each_mistake_of_deployment_is_named_first_in_every_report() {
    for deployment in deployments() {
        let mut options = Options::default();
        (deployment.set)(&mut options);
        if deployment.id.starts_with("token") {
            options.login.user("u", "p");
            options.login.scheme = Scheme::Bearer;
        }
        let outcome = run_against(options, &["--username", "u", "--category", "push"]);
        assert_ne!(outcome.status, 0, "{}", outcome.text);
        assert_eq!(diagnoses(&outcome), [deployment.id], "{}", outcome.text);
        let report = outcome.report();
        let says = report["diagnoses"][0]["says"].as_str().unwrap();
        let start: String = says.split(' ').take(4).collect::<Vec<_>>().join(" ");
        let at = |text: &str, part: &str| text.find(part).unwrap_or(usize::MAX);
        let (said, table) = (at(&outcome.text, &start), at(&outcome.text, "Category"));
        assert!(said < table, "{}: {}", deployment.id, outcome.text);
        let heading = format!("({}, ", deployment.id);
        for name in ["junit.xml", "report.html", "summary.md"] {
            let text = file(&outcome, name).replace('\\', "");
            assert!(text.contains(&heading), "{}: {name}", deployment.id);
        }
        assert!(
            !outcome.text.contains("stopped responding"),
            "{}",
            outcome.text
        );
    }
}

#[test]
fn a_registry_that_conforms_or_declines_has_no_diagnosis() {
    let ids = ["uploads-rotate", "deletion-denied-403", "streams-refused"];
    for id in ids.into_iter().map(Some).chain([None]) {
        let mut options = Options::default();
        if let Some(id) = id {
            (variant(id).unwrap().set)(&mut options);
        }
        let outcome = run_against(options, &["--jobs", "4"]);
        assert_eq!(diagnoses(&outcome), Vec::<String>::new(), "{id:?}");
        assert!(!outcome.text.contains("Likely cause"), "{id:?}");
    }
    assert!(deployment("none").is_none());
}

#[test]
fn uploads_are_cancelled_under_their_present_url() {
    let mut options = Options::default();
    (variant("uploads-rotate").unwrap().set)(&mut options);
    let outcome = run_against(options, &["--category", "push"]);
    let left = outcome.report()["leftovers"].as_array().cloned();
    assert_eq!(left.unwrap_or_default(), Vec::<Value>::new());
}

#[test]
fn refused_deletions_are_a_line() {
    let options = Options {
        delete_tags: Deletion::Off(405),
        delete_manifests: Deletion::Off(405),
        delete_blobs: Deletion::Off(405),
        ..Options::default()
    };
    let outcome = run_against(options, &["--category", "push"]);
    let lines = outcome.text.lines();
    let lines: Vec<&str> = lines.filter(|line| line.starts_with("left: ")).collect();
    assert_eq!(lines.len(), 1, "{}", outcome.text);
    assert!(lines[0].ends_with("DELETE returned 405"), "{lines:?}");
    let page = file(&outcome, "report.html");
    assert!(page.contains("): DELETE returned 405</summary>"));
}
