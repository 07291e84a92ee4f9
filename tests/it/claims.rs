//! Features that are required or declared as not supported are compared with the target.

use crate::support::folder::Folder;
use crate::support::registry::varied;

#[test]
fn a_required_feature_that_the_target_lacks_fails_the_run() {
    let server = varied("no-referrers");
    let here = Folder::new();
    here.run(&[&server.url, "--only", "api-base"])
        .expect(0, &[]);
    // The case that probes the feature runs although it is not selected, and it alone fails.
    here.run(&[&server.url, "--only", "api-base", "--require", "referrers"])
        .expect(1, &["required-referrers", "--require referrers"]);
    let report = here.report("reports");
    assert_eq!(report["features"]["referrers"], "unsupported");
    assert_eq!(report["summary"]["fail"], 1);
    let cases = report["cases"].as_array().unwrap();
    let failed = cases.iter().find(|case| case["verdict"] == "fail").unwrap();
    let check = failed["checks"]
        .as_array()
        .unwrap()
        .iter()
        .find(|check| check["verdict"] == "fail");
    assert_eq!(check.unwrap()["level"], "MUST");
    here.run(&[&server.url, "--only", "api-base", "--require", "mount"])
        .expect(0, &[]);
}

#[test]
fn a_required_feature_means_the_same_for_a_part_of_the_suites() {
    // The probe of the filter needs the referrers API, whose own probe is not selected either.
    let server = varied("no-referrers");
    let here = Folder::new();
    let required = ["--only", "api-base", "--require", "referrers-filter"];
    here.run(&[&[server.url.as_str()], &required[..]].concat())
        .expect(1, &[]);
    let report = here.report("reports");
    assert_eq!(report["features"]["referrers-filter"], "unsupported");
    assert_eq!(report["summary"]["fail"], 1);
    let violated = report["requirements"].as_array().unwrap().iter();
    let violated = violated.filter(|one| one["verdict"] == "fail");
    let ids: Vec<_> = violated.map(|one| &one["id"]).collect();
    assert_eq!(ids, ["required-referrers-filter"]);
}

#[test]
fn a_refused_feature_is_unsupported() {
    for (variant, feature) in [("mount-501", "mount"), ("single-post-501", "single-post")] {
        let server = varied(variant);
        let here = Folder::new();
        here.run(&[&server.url, "--only", "api-base", "--require", feature])
            .expect(1, &[]);
        let report = here.report("reports");
        assert_eq!(report["features"][feature], "unsupported");
    }
}

#[test]
#[ignore = "long: run by .ci/run"]
fn a_content_coding_that_the_request_asks_for_gets_no_warning() {
    let server = varied("json-gzipped-on-request");
    let here = Folder::new();
    let strict = ["--spec", "dev", "--deny", "warn"];
    here.run(&[&[server.url.as_str()], &strict[..]].concat())
        .expect(0, &[]);
    let report = here.report("reports");
    let judged = report["requirements"].as_array().unwrap().iter();
    let judged = judged.filter(|one| one["id"] == "content-coding-identity");
    let verdicts: Vec<_> = judged.map(|one| &one["verdict"]).collect();
    assert_eq!(verdicts, ["pass"]);
}

#[test]
fn a_part_of_the_suites_says_that_not_all_was_tested() {
    let here = Folder::new();
    let ran = here.run(&["--only", "api-base"]);
    let says = [
        "Not all was tested. ",
        "options of the run left the rest out",
    ];
    ran.expect(0, &says);
    let text = &ran.text;
    assert!(!text.to_lowercase().contains("inconclusive"), "{text}");
    assert_eq!(here.report("reports")["verdict"], "inconclusive");
}

#[test]
fn claims_in_a_file_are_compared_with_the_target() {
    let server = varied("no-referrers");
    let here = Folder::new();
    let say = |claims: &str| here.write("assay.toml", claims);
    say("[claims]\nreferrers = true\n");
    here.run(&[&server.url, "--only", "api-base"])
        .expect(1, &[]);
    say("[claims]\nreferrers = false\nmount = false\n");
    here.run(&[&server.url, "--only", "api-base"])
        .expect(0, &[]);
    let notes = here.report("reports")["notes"].to_string();
    assert!(
        notes.contains("mount: declared as not supported"),
        "{notes}"
    );
}

#[test]
fn an_unknown_feature_is_refused_with_the_nearest_name() {
    let here = Folder::new();
    here.run(&["--require", "referers"])
        .expect(2, &["did you mean `referrers`?"]);
    here.write("assay.toml", "[claims]\nreferers = true\n");
    here.run(&[])
        .expect(2, &["assay.toml:2:", "did you mean `referrers`?"]);
}
