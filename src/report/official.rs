//! results.yaml: the result in the layout of the conformance tool of the specification, whose readers know it.
//!
//! Its `apis` and `data` are coarser than what is tested here. Each row is decided by a requirement, by cases, or by
//! both, and by every violated requirement of the same area. A row is `Pass` only if a check of each decider was made
//! and held; an unsupported feature is `Skip`, and what the user left out is `Disabled`.

use std::fmt::Write as _;

use super::failure::Failure;
use super::sanitize_line;
use crate::catalogue::Version;
use crate::record::{Case, CheckVerdict, FeatureState, Run, Verdict};

/// A row of the other tool, and what decides it.
#[derive(Debug, Clone, Copy)]
struct Row {
    name: &'static str,
    /// A requirement, and the beginning of the ids of its area.
    requirement: Option<(&'static str, &'static str)>,
    /// Cases: each with the value that is named, or with all values that it was run with.
    cases: &'static [&'static str],
    /// The feature without which the row cannot pass.
    feature: Option<&'static str>,
}

/// A row that a requirement decides.
const fn requirement(name: &'static str, id: &'static str, area: &'static str) -> Row {
    Row {
        name,
        requirement: Some((id, area)),
        cases: &[],
        feature: None,
    }
}

/// A row that cases decide.
const fn cases(name: &'static str, cases: &'static [&'static str]) -> Row {
    Row {
        name,
        requirement: None,
        cases,
        feature: None,
    }
}

impl Row {
    /// The same, for an optional feature.
    const fn of(mut self, feature: &'static str) -> Self {
        self.feature = Some(feature);
        self
    }

    /// The same, where the requirement holds for other requests too: these cases must hold as well.
    const fn shown_by(mut self, cases: &'static [&'static str]) -> Self {
        self.cases = cases;
        self
    }
}

/// The APIs, in the other tool's order.
const APIS: [Row; 28] = [
    requirement("Tag listing", "tags-status", "tags-").of("tag-listing"),
    requirement("Tag delete", "tag-delete-status", "tag-delete-").of("tag-deletion"),
    requirement("Tag delete atomic", "tag-delete-gone", "tag-delete-gone").of("tag-deletion"),
    requirement(
        "Blob upload cancel",
        "upload-cancel-status",
        "upload-cancel-",
    )
    .of("upload-cancel"),
    requirement("Blob push", "blob-put-status", "blob-put-"),
    requirement("Blob post only", "single-post-location", "single-post-")
        .shown_by(&["single-post"])
        .of("single-post"),
    requirement("Blob post put", "blob-put-status", "blob-put-"),
    requirement("Blob chunked", "chunked-put-status", "chunk"),
    cases("Blob streaming", &["chunk-streamed"]),
    requirement("Blob mount", "mount-location", "mount-")
        .shown_by(&["mount"])
        .of("mount"),
    requirement(
        "Blob anonymous mount",
        "anonymous-mount-status",
        "anonymous-mount-",
    )
    .of("anonymous-mount"),
    requirement("Blob get", "blob-get-status", "blob-get-"),
    requirement("Blob get range", "blob-range-status", "blob-range-").of("blob-range"),
    requirement("Blob head", "blob-head-status", "blob-head-"),
    requirement("Blob delete", "blob-delete-status", "blob-delete-").of("blob-deletion"),
    requirement("Blob delete atomic", "blob-delete-gone", "blob-delete-gone").of("blob-deletion"),
    cases("Manifest put by digest", &["manifest-push-by-digest"]),
    requirement(
        "Manifest put by tag",
        "manifest-put-status",
        "manifest-put-",
    )
    .shown_by(&["manifest-push-by-tag"]),
    requirement(
        "Manifest put with tag params",
        "tag-params-status",
        "tag-params-",
    )
    .of("tag-params"),
    requirement(
        "Manifest put with subject",
        "subject-header",
        "subject-header",
    )
    .of("referrers"),
    requirement(
        "Manifest get by digest",
        "manifest-get-status",
        "manifest-get-",
    )
    .shown_by(&["manifest-by-digest/sha256"]),
    requirement(
        "Manifest get by tag",
        "manifest-get-by-tag",
        "manifest-get-",
    )
    .shown_by(&["manifest-by-tag"]),
    requirement(
        "Manifest head by digest",
        "manifest-head-status",
        "manifest-head-",
    )
    .shown_by(&["manifest-head"]),
    requirement(
        "Manifest head by tag",
        "manifest-head-status",
        "manifest-head-",
    )
    .shown_by(&["manifest-head-by-tag"]),
    requirement(
        "Manifest delete",
        "manifest-delete-status",
        "manifest-delete-",
    )
    .of("manifest-deletion"),
    requirement(
        "Manifest delete atomic",
        "manifest-delete-gone",
        "manifest-delete-gone",
    )
    .of("manifest-deletion"),
    requirement("Referrers", "referrers-status", "referrers-").of("referrers"),
    requirement("Ping", "base-status", "base-"),
];

/// The kinds of content that a case of ours stands for, in the other tool's order.
const DATA: [Row; 24] = [
    cases(
        "Blobs sha256",
        &["blob-push", "blob-by-digest/sha256", "blob-head/sha256"],
    ),
    cases(
        "Blobs sha512",
        &[
            "blob-push-sha512",
            "blob-by-digest/sha512",
            "blob-head/sha512",
        ],
    ),
    cases(
        "Image",
        &["set-up-small-image", "manifest-by-digest/sha256"],
    ),
    cases("Image Uncompressed", &["uncompressed-image"]),
    cases("Image with Large Manifest", &["manifest-large"]),
    cases("Index", &["set-up-small-index", "index-by-digest"]),
    cases("Nested Index", &["nested-index"]),
    cases("Empty Index", &["empty-index"]),
    cases("Artifact", &["artifact"]),
    cases("Artifact Index", &["artifact-index"]),
    cases("Artifact without Layers", &["artifact-without-layers"]),
    cases("Artifacts with Subject", &["set-up-sbom"]),
    cases("Index with Subject", &["subject-push-index"]),
    cases("Missing Subject", &["subject-missing"]),
    cases("Data Field", &["descriptor-data"]),
    cases(
        "Non-distributable Layers",
        &["manifest-push-non-distributable"],
    ),
    cases("Custom Fields", &["set-up-odd-image"]),
    cases("No Layers", &["manifest-push-no-layers"]),
    cases("Sparse Manifests", &["manifest-missing-layer"]),
    cases("Digest Algorithm sha512", &["manifest-push-by-sha512"]),
    requirement("Tag Param", "tag-params-status", "tag-params-").of("tag-params"),
    cases("Tag Param sha512", &["tag-params-sha512"]).of("tag-params"),
    cases("Bad Digest Image", &["manifest-wrong-digest"]),
    cases("Invalid Manifest Digest", &["manifest-malformed-digest"]),
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
        Version::Dev => "1.1+dev",
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

fn section(text: &mut String, name: &str, run: &Run, rows: &[Row]) -> Result<(), Failure> {
    writeln!(text, "{name}:")?;
    for row in rows {
        writeln!(text, "  {}: {}", row.name, status(run, row))?;
    }
    Ok(())
}

/// The other tool's word for the result of a row.
fn status(run: &Run, row: &Row) -> &'static str {
    let about = |wanted: &dyn Fn(&str) -> bool| -> Vec<Verdict> {
        let within = run.requirements.iter().filter(|one| wanted(&one.id));
        within.map(|one| one.verdict).collect()
    };
    let (own, area) = row.requirement.map_or_else(Default::default, |(id, area)| {
        (about(&|one| one == id), about(&|one| one.starts_with(area)))
    });
    let cases = deciding(run, row.cases);
    let any = |verdict: Verdict| {
        own.contains(&verdict) || cases.iter().any(|case| case.verdict == verdict)
    };
    let violated = |case: &&Case| case.verdict == Verdict::Fail;
    if area.contains(&Verdict::Fail) || cases.iter().any(violated) {
        "FAIL"
    } else if any(Verdict::Error) || any(Verdict::Blocked) {
        "Error"
    } else if is_unsupported(run, row) || any(Verdict::Unsupported) || any(Verdict::Untested) {
        "Skip"
    } else if any(Verdict::Skipped) || (own.is_empty() && cases.is_empty()) {
        "Disabled"
    } else if holds(row, &own, &cases) {
        "Pass"
    } else {
        "Skip"
    }
}

/// The cases of these names. A case that is run with several values is named `id/value`.
fn deciding<'a>(run: &'a Run, ids: &[&str]) -> Vec<&'a Case> {
    let is = |known: &str| {
        let base = known.split('/').next().unwrap_or(known);
        ids.contains(&known) || ids.contains(&base)
    };
    run.cases.iter().filter(|case| is(&case.id)).collect()
}

fn is_unsupported(run: &Run, row: &Row) -> bool {
    let state = row.feature.and_then(|feature| run.features.get(feature));
    state == Some(&FeatureState::Unsupported)
}

/// Whether a check of every decider was made and held. A violated SHOULD is no pass of its own requirement; a case that
/// warns for another reason may still show that the content is accepted.
fn holds(row: &Row, own: &[Verdict], cases: &[&Case]) -> bool {
    let shows = |case: &&Case| {
        let mut checks = case.checks.iter();
        matches!(case.verdict, Verdict::Pass | Verdict::Warn)
            && case.declined.is_empty()
            && checks.any(|check| check.verdict == CheckVerdict::Pass)
    };
    (row.requirement.is_none() || own.contains(&Verdict::Pass))
        && (row.cases.is_empty() || !cases.is_empty())
        && cases.iter().all(shows)
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
    fn a_row_of_an_unsupported_feature_does_not_pass() {
        let mut run = sample::all_pass();
        run.requirements[0].id = "anonymous-mount-status".into();
        run.requirements[0].verdict = Verdict::Pass;
        let row = "  Blob anonymous mount: ";
        assert!(render(&run).unwrap().contains(&format!("{row}Pass\n")));
        // The refusal is as the requirement demands, and nothing was mounted.
        let feature = "anonymous-mount".to_owned();
        run.features.insert(feature, FeatureState::Unsupported);
        assert!(render(&run).unwrap().contains(&format!("{row}Skip\n")));
    }

    #[test]
    fn a_violated_should_is_no_pass_of_its_own_row() {
        let mut run = sample::all_pass();
        run.requirements[0].id = "base-status".into();
        run.requirements[0].verdict = Verdict::Warn;
        assert!(render(&run).unwrap().contains("  Ping: Skip\n"));
    }

    #[test]
    fn a_row_passes_only_with_a_check_that_held() {
        let mut run = sample::all_pass();
        run.cases[0].id = "chunk-streamed".into();
        assert!(render(&run).unwrap().contains("  Blob streaming: Pass\n"));
        run.cases[0].checks.clear();
        assert!(render(&run).unwrap().contains("  Blob streaming: Skip\n"));
    }

    #[test]
    fn a_request_by_tag_does_not_pass_by_what_a_digest_showed() {
        let mut run = sample::all_pass();
        run.requirements[0].id = "manifest-head-status".into();
        run.cases[0].id = "manifest-head".into();
        run.cases[1].id = "manifest-head-by-tag".into();
        run.cases[1].verdict = Verdict::Skipped;
        let text = render(&run).unwrap();
        assert!(text.contains("  Manifest head by digest: Pass\n"), "{text}");
        assert!(
            text.contains("  Manifest head by tag: Disabled\n"),
            "{text}"
        );
    }

    #[test]
    fn every_decider_is_known_to_the_suites() {
        let suites = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("suites");
        let folder = crate::data::Folder::on_disk(&suites).unwrap();
        let known = |id: &str| {
            let line = format!("- id: {id}\n");
            folder.files.iter().any(|file| file.text.contains(&line))
        };
        for row in APIS.iter().chain(&DATA) {
            let requirement = row.requirement;
            let named = requirement.is_none_or(|(id, area)| known(id) && id.starts_with(area));
            // A set-up is named after its fixture.
            let tried = row.cases.iter().all(|id| match id.strip_prefix("set-up-") {
                Some(fixture) => suites
                    .with_file_name("fixtures")
                    .join(format!("{fixture}.yaml"))
                    .exists(),
                None => known(id.split('/').next().unwrap_or(id)),
            });
            let features = folder
                .files
                .iter()
                .find(|file| file.path.ends_with("features.yaml"));
            let features = &features.unwrap().text;
            let optional = row
                .feature
                .is_none_or(|one| features.contains(&format!("\n  {one}:\n")));
            assert!(named && tried && optional, "{row:?}");
        }
    }
}
