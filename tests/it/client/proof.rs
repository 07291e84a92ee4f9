//! The right client conforms; each mistake is found under the name of its requirement.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::assay::{Assay, Outcome, assay};
use crate::support::folder::Folder;

/// What the small client does wrong, and the requirement that must be named.
const MISTAKES: &[(&str, &str)] = &[
    ("trusts-blobs", "client-blob-verified"),
    ("trusts-manifests", "client-manifest-reference-verified"),
    ("trusts-headers", "client-manifest-digest-verified"),
    ("trusts-headers", "client-manifest-put-digest-verified"),
    ("trusts-headers", "client-mount-digest-verified"),
    ("types-that-differ", "client-media-type-match"),
    ("types-with-parameters", "client-content-type-parameters"),
    ("ignores-sizes", "client-descriptor-size"),
    ("reads-without-end", "client-descriptor-size-first"),
    ("credentials-everywhere", "client-redirect-credentials"),
    ("credentials-everywhere", "client-credentials-host"),
    ("credentials-everywhere", "client-credentials-port"),
    ("answers-any-challenge", "client-credentials-host"),
    ("trusts-certificates", "client-certificate-verified"),
    ("trusts-headers", "client-blob-digest-verified"),
    ("unpacks-anywhere", "client-layer-destination"),
    ("unpacks-anywhere", "client-layer-existing-path"),
    ("one-index", "client-nested-index"),
    ("no-redirects", "client-redirect-followed"),
    ("redirects-for-ever", "client-redirect-loop"),
    ("needs-legacy-headers", "client-legacy-headers-not-needed"),
    ("needs-codes", "client-legacy-codes-not-needed"),
    ("warnings-hidden", "client-warnings-reported"),
    ("warnings-twice", "client-warnings-once"),
    ("warnings-fatal", "client-warnings-no-action"),
    ("first-challenge-only", "client-challenge-forms"),
    ("no-accept", "client-accept"),
    ("no-user-agent", "client-user-agent"),
    ("namespace", "client-proxy-namespace-elsewhere"),
    ("impatient", "client-retry-after"),
    ("odd-reference", "client-manifest-put-reference"),
    ("no-type", "client-manifest-content-type"),
    ("type-with-parameters", "client-manifest-content-type-bare"),
    ("no-media-type", "client-manifest-media-type"),
    ("other-type", "client-manifest-media-type-agrees"),
    ("no-layers", "client-manifest-complete"),
    ("small-manifests", "client-manifest-size"),
    ("drops-queries", "client-upload-location-unchanged"),
    ("assembles-locations", "client-upload-location-assembled"),
    ("keeps-locations", "client-chunk-location"),
    ("single-post-without-digest", "client-single-post-digest"),
    ("single-post-without-length", "client-single-post-length"),
    ("single-post-abandoned", "client-single-post-continues"),
    ("opens-with-a-body", "client-chunked-open-length"),
    ("exclusive-ranges", "client-chunk-range-inclusive"),
    ("ranges-with-unit", "client-chunk-range-form"),
    ("starts-at-one", "client-chunk-first"),
    ("gaps", "client-chunk-order"),
    ("skips-a-chunk", "client-chunk-order"),
    ("resumes-at-old-location", "client-status-location"),
    ("no-algorithm", "client-digest-algorithm"),
    ("never-closes", "client-session-closed"),
    ("small-chunks", "client-chunk-minimum"),
    ("wrong-digest", "client-closing-digest"),
    ("leaves-uploads", "client-cancels"),
    ("cancels-again", "client-cancel-failure"),
    ("mount-or-nothing", "client-older-registries"),
    ("first-page-only", "client-older-registries"),
    ("last-as-number", "client-last-is-tag"),
    ("no-fallback", "client-subject-fallback"),
    ("no-fallback", "client-referrers-available"),
    ("no-fallback", "client-referrers-fallback"),
    ("no-fallback", "client-referrers-tag"),
    ("no-fallback", "client-fallbacks"),
    ("trusts-filters", "client-older-registries"),
    ("needs-list", "client-referrers-none"),
    ("long-tag", "client-referrers-tag-encoded"),
    ("any-list", "client-fallback-unexpected"),
    ("fallback-alone", "client-fallback-append"),
    ("fallback-alone", "client-referrers-tag-maintained"),
    ("fallback-as-image", "client-referrers-tag-content"),
    ("no-config-type", "client-fallback-config-type"),
    ("no-fallback", "client-fallback-push"),
    ("delete-only", "client-delete-fallback"),
    ("delete-only", "client-delete-fallback-push"),
    ("delete-not-pulled", "client-delete-fallback-pull"),
    ("delete-not-removed", "client-delete-fallback-remove"),
    ("odd-pull-reference", "client-manifest-reference"),
    ("other-tag", "client-referrers-tag-name"),
    ("fallback-not-pulled", "client-fallback-pull"),
    ("fallback-as-image", "client-fallback-empty"),
    ("fallback-empty", "client-fallback-append"),
    ("fallback-twice", "client-fallback-once"),
    ("fallback-without-type", "client-fallback-artifact-type"),
    (
        "fallback-without-annotations",
        "client-fallback-annotations",
    ),
];

/// The scenarios whose requests show the mistakes that no scenario is about.
const OBSERVED_IN: [&str; 2] = ["locations-that-change", "digest-header-absent-on-pull"];

/// The mistakes that the quick tests try.
const QUICK: usize = 4;

/// The adapter of the small client, which is this test binary.
pub fn adapter(wrong: &str) -> String {
    let program = std::env::current_exe().unwrap();
    let said = |words: &[&str]| {
        let words = [
            "--exact",
            "client::small_client::program::as_a_program",
            "--nocapture",
            "--",
        ]
        .iter()
        .chain(words);
        let words: Vec<String> = words.map(|word| format!("'{word}'")).collect();
        format!("['{{program}}', {}]", words.join(", "))
    };
    let action = |name: &str, words: &[&str]| {
        let run = said(words);
        format!("[actions.{name}]\nrun = [{run}]\nlands = ['{{out}}']\n")
    };
    let actions = [
        action(
            "pull",
            &["pull", "{plain}{image}", "{tls}https://{image}", "{out}"],
        ),
        action(
            "push",
            &["push", "{layout}", "{plain}{image}", "{tls}https://{image}"],
        ),
        action("copy", &["copy", "{image}", "{copy}"]),
        action("tags", &["tags", "{repository}:x"]),
        action("delete", &["delete", "{image}"]),
        action("attach", &["attach", "{image}", "{artifact-type}"]),
        action("referrers", &["referrers", "{image}"]),
        format!(
            "filtered = [{}]\n",
            said(&["referrers", "{image}", "{artifact-type}"])
        ),
        action("resolve", &["resolve", "{image}"]),
    ];
    let program = program.display();
    let version = said(&["version"]);
    format!(
        "name = 'small'\nabout = 'the client of the tests'\nprogram = '{program}'\n\
         [version]\nrun = {version}\npattern = 'small (\\S+)'\n\
         [environment]\nSMALL_CLIENT = ''\nSMALL_CLIENT_WRONG = '{wrong}'\nSMALL_CLIENT_LOGIN = '{{basic}}'\nSMALL_CLIENT_CA = '{{ca}}'\n{}",
        actions.concat()
    )
}

pub fn run(wrong: &str, more: &[&str]) -> Outcome {
    let folder = Folder::new();
    folder.write("small.toml", &adapter(wrong));
    let words = [
        "client",
        "run",
        "--adapter",
        "small.toml",
        "--spec",
        "dev",
        "--progress",
        "never",
    ];
    Assay::new_in(&folder)
        .args(words)
        .args(more.iter().copied())
        .ends()
}

/// The requirements with this verdict.
fn with_verdict(report: &Value, wanted: &[&str]) -> BTreeSet<String> {
    let requirements = report["requirements"].as_array().unwrap().iter();
    let broken = requirements.filter(|one| wanted.contains(&one["verdict"].as_str().unwrap()));
    broken
        .map(|one| one["id"].as_str().unwrap().to_owned())
        .collect()
}

/// # Errors
/// What was found instead.
fn is_found((wrong, requirement): &(&str, &str)) -> Result<(), String> {
    let mut words = vec!["--only", requirement, "--timeout", "8s"];
    words.extend(OBSERVED_IN.iter().flat_map(|scenario| ["--only", scenario]));
    let outcome = run(wrong, &words);
    let broken = with_verdict(&outcome.report(), &["fail", "warn"]);
    match broken.contains(*requirement) {
        true => Ok(()),
        false => Err(format!(
            "{wrong}: {requirement} is not named, but {broken:?}"
        )),
    }
}

#[test]
#[ignore = "long: run by .ci/run"]
fn the_right_client_conforms() {
    let outcome = run("", &[]);
    let report = outcome.report();
    assert_eq!(outcome.status, 0, "{}", outcome.stdout);
    let cases = report["cases"].as_array().unwrap().iter();
    let bad: Vec<String> = cases
        .filter(|case| !["pass", "untested"].contains(&case["verdict"].as_str().unwrap()))
        .map(|case| {
            format!(
                "{} {}: {} {}",
                case["verdict"], case["id"], case["reason"], case["checks"]
            )
        })
        .collect();
    assert!(bad.is_empty(), "{bad:#?}");
    assert_eq!(report["target"]["party"], "client");
}

#[test]
fn some_mistakes_are_found_by_their_names() {
    let found: Result<(), String> = MISTAKES.iter().take(QUICK).try_for_each(is_found);
    assert_eq!(found, Ok(()));
}

#[test]
#[ignore = "long: run by .ci/run"]
fn every_mistake_is_found_by_its_name() {
    let missed: Vec<String> = MISTAKES
        .iter()
        .filter_map(|one| is_found(one).err())
        .collect();
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn every_tested_requirement_has_a_mistake() {
    let listed = assay(&["coverage", "--party", "client", "--format", "json"]);
    let listed: Value = serde_json::from_str(&listed.stdout).unwrap();
    let requirements = listed["requirements"].as_array().unwrap().iter();
    let tested = requirements.filter(|one| one["scenarios"] != serde_json::json!([]));
    let without: Vec<&str> = tested
        .map(|one| one["id"].as_str().unwrap())
        .filter(|id| !MISTAKES.iter().any(|(_, known)| known == id))
        .collect();
    assert!(without.is_empty(), "no mistake violates {without:?}");
}
