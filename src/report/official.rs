//! results.yaml: the result in the layout of the conformance tool of the specification, whose readers know it.
//!
//! Its `apis` and `data` are coarser than what is tested here. Each of its names is decided by one requirement
//! or case, and by every violated requirement of the same area: one that is left out, blocked or not exercised is
//! never rolled up into a pass.

use std::fmt::Write as _;

use super::failure::Failure;
use super::sanitize_line;
use crate::catalogue::Version;
use crate::record::{Run, Verdict};

/// What decides a name of the other tool.
#[derive(Debug, Clone, Copy)]
enum Decider {
    /// A requirement, and the beginning of the ids of its area.
    Requirement(&'static str, &'static str),
    /// Cases: each with the value that is named, or with all values that it was run with.
    Cases(&'static [&'static str]),
}

use Decider::{Cases, Requirement};

/// The APIs, in the other tool's order.
const APIS: [(&str, Decider); 28] = [
    ("Tag listing", Requirement("tags-status", "tags-")),
    (
        "Tag delete",
        Requirement("tag-delete-status", "tag-delete-"),
    ),
    (
        "Tag delete atomic",
        Requirement("tag-delete-gone", "tag-delete-gone"),
    ),
    (
        "Blob upload cancel",
        Requirement("upload-cancel-status", "upload-cancel-"),
    ),
    ("Blob push", Requirement("blob-put-status", "blob-put-")),
    (
        "Blob post only",
        Requirement("single-post-status", "single-post-"),
    ),
    ("Blob post put", Requirement("blob-put-status", "blob-put-")),
    ("Blob chunked", Requirement("chunked-put-status", "chunk")),
    ("Blob streaming", Cases(&["chunk-streamed"])),
    ("Blob mount", Requirement("mount-status", "mount-")),
    (
        "Blob anonymous mount",
        Requirement("anonymous-mount-status", "anonymous-mount-"),
    ),
    ("Blob get", Requirement("blob-get-status", "blob-get-")),
    (
        "Blob get range",
        Requirement("blob-range-status", "blob-range-"),
    ),
    ("Blob head", Requirement("blob-head-status", "blob-head-")),
    (
        "Blob delete",
        Requirement("blob-delete-status", "blob-delete-"),
    ),
    (
        "Blob delete atomic",
        Requirement("blob-delete-gone", "blob-delete-gone"),
    ),
    (
        "Manifest put by digest",
        Cases(&["manifest-push-by-digest"]),
    ),
    (
        "Manifest put by tag",
        Requirement("manifest-put-status", "manifest-put-"),
    ),
    (
        "Manifest put with tag params",
        Requirement("tag-params-status", "tag-params-"),
    ),
    (
        "Manifest put with subject",
        Requirement("subject-header", "subject-header"),
    ),
    (
        "Manifest get by digest",
        Requirement("manifest-get-status", "manifest-get-"),
    ),
    (
        "Manifest get by tag",
        Requirement("manifest-get-by-tag", "manifest-get-"),
    ),
    (
        "Manifest head by digest",
        Requirement("manifest-head-status", "manifest-head-"),
    ),
    (
        "Manifest head by tag",
        Requirement("manifest-head-status", "manifest-head-"),
    ),
    (
        "Manifest delete",
        Requirement("manifest-delete-status", "manifest-delete-"),
    ),
    (
        "Manifest delete atomic",
        Requirement("manifest-delete-gone", "manifest-delete-gone"),
    ),
    ("Referrers", Requirement("referrers-status", "referrers-")),
    ("Ping", Requirement("base-status", "base-")),
];

/// The kinds of content that a case of ours stands for, in the other tool's order.
const DATA: [(&str, Decider); 24] = [
    (
        "Blobs sha256",
        Cases(&["blob-push", "blob-by-digest/sha256", "blob-head/sha256"]),
    ),
    (
        "Blobs sha512",
        Cases(&[
            "blob-push-sha512",
            "blob-by-digest/sha512",
            "blob-head/sha512",
        ]),
    ),
    (
        "Image",
        Cases(&["set-up-small-image", "manifest-by-digest/sha256"]),
    ),
    ("Image Uncompressed", Cases(&["uncompressed-image"])),
    ("Image with Large Manifest", Cases(&["manifest-large"])),
    ("Index", Cases(&["set-up-small-index", "index-by-digest"])),
    ("Nested Index", Cases(&["nested-index"])),
    ("Empty Index", Cases(&["empty-index"])),
    ("Artifact", Cases(&["artifact"])),
    ("Artifact Index", Cases(&["artifact-index"])),
    (
        "Artifact without Layers",
        Cases(&["artifact-without-layers"]),
    ),
    ("Artifacts with Subject", Cases(&["set-up-sbom"])),
    ("Index with Subject", Cases(&["subject-push-index"])),
    ("Missing Subject", Cases(&["subject-missing"])),
    ("Data Field", Cases(&["descriptor-data"])),
    (
        "Non-distributable Layers",
        Cases(&["manifest-push-non-distributable"]),
    ),
    ("Custom Fields", Cases(&["set-up-odd-image"])),
    ("No Layers", Cases(&["manifest-push-no-layers"])),
    ("Sparse Manifests", Cases(&["manifest-missing-layer"])),
    (
        "Digest Algorithm sha512",
        Cases(&["manifest-push-by-sha512"]),
    ),
    ("Tag Param", Requirement("tag-params-status", "tag-params-")),
    ("Tag Param sha512", Cases(&["tag-params-sha512"])),
    ("Bad Digest Image", Cases(&["manifest-wrong-digest"])),
    (
        "Invalid Manifest Digest",
        Cases(&["manifest-malformed-digest"]),
    ),
];

/// The record as results.yaml.
pub(super) fn render(run: &Run) -> Result<String, Failure> {
    let mut text = String::new();
    for note in &run.notes {
        writeln!(text, "# {}", sanitize_line(note))?;
    }
    text.push_str("config:\n");
    for (key, value) in config(run) {
        // A string of JSON is one of YAML too.
        writeln!(
            text,
            "  {key}: {}",
            serde_json::to_string(&sanitize_line(&value))?
        )?;
    }
    section(&mut text, "apis", run, &APIS)?;
    section(&mut text, "data", run, &DATA)?;
    Ok(text)
}

fn config(run: &Run) -> [(&'static str, String); 6] {
    let url = run.target.url.as_str();
    let (tls, registry) = match url.split_once("://") {
        Some(("http", host)) => ("disabled", host),
        Some((_, host)) => ("enabled", host),
        None => ("enabled", url),
    };
    let version = match run.spec {
        Version::DRAFT => "1.1+dev",
        released => released.name(),
    };
    [
        ("registry", registry.to_owned()),
        ("tls", tls.to_owned()),
        ("repo1", run.target.repo.clone()),
        ("repo2", run.target.repo2.clone()),
        ("version", version.to_owned()),
        ("commit", format!("{} {}", run.tool.name, run.tool.version)),
    ]
}

fn section(
    text: &mut String,
    name: &str,
    run: &Run,
    rows: &[(&str, Decider)],
) -> Result<(), Failure> {
    writeln!(text, "{name}:")?;
    for (row, decider) in rows {
        writeln!(text, "  {row}: {}", status(run, *decider))?;
    }
    Ok(())
}

/// The other tool's word for the result of a row.
fn status(run: &Run, decider: Decider) -> &'static str {
    let (decisive, around): (Vec<Verdict>, Vec<Verdict>) = match decider {
        Requirement(id, area) => {
            let of = |wanted: &dyn Fn(&str) -> bool| {
                let within = run.requirements.iter().filter(|r| wanted(&r.id));
                within.map(|r| r.verdict).collect()
            };
            (
                of(&|known| known == id),
                of(&|known| known.starts_with(area)),
            )
        }
        Cases(ids) => {
            // A case that is run with several values is named `id/value`.
            let is = |known: &str| {
                let base = known.split('/').next().unwrap_or(known);
                ids.contains(&known) || ids.contains(&base)
            };
            let cases = run.cases.iter().filter(|case| is(&case.id));
            let verdicts: Vec<Verdict> = cases.map(|case| case.verdict).collect();
            (verdicts.clone(), verdicts)
        }
    };
    let any = |list: &[Verdict], verdict: Verdict| list.contains(&verdict);
    if any(&around, Verdict::Fail) {
        "FAIL"
    } else if any(&decisive, Verdict::Error) || any(&decisive, Verdict::Blocked) {
        "Error"
    } else if any(&decisive, Verdict::Unsupported) || any(&decisive, Verdict::Untested) {
        "Skip"
    } else if any(&decisive, Verdict::Skipped) {
        "Disabled"
    } else if any(&decisive, Verdict::Pass) || any(&decisive, Verdict::Warn) {
        "Pass"
    } else {
        "Disabled"
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;
    use crate::report::sample;

    #[test]
    fn all_states_at_once() {
        insta::assert_snapshot!(render(&sample::all_states()).unwrap());
    }

    #[test]
    fn what_is_not_tested_does_not_pass() {
        let text = render(&sample::interrupted()).unwrap();
        assert!(text.contains("  Tag listing: Disabled\n"));
        let mut run = sample::all_pass();
        for requirement in &mut run.requirements {
            requirement.verdict = Verdict::Unsupported;
        }
        assert!(render(&run).unwrap().contains("  Tag delete: Skip\n"));
        for requirement in &mut run.requirements {
            requirement.verdict = Verdict::Untested;
        }
        assert!(render(&run).unwrap().contains("  Tag delete: Skip\n"));
    }

    #[test]
    fn a_row_of_several_cases_passes_when_all_of_them_were_run() {
        let mut run = sample::all_pass();
        run.cases[0].id = "blob-push".into();
        run.cases[1].id = "blob-head/sha256".into();
        let row = |run: &Run| {
            let text = render(run).unwrap();
            let row = text.lines().find(|line| line.starts_with("  Blobs sha256"));
            row.unwrap_or_default().to_owned()
        };
        assert_eq!(row(&run), "  Blobs sha256: Pass");
        for (verdict, word) in [
            (Verdict::Untested, "Skip"),
            (Verdict::Skipped, "Disabled"),
            (Verdict::Blocked, "Error"),
            (Verdict::Fail, "FAIL"),
        ] {
            run.cases[1].verdict = verdict;
            assert_eq!(row(&run), format!("  Blobs sha256: {word}"));
        }
    }

    #[test]
    fn every_decider_is_known_to_the_suites() {
        let suites = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("suites");
        let folder = crate::data::Folder::on_disk(&suites).unwrap();
        let known = |id: &str| {
            let line = format!("- id: {id}\n");
            folder.files.iter().any(|file| file.text.contains(&line))
        };
        for (name, decider) in APIS.iter().chain(&DATA) {
            let found = match decider {
                Requirement(id, area) => known(id) && id.starts_with(area),
                // A set-up is named after its fixture.
                Cases(ids) => ids.iter().all(|id| match id.strip_prefix("set-up-") {
                    Some(fixture) => suites
                        .with_file_name("fixtures")
                        .join(format!("{fixture}.yaml"))
                        .exists(),
                    None => known(id.split('/').next().unwrap_or(id)),
                }),
            };
            assert!(found, "{name}: {decider:?}");
        }
    }
}
