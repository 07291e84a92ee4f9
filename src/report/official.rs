//! results.yaml: the result in the layout of the conformance tool of the specification, whose readers know it.
//!
//! Its `apis` and `data` are coarser than what is tested here. Each row is decided by a requirement, by cases, or by
//! both, and by every violated requirement of the same area. A row is `Pass` only if a check of each decider was made
//! and held; an unsupported feature is `Skip`, and what the user left out is `Disabled`.

use std::fmt::Write as _;

use super::failure::Failure;
use super::official_rows::{APIS, DATA, Row};
use super::sanitize_line;
use crate::catalogue::Version;
use crate::record::{Case, CheckVerdict, FeatureState, Run, Verdict};

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
