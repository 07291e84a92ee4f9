//! What `assay client run` prints, writes and refuses.

use crate::client::proof::{adapter, run};
use crate::support::assay::{Assay, Outcome, assay};
use crate::support::folder::Folder;

#[test]
fn an_unknown_client_is_answered_with_the_known_ones() {
    let outcome = assay(&["client", "run", "skopoe"]);
    assert_eq!(outcome.status, 2);
    assert!(
        outcome.stderr.contains("did you mean `skopeo`"),
        "{}",
        outcome.stderr
    );
    let listed = assay(&["client", "list"]);
    assert!(listed.stdout.contains("skopeo") && listed.stdout.contains("pull"));
}

#[test]
fn a_mistake_in_an_adapter_is_shown_with_its_place() {
    let folder = Folder::new();
    folder.write(
        "tea.toml",
        &adapter("").replace("{repository}:x", "{repo}:x"),
    );
    let words = ["client", "run", "--adapter", "tea.toml"];
    let outcome = Assay::new_in(&folder).args(words).ends();
    assert_eq!(outcome.status, 2);
    for part in ["`{repo}` stands for nothing here", "tea.toml:", "known are"] {
        assert!(outcome.stderr.contains(part), "{part}\n{}", outcome.stderr);
    }
}

/// The adapter of a client that resolves a digest with a script.
fn script(resolve: &str) -> String {
    let lacks = |name: &str| format!("{name} = 'it has only a script'\n");
    let without = [
        "pull",
        "push",
        "copy",
        "tags",
        "delete",
        "attach",
        "referrers",
    ]
    .map(lacks);
    format!(
        "name = 'script'\nabout = 'a script'\nprogram = 'sh'\n\
         [version]\nrun = ['sh', '-c', 'echo tea 9.9']\npattern = 'tea (\\S+)'\nknown = ['1.']\n\
         [actions.resolve]\nrun = [['sh', '-c', '{resolve}']]\n[without]\n{}",
        without.concat()
    )
}

fn run_script(resolve: &str) -> Outcome {
    let folder = Folder::new();
    folder.write("script.toml", &script(resolve));
    let words = [
        "client",
        "run",
        "--adapter",
        "script.toml",
        "--timeout",
        "2s",
    ];
    let only = ["--only", "resolve-digest-header-of-another"];
    Assay::new_in(&folder).args(words).args(only).ends()
}

/// The reason and the notes of the only case of a run.
fn notes(outcome: &Outcome) -> String {
    let case = &outcome.report()["cases"][0];
    format!("{} {}", case["reason"], case["notes"])
}

#[test]
#[cfg(unix)]
fn a_client_that_hangs_is_ended_and_said() {
    let outcome = run_script("sleep 60");
    let said = notes(&outcome);
    assert_eq!(outcome.status, 3, "{}", outcome.stdout);
    assert!(said.contains("still running after 2 s"), "{said}");
}

#[test]
#[cfg(unix)]
fn a_client_that_asks_for_input_gets_none() {
    let outcome = run_script("read answer || exit 7");
    let said = notes(&outcome);
    assert!(said.contains("exit status 7"), "{said}");
}

#[test]
#[cfg(unix)]
fn a_client_that_floods_its_output_is_read_in_part() {
    let outcome = run_script("echo {digest}; head -c 3000000 /dev/zero");
    let said = notes(&outcome);
    assert!(said.contains("printed 2 MiB"), "{said}");
}

#[test]
#[cfg(unix)]
fn another_version_than_the_adapter_knows_is_noted() {
    let outcome = run_script("echo {digest}");
    let report = outcome.report();
    assert_eq!(report["target"]["url"], "script 9.9");
    let said = report["notes"].to_string();
    let note = "script.toml was written for script 1.: the command line of 9.9 may differ";
    assert!(said.contains(note), "{said}");
}

#[test]
fn a_mistake_in_toml_is_shown_with_line_and_column() {
    let folder = Folder::new();
    for (text, place, says) in [
        ("name = ", "tea.toml:1:", "expected"),
        ("nmae = 'tea'", "tea.toml:1:1", "nmae"),
        (
            &script("x").replace("(\\S+)", "("),
            "tea.toml:6:",
            "this is no pattern",
        ),
    ] {
        folder.write("tea.toml", text);
        let words = ["client", "run", "--adapter", "tea.toml"];
        let outcome = Assay::new_in(&folder).args(words).ends();
        assert_eq!(outcome.status, 2);
        for part in [place, says] {
            assert!(outcome.stderr.contains(part), "{part}\n{}", outcome.stderr);
        }
    }
}

#[test]
fn a_client_that_is_not_installed_is_said() {
    let folder = Folder::new();
    let exe = std::env::current_exe().unwrap().display().to_string();
    folder.write("tea.toml", &adapter("").replace(&exe, "no-such-client"));
    let words = ["client", "run", "--adapter", "tea.toml"];
    let outcome = Assay::new_in(&folder).args(words).ends();
    assert_eq!(outcome.status, 3);
    assert!(
        outcome.stderr.contains("no-such-client is not installed"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn no_secret_is_kept_and_a_leak_is_named() {
    let outcome = run(
        "credentials-everywhere",
        &[
            "--only",
            "redirect-basic",
            "--format",
            "json,html,junit,har",
        ],
    );
    assert_eq!(outcome.status, 1, "{}", outcome.stdout);
    let report = outcome.report().to_string();
    assert!(
        report.contains("GET sent the password to trial-"),
        "{report}"
    );
    let again = "assay client run --adapter small.toml --spec dev --only redirect-basic";
    let printed = &outcome.stdout;
    assert!(
        printed.contains(again) && !printed.contains("assay reproduce"),
        "{printed}"
    );
    for (path, bytes) in outcome.folder.files("reports") {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("secret-"), "{}", path.display());
        assert!(!text.contains("YXNzYXk6c2VjcmV0"), "{}", path.display());
    }
}

#[test]
fn a_call_that_tests_no_client_says_what_is_missing() {
    assay(&["client", "run"]).expect(2, &["`assay client list`", "--adapter FILE"]);
    let no_time = assay(&["client", "run", "crane", "--timeout", "0s"]);
    no_time.expect(2, &["--timeout", "write 500ms, 2s or 1m"]);
    let no_number = assay(&["client", "run", "crane", "--jobs", "x"]);
    no_number.expect(2, &["write a whole number from 1 to 32"]);
}
