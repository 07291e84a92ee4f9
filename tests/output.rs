//! What the commands print, as a terminal or a script would see it.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::{Command, Output};

/// `assay run` on a part of the suites, in a bare environment.
fn run(out: &Path, args: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
    command.env_clear().envs(environment.iter().copied());
    command.args(["run", "--seed", "1", "--only", "pull/*", "--out"]);
    command.arg(out).args(args).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn quiet_is_the_verdict_and_nothing_else() {
    let out = tempfile::tempdir().unwrap();
    let output = run(out.path(), &["-q"], &[]);
    let said = text(&output.stdout);
    assert!(said.starts_with("Inconclusive. "), "{said}");
    assert!(!said.contains("Reports:"), "{said}");
    assert_eq!(text(&output.stderr), "");
}

#[test]
fn quiet_and_verbose_exclude_each_other() {
    let out = tempfile::tempdir().unwrap();
    let output = run(out.path(), &["-q", "-v"], &[]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_pipe_has_no_colours_unless_asked() {
    let out = tempfile::tempdir().unwrap();
    let plain = run(out.path(), &[], &[]);
    assert!(!text(&plain.stdout).contains('\u{1b}'));
    let asked = run(out.path(), &["--color", "always"], &[("TERM", "dumb")]);
    assert!(text(&asked.stdout).contains('\u{1b}'));
}

#[test]
fn lines_keep_to_the_columns() {
    let out = tempfile::tempdir().unwrap();
    for columns in [40, 60, 100] {
        let output = run(out.path(), &[], &[("COLUMNS", &columns.to_string())]);
        let said = text(&output.stdout);
        let long = said
            .lines()
            .filter(|line| !line.starts_with("Reports:"))
            .find(|line| line.chars().count() > columns);
        assert_eq!(long, None, "{columns}");
    }
}

#[test]
fn a_dumb_terminal_gets_lines_for_progress() {
    let out = tempfile::tempdir().unwrap();
    let output = run(out.path(), &["--progress", "always"], &[("TERM", "dumb")]);
    let said = text(&output.stderr);
    assert!(said.contains(" cases, "), "{said}");
    assert!(!said.contains('\u{1b}') && !said.contains('\r'), "{said}");
}

#[test]
fn the_runner_of_a_ci_gets_a_summary_and_annotations() {
    let out = tempfile::tempdir().unwrap();
    let summary = out.path().join("summary");
    std::fs::write(&summary, "before\n").unwrap();
    let environment = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_STEP_SUMMARY", summary.to_str().unwrap()),
    ];
    let said = text(&run(out.path(), &[], &environment).stdout);
    let (word, rest) = said
        .strip_prefix("::stop-commands::")
        .and_then(|said| said.split_once('\n'))
        .unwrap();
    let (shown, after) = rest.split_once(&format!("::{word}::\n")).unwrap();
    assert!(shown.contains("Inconclusive. "), "{said}");
    assert!(
        after.starts_with("::warning title=Inconclusive for"),
        "{said}"
    );
    let written = std::fs::read_to_string(&summary).unwrap();
    assert!(written.starts_with("before\n## "), "{written}");
}

#[test]
fn a_summary_that_cannot_be_written_is_2() {
    let out = tempfile::tempdir().unwrap();
    let output = run(
        out.path(),
        &[],
        &[("GITHUB_STEP_SUMMARY", "/no/such/place")],
    );
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("GITHUB_STEP_SUMMARY"));
}
