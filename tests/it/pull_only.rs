//! Registries that serve pulls only: what a client loaded beforehand is tested without a push.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde_json::Value;

use crate::support::folder::Folder;
use crate::support::registry::{Registry, faulty, sound, varied};

const REPOS: [&str; 2] = ["conformance/repo1", "conformance/repo2"];

/// Loads a layout as a client does: what is named by another algorithm than sha256 by its digest, all else by its tag.
fn load(registry: &Registry, repo: &str, layout: &Path, algorithms: &[&str]) {
    let index: Value = json(&layout.join("index.json"));
    let manifests = index["manifests"].as_array().unwrap();
    for algorithm in algorithms {
        let Ok(files) = std::fs::read_dir(layout.join("blobs").join(algorithm)) else {
            continue;
        };
        for file in files {
            let file = file.unwrap();
            let digest = format!("{algorithm}:{}", file.file_name().to_str().unwrap());
            if manifests.iter().any(|one| one["digest"] == digest.as_str()) {
                continue;
            }
            let body = std::fs::read(file.path()).unwrap();
            let path = format!("/v2/{repo}/blobs/uploads/?digest={digest}");
            assert_eq!(registry.send("POST", &path, "", body).0, 201, "{digest}");
        }
    }
    for one in manifests {
        let digest = one["digest"].as_str().unwrap();
        let (algorithm, name) = digest.split_once(':').unwrap();
        if !algorithms.contains(&algorithm) {
            continue;
        }
        let reference = match algorithm {
            "sha256" => tag_of(one),
            _ => digest,
        };
        let body = std::fs::read(layout.join("blobs").join(algorithm).join(name)).unwrap();
        // What it refers to by an algorithm that is left out is not there.
        let refused = !algorithms.contains(&"sha512") && names_sha512(&body);
        let path = format!("/v2/{repo}/manifests/{reference}");
        let content_type = one["mediaType"].as_str().unwrap();
        let (status, _) = registry.send("PUT", &path, content_type, body);
        assert!(refused || status == 201, "{reference}");
    }
}

/// The tag that a layout's index gives a manifest.
fn tag_of(listed: &Value) -> &str {
    listed["annotations"]["org.opencontainers.image.ref.name"]
        .as_str()
        .unwrap()
}

fn names_sha512(manifest: &[u8]) -> bool {
    String::from_utf8_lossy(manifest).contains("sha512:")
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// The files that `assay fixtures export` writes under seed 5, by version and path. They are made once for all tests.
static EXPORTED: Mutex<BTreeMap<String, Files>> = Mutex::new(BTreeMap::new());

type Files = BTreeMap<PathBuf, Vec<u8>>;

/// A folder with what `assay fixtures export` writes under seed 5, in `fixtures`.
fn exported(spec: &str) -> Folder {
    let here = Folder::new();
    let mut exported = EXPORTED.lock().unwrap();
    match exported.get(spec) {
        Some(files) => {
            for (path, content) in files {
                let path = here.path().join(path);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, content).unwrap();
            }
        }
        None => {
            let args = [
                "fixtures", "export", "fixtures", "--seed", "5", "--spec", spec,
            ];
            here.assay(&args).expect(0, &[]);
            let files = here.files("fixtures").into_iter();
            let relative = |path: PathBuf| path.strip_prefix(here.path()).unwrap().to_owned();
            let files = files.map(|(path, content)| (relative(path), content));
            exported.insert(spec.to_owned(), files.collect());
        }
    }
    here
}

/// The exit status and the record of a run, which is written into the folder.
fn judged(here: &Folder, registry: &Registry, options: &[&str]) -> (i32, Value) {
    let run = here.run(&[&[&registry.url, "--format", "json"], options].concat());
    (run.status, run.report())
}

/// The exit status and the record of a run that pushes nothing, on what was loaded under seed 5.
fn run(spec: &str, registry: &Registry, algorithms: &[&str], more: &[&str]) -> (i32, Value) {
    let here = exported(spec);
    for (layout, repo) in ["repo1", "repo2"].into_iter().zip(REPOS) {
        let layout = here.path().join("fixtures").join(layout);
        load(registry, repo, &layout, algorithms);
    }
    let options = ["--no-push", "--seed", "5", "--spec", spec];
    judged(&here, registry, &[&options[..], more].concat())
}

/// What of pull, discovery and every answer needs a push, and cannot be loaded beforehand.
const PUSHING: [(&str, &str); 29] = [
    ("tag-grammar", "what is refused has to be sent"),
    ("tag-longest", "that it can be pushed is what it shows"),
    ("name-grammar", "an upload in such a name has to be refused"),
    (
        "name-grammar-marks",
        "an upload in such a name has to be refused",
    ),
    ("tag-grammar-push", "what is refused has to be sent"),
    ("tag-requested-before-move", "a tag moves"),
    ("moved-tag", "a tag moves"),
    ("blob-range-of-mounted-blob", "a blob is mounted"),
    (
        "referrers-subject-later",
        "the subject comes after its referrer",
    ),
    ("referrers-after-deletion", "a referrer is deleted"),
    ("referrers-of-deleted-subject", "a subject is deleted"),
    (
        "referrers-in-two-repositories",
        "a referrer is pushed to both repositories, and deleted in one",
    ),
    ("referrers-of-moved-tag", "a tag moves"),
    ("tags-by-parameter", "the tag is pushed along with a digest"),
    (
        "tags-by-parameter-sha512",
        "the tag is pushed along with a digest",
    ),
    ("tags-of-moved-tag", "a tag moves"),
    ("tags-of-refused-push", "what is refused has to be sent"),
    ("tags-after-deletion", "a tag is deleted"),
    (
        "blob-range-across-chunks",
        "the blob has to be pushed in chunks",
    ),
    (
        "blob-requested-before-mount",
        "the blob must be missing before",
    ),
    (
        "blob-requested-before-push",
        "the blob must be missing before",
    ),
    (
        "manifest-requested-before-push",
        "the manifest must be missing before",
    ),
    (
        "referrers-requested-before-push",
        "the referrer must be missing before",
    ),
    ("entity-tag-of-moved-tag", "a tag moves"),
    ("entity-tag-of-moved-tag-by-head", "a tag moves"),
    (
        "referrers-entity-tag",
        "a referrer is pushed between two requests",
    ),
    ("tags-entity-tag", "a tag is pushed between two requests"),
    (
        "manifest-bytes-as-blob",
        "the bytes of a manifest are pushed as a blob",
    ),
    (
        "manifest-digest-as-tag",
        "another manifest is pushed under the tag",
    ),
];

fn with(record: &Value, verdict: &str) -> Vec<String> {
    let cases = record["cases"].as_array().unwrap().iter();
    let reads = |case: &&Value| {
        let category = case["category"].as_str().unwrap();
        ["pull", "discovery", "everywhere"].contains(&category)
    };
    let found = cases
        .filter(reads)
        .filter(|case| case["verdict"] == verdict);
    found
        .map(|case| case["id"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn everything_that_reads_is_tested_and_nothing_is_written() {
    let (status, record) = run("dev", &sound(), &["sha256", "sha512"], &[]);
    assert_eq!(status, 0, "{}", record["summary"]);
    for verdict in ["fail", "warn", "blocked", "error", "unsupported"] {
        assert_eq!(
            record["summary"][verdict],
            0,
            "{:?}",
            with(&record, verdict)
        );
    }
    let mut skipped = with(&record, "skipped");
    let mut needs_pushes = PUSHING.map(|(id, _)| id.to_owned());
    skipped.sort();
    needs_pushes.sort();
    assert_eq!(skipped, needs_pushes);
    assert_eq!(record["categories"]["pull"]["verdict"], "conformant");
    for case in record["cases"].as_array().unwrap() {
        for exchange in case["exchanges"].as_array().unwrap() {
            let method = exchange["method"].as_str().unwrap();
            assert!(matches!(method, "GET" | "HEAD"), "{}: {method}", case["id"]);
        }
    }
}

#[test]
fn what_only_a_push_shows_is_unknown_and_what_reading_shows_is_found_out() {
    let (status, record) = run("1.1", &sound(), &["sha256"], &[]);
    assert_eq!(status, 0, "{}", record["summary"]);
    let features = &record["features"];
    for feature in ["blob-range", "docker-manifests", "referrers", "tag-listing"] {
        assert_eq!(features[feature], "supported", "{feature}");
    }
    // sha512 was not loaded: nobody knows whether it could have been.
    for feature in [
        "pushing",
        "mount",
        "tag-deletion",
        "sha512",
        "sha512-manifests",
    ] {
        assert_eq!(features[feature], "unknown", "{feature}");
    }
    let unsupported = with(&record, "unsupported");
    assert!(!unsupported.is_empty());
    for id in unsupported {
        assert!(id.ends_with("sha512"), "{id}");
    }
    let notes = record["notes"].to_string();
    assert!(notes.contains("Nothing was pushed"), "{notes}");
}

#[test]
#[ignore = "long: run by .ci/run"]
fn what_is_broken_is_noticed() {
    for (fault, category, requirement) in [
        (
            "manifest-get-tag-other-bytes",
            "pull",
            "manifest-get-by-tag",
        ),
        ("tags-capitals-lowered", "discovery", "tags-complete"),
        ("referrers-need-subject", "discovery", "referrers-complete"),
    ] {
        let only = ["--category", category];
        let (status, record) = run("1.1", &faulty(&[fault]), &["sha256"], &only);
        assert_eq!(status, 1, "{fault}: {}", record["summary"]);
        let requirements = record["requirements"].as_array().unwrap();
        let found = requirements.iter().find(|one| one["id"] == requirement);
        assert_eq!(found.unwrap()["verdict"], "fail", "{fault}");
    }
}

/// The exit status and the record of a run on content that is named, in a registry where it is loaded first.
fn run_existing(registry: &Registry) -> (i32, Value) {
    let here = exported("1.1");
    let layout = here.path().join("fixtures/repo1");
    load(registry, "library/app", &layout, &["sha256"]);
    let index = json(&layout.join("index.json"));
    let tags = index["manifests"].as_array().unwrap().iter().map(tag_of);
    let named =
        tags.filter(|tag| tag.starts_with("small-image-") || tag.starts_with("small-index-"));
    let named: Vec<String> = named
        .map(|tag| format!("--existing=library/app:{tag}"))
        .collect();
    let named: Vec<&str> = named.iter().map(String::as_str).collect();
    judged(&here, registry, &named)
}

#[test]
fn content_that_is_named_is_tested_without_a_push() {
    let (status, record) = run_existing(&sound());
    assert_eq!(status, 0, "{}", record["summary"]);
    assert_eq!(record["summary"]["blocked"], 0);
    assert_eq!(record["summary"]["error"], 0);
    assert!(record["categories"]["pull"]["pass"].as_u64().unwrap() > 15);
    for case in record["cases"].as_array().unwrap() {
        for exchange in case["exchanges"].as_array().unwrap() {
            let method = exchange["method"].as_str().unwrap();
            assert!(matches!(method, "GET" | "HEAD"), "{}: {method}", case["id"]);
        }
    }
}

#[test]
fn a_feature_that_no_named_content_shows_is_not_judged() {
    let (status, record) = run_existing(&varied("no-referrers"));
    assert_eq!(status, 0, "{}", record["summary"]);
    assert_eq!(record["features"]["referrers"], "unknown");
    let cases = record["cases"].as_array().unwrap();
    let case = cases.iter().find(|one| one["id"] == "referrers-none");
    assert_eq!(case.unwrap()["verdict"], "skipped");
}

#[test]
fn content_that_is_named_is_held_against_its_digests() {
    for (fault, requirement) in [
        ("blob-get-cut", "blob-get-content"),
        (
            "manifest-get-tag-other-bytes",
            "manifest-get-digest-matches",
        ),
    ] {
        let (status, record) = run_existing(&faulty(&[fault]));
        assert_eq!(status, 1, "{fault}: {}", record["summary"]);
        let results = record["requirements"].as_array().unwrap();
        let broken = results.iter().find(|one| one["id"] == requirement).unwrap();
        assert_eq!(broken["verdict"], "fail", "{fault}");
    }
}

#[test]
fn what_is_not_there_blocks_and_says_what_to_load() {
    let registry = sound();
    let run = Folder::new().run(&[&registry.url, "--no-push", "--seed", "5"]);
    run.expect(3, &["assay fixtures export"]);
}
