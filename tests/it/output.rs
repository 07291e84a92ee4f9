//! What the commands print, as a terminal or a script would see it.

use std::path::Path;

use crate::support::run::{Printed, assay};

/// `assay run` on a part of the suites, in a bare environment.
fn run(out: &Path, args: &[&str], environment: &[(&str, &str)]) -> Printed {
    let mut command = assay();
    command.env_clear().envs(environment.iter().copied());
    command.args(["run", "--seed", "1", "--only", "pull/*", "--out"]);
    Printed::by(command.arg(out).args(args))
}

#[test]
fn quiet_prints_only_the_verdict() {
    let out = tempfile::tempdir().unwrap();
    let printed = run(out.path(), &["-q"], &[]);
    assert!(printed.stdout.starts_with("Inconclusive. "), "{printed:?}");
    assert!(!printed.stdout.contains("Reports:"), "{printed:?}");
    assert_eq!(printed.stderr, "");
}

#[test]
fn quiet_and_verbose_exclude_each_other() {
    let out = tempfile::tempdir().unwrap();
    run(out.path(), &["-q", "-v"], &[]).expect(2, &["--quiet", "--verbose"]);
}

#[test]
fn a_pipe_has_no_colours_by_default() {
    let out = tempfile::tempdir().unwrap();
    let plain = run(out.path(), &[], &[]);
    assert!(!plain.stdout.contains('\u{1b}'));
    let coloured = run(out.path(), &["--color", "always"], &[("TERM", "dumb")]);
    assert!(coloured.stdout.contains('\u{1b}'));
}

#[test]
fn no_line_is_longer_than_the_columns() {
    let out = tempfile::tempdir().unwrap();
    for columns in [40, 60, 100] {
        let printed = run(out.path(), &[], &[("COLUMNS", &columns.to_string())]);
        let mut lines = printed.stdout.lines();
        let long =
            lines.find(|line| !line.starts_with("Reports:") && line.chars().count() > columns);
        assert_eq!(long, None, "{columns}");
    }
}

#[test]
fn a_dumb_terminal_shows_progress_as_plain_lines() {
    let out = tempfile::tempdir().unwrap();
    let printed = run(out.path(), &["--progress", "always"], &[("TERM", "dumb")]);
    let progress = printed.stderr;
    assert!(progress.contains(" cases, "), "{progress}");
    assert!(
        !progress.contains('\u{1b}') && !progress.contains('\r'),
        "{progress}"
    );
}

#[test]
fn github_actions_gets_a_job_summary_and_annotations() {
    let out = tempfile::tempdir().unwrap();
    let summary = out.path().join("summary");
    std::fs::write(&summary, "before\n").unwrap();
    let environment = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_STEP_SUMMARY", summary.to_str().unwrap()),
    ];
    let printed = run(out.path(), &[], &environment).stdout;
    let (token, rest) = printed
        .strip_prefix("::stop-commands::")
        .and_then(|printed| printed.split_once('\n'))
        .unwrap();
    let (shown, after) = rest.split_once(&format!("::{token}::\n")).unwrap();
    assert!(shown.contains("Inconclusive. "), "{printed}");
    assert!(
        after.starts_with("::warning title=Inconclusive for"),
        "{printed}"
    );
    let written = std::fs::read_to_string(&summary).unwrap();
    assert!(written.starts_with("before\n## "), "{written}");
}

#[test]
fn a_job_summary_that_cannot_be_written_is_2() {
    let out = tempfile::tempdir().unwrap();
    let environment = [("GITHUB_STEP_SUMMARY", "/no/such/folder/summary")];
    run(out.path(), &[], &environment).expect(2, &["GITHUB_STEP_SUMMARY"]);
}
