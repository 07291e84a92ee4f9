//! `assay coverage`, as its users run it.

use crate::support::assay::assay;
use serde_json::Value;

fn coverage(args: &[&str]) -> String {
    let covered = assay(&[&["coverage"], args].concat());
    covered.expect(0, &[]);
    covered.stdout
}

#[test]
fn json_names_every_requirement_with_its_cases_and_faults() {
    let json: Value = serde_json::from_str(&coverage(&["--format", "json"])).unwrap();
    let all = json["requirements"].as_array().unwrap();
    let one = |id: &str| all.iter().find(|one| one["id"] == id).unwrap();
    let get = one("manifest-get-status");
    assert_eq!(get["standing"]["1.1"], "mutation-tested");
    assert!(
        get["cases"]["1.0"]
            .as_array()
            .unwrap()
            .iter()
            .any(|case| case == "manifest-by-tag")
    );
    assert!(
        get["faults"]
            .as_array()
            .unwrap()
            .iter()
            .any(|fault| fault == "manifest-get-203")
    );
    assert_eq!(one("client-accept")["standing"]["1.1"], "client");
    assert_eq!(one("upload-expiry")["standing"]["dev"], "unobservable");
}

#[test]
fn a_feature_that_a_registry_should_have_is_tested_where_it_is_declined() {
    let json: Value = serde_json::from_str(&coverage(&["--format", "json"])).unwrap();
    let all = json["requirements"].as_array().unwrap();
    let range = all
        .iter()
        .find(|one| one["id"] == "referrers-filter")
        .unwrap();
    assert!(!range["cases"]["1.1"].as_array().unwrap().is_empty());
}

#[test]
fn filters_leave_what_they_name() {
    let text = coverage(&[
        "--category",
        "management",
        "--level",
        "MUST",
        "--spec",
        "1.0",
    ]);
    assert!(text.contains("Content management"), "{text}");
    assert!(!text.contains("manifest-get-status"), "{text}");
    let table = coverage(&["--format", "markdown", "--spec", "1.1"]);
    assert!(table.contains("| Pull | 1.1 |"), "{table}");
    assert!(!table.contains("| dev |"), "{table}");
}

#[test]
fn whatever_a_client_can_see_has_a_case_and_a_fault_or_the_catalogue_says_why_not() {
    let checked = assay(&["coverage", "--check", "--missing"]);
    let gaps = checked
        .stdout
        .lines()
        .skip_while(|line| !line.ends_with("without a reason"));
    let gaps: Vec<&str> = gaps.skip(1).map(str::trim).collect();
    assert!(
        checked.status == 0,
        "add a case or a fault, or say in the catalogue why there is none (untested, unfaulted): {gaps:#?}"
    );
}
