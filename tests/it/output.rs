//! What the commands print, as a terminal or a script would see it.

#[cfg(target_os = "linux")]
use std::io::Write as _;
use std::process::Command;
#[cfg(target_os = "linux")]
use std::time::{Duration, Instant};

use crate::support::assay::{ASSAY, Outcome};
use crate::support::folder::Folder;

/// `assay run` on a part of the suites.
fn run(args: &[&str], environment: &[(&str, &str)]) -> Outcome {
    let part = ["run", "--seed", "1", "--only", "manifest-by-*"];
    Folder::new().assay_with(environment, &[&part[..], args].concat())
}

#[test]
fn quiet_prints_only_the_verdict() {
    let printed = run(&["-q"], &[]);
    assert!(
        printed.stdout.starts_with("Not all was tested. "),
        "{printed:?}"
    );
    assert!(!printed.stdout.contains("Reports:"), "{printed:?}");
    assert_eq!(printed.stderr, "");
}

#[test]
fn a_part_of_the_suites_names_what_is_misspelt_in_its_baseline() {
    let folder = Folder::new();
    folder.write(
        "known.yaml",
        "known:\n  - id: blob-by-digst\n  - id: tags-n\n  - id: manifest-by-digest\n    violates: [blob-get-statuss]\n",
    );
    let args = ["run", "--only", "blob-get-*", "--baseline", "known.yaml"];
    let outcome = folder.assay(&args);
    let stale = "stale blob-by-digst: no case or requirement of the run has this name; is `blob-by-digest` meant?";
    outcome.is(outcome.status, stale);
    outcome.is(
        outcome.status,
        "the entry `manifest-by-digest` of the baseline known.yaml names the requirement `blob-get-statuss`, which does not \
         exist: did you mean `blob-get-status`?",
    );
    assert!(!outcome.stdout.contains("tags-n"), "{outcome:?}");
}

#[test]
fn quiet_and_verbose_exclude_each_other() {
    run(&["-q", "-v"], &[]).expect(2, &["--quiet", "--verbose"]);
}

#[test]
fn a_pipe_has_no_colours_by_default() {
    let plain = run(&[], &[]);
    assert!(!plain.stdout.contains('\u{1b}'));
    let coloured = run(&["--color", "always"], &[("TERM", "dumb")]);
    assert!(coloured.stdout.contains('\u{1b}'));
}

#[test]
fn no_line_is_longer_than_the_columns() {
    for columns in [40, 60, 100] {
        let printed = run(&[], &[("COLUMNS", &columns.to_string())]);
        let mut lines = printed.stdout.lines();
        let long =
            lines.find(|line| !line.starts_with("Reports:") && line.chars().count() > columns);
        assert_eq!(long, None, "{columns}");
    }
}

#[test]
fn a_dumb_terminal_shows_progress_as_plain_lines() {
    let printed = run(&["--progress", "always"], &[("TERM", "dumb")]);
    let progress = printed.stderr;
    assert!(progress.contains(" cases, "), "{progress}");
    assert!(
        !progress.contains('\u{1b}') && !progress.contains('\r'),
        "{progress}"
    );
}

#[test]
fn github_actions_gets_a_job_summary_and_annotations() {
    let here = Folder::new();
    here.write("summary", "before\n");
    let summary = here.at("summary");
    let environment = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_STEP_SUMMARY", summary.as_str()),
    ];
    let printed = run(&[], &environment).stdout;
    let (token, rest) = printed
        .strip_prefix("::stop-commands::")
        .and_then(|printed| printed.split_once('\n'))
        .unwrap();
    let (shown, after) = rest.split_once(&format!("::{token}::\n")).unwrap();
    assert!(shown.contains("Not all was tested. "), "{printed}");
    assert!(
        after.starts_with("::warning title=Not all of OCI Distribution"),
        "{printed}"
    );
    let written = here.read("summary");
    assert!(written.starts_with("before\n## "), "{written}");
}

#[test]
fn a_job_summary_that_cannot_be_written_is_2() {
    let environment = [("GITHUB_STEP_SUMMARY", "/no/such/folder/summary")];
    run(&[], &environment).expect(2, &["GITHUB_STEP_SUMMARY"]);
}

#[test]
fn a_pipe_that_nobody_reads_changes_no_exit_status() {
    let unread = || {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        writer
    };
    let status = |args: &[&str], actions: &str| {
        let mut command = Command::new(ASSAY);
        command.args(args).env("GITHUB_ACTIONS", actions);
        command.stdout(unread()).stderr(unread());
        command.status().unwrap().code()
    };
    assert_eq!(status(&["judge", "no-such.har"], "false"), Some(2));
    let clean = ["clean", "--from", "no-such.json"];
    assert_eq!(status(&clean, "true"), Some(2));
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_pipe_does_not_keep_a_server_from_ending() {
    let (reader, mut writer) = std::io::pipe().unwrap();
    // The size of a pipe: whatever is written after it blocks.
    writer.write_all(&[b'x'; 65536]).unwrap();
    let mut command = Command::new(ASSAY);
    command.args(["serve", "--addr", "127.0.0.1:0"]);
    let mut served = command.stdout(writer).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(700));
    let id = served.id().to_string();
    Command::new("kill").args(["-INT", &id]).status().unwrap();
    let began = Instant::now();
    let ended = loop {
        match served.try_wait().unwrap() {
            Some(status) => break Some(status),
            None if began.elapsed() > Duration::from_secs(10) => break None,
            None => std::thread::sleep(Duration::from_millis(10)),
        }
    };
    let _ = served.kill();
    drop(reader);
    assert!(ended.is_some_and(|status| status.success()), "{ended:?}");
}
