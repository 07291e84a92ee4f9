//! results.yaml under review.

use serde_json::Value;

use super::findings::Findings;
use super::text::{one_line, yaml};

/// The rows of results.yaml that the certification site calls required.
const REQUIRED: [(&str, &str); 9] = [
    ("apis", "Blob get"),
    ("apis", "Blob head"),
    ("apis", "Manifest get by digest"),
    ("apis", "Manifest get by tag"),
    ("apis", "Manifest head by digest"),
    ("apis", "Manifest head by tag"),
    ("data", "Blobs sha256"),
    ("data", "Image"),
    ("data", "Index"),
];

/// Rows that have to be there, whatever their result.
const PRESENT: [(&str, &str); 1] = [("apis", "Ping")];

const SECTIONS: [&str; 2] = ["apis", "data"];

/// The way out of every wrong row: nobody writes results by hand.
const RUN_AGAIN: &str = "run `assay certify` again";

pub fn check(text: &str, version: &str, found: &mut Findings) {
    let Some(value) = yaml("results.yaml", text, found) else {
        return;
    };
    let named = value.pointer("/config/version").and_then(Value::as_str);
    if named != Some(version) {
        let named = one_line(named.unwrap_or("nothing"));
        found.flaw(format!(
            "results.yaml has the version {named}, and the folder is v{version}"
        ));
    }
    let row = |section: &str, row: &str| value.get(section).and_then(|rows| rows.get(row));
    for (section, name) in PRESENT.into_iter().chain(REQUIRED) {
        if row(section, name).is_none() {
            found.flaw(format!(
                "results.yaml: `{name}` ({section}) is missing: {RUN_AGAIN}"
            ));
        }
    }
    for section in SECTIONS {
        let rows = value.get(section).and_then(Value::as_object);
        for (name, status) in rows.into_iter().flatten() {
            let status = status.as_str().unwrap_or("no text");
            let required = REQUIRED.contains(&(section, name.as_str()));
            check_row(section, name, status, required, found);
        }
    }
}

fn check_row(section: &str, name: &str, status: &str, required: bool, found: &mut Findings) {
    let place = format!("results.yaml: `{}` ({section})", one_line(name));
    match status {
        "Pass" => {}
        "FAIL" => {
            found.failed += 1;
            found.flaw(format!(
                "{place} is FAIL: fix the registry, and {RUN_AGAIN}"
            ));
        }
        "Error" => {
            found.open += 1;
            found.flaw(format!("{place} has no result (Error): {RUN_AGAIN}"));
        }
        "Skip" | "Disabled" if required => {
            found.flaw(format!(
                "{place} must be Pass, and is {status}: {RUN_AGAIN}"
            ));
        }
        "Skip" | "Disabled" => {}
        other => {
            let other = one_line(other);
            found.flaw(format!(
                "{place} is `{other}`, which is no result: {RUN_AGAIN}"
            ));
        }
    }
}
