//! Options from flags, environment and file, as a user gives them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::path::Path;
use std::process::Command;

use serde_json::Value;

struct Said {
    status: Option<i32>,
    text: String,
}

/// Runs assay in a folder, with no variables but these.
fn assay(folder: &Path, variables: &[(&str, &str)], args: &[&str]) -> Said {
    let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
    let foreign = |name: &str| name.starts_with("ASSAY_") || name.starts_with("OCI_");
    for (name, _) in std::env::vars().filter(|(name, _)| foreign(name)) {
        command.env_remove(name);
    }
    command.current_dir(folder).args(args);
    let output = command.envs(variables.iter().copied()).output().unwrap();
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    let text = String::from_utf8(text).unwrap();
    assert!(!text.contains("panicked"), "{text}");
    Said {
        status: output.status.code(),
        text,
    }
}

fn folder(config: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("assay.toml"), config).unwrap();
    folder
}

/// A short run of the bundled registry.
const SHORT: [&str; 5] = ["run", "--only", "api-base", "--progress", "never"];

fn report(folder: &Path, out: &str) -> Value {
    let text = std::fs::read_to_string(folder.join(out).join("report.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn flags_come_before_the_environment_and_that_before_the_file() {
    let folder = folder(
        "seed = 1\nspec = \"dev\"\nout = \"here\"\nformat = [\"json\"]\nrepo = \"of/file\"\n",
    );
    let here = folder.path();
    let said = assay(
        here,
        &[("ASSAY_SPEC", "1.0"), ("ASSAY_SEED", "2")],
        &[&SHORT[..], &["--seed", "3"]].concat(),
    );
    assert_eq!(said.status, Some(0), "{}", said.text);
    let run = report(here, "here");
    assert_eq!((&run["seed"], &run["spec"]), (&3.into(), &"1.0".into()));
    assert_eq!(run["target"]["repo"], "of/file");
    assert!(!here.join("here/junit.xml").exists());
    // A list that is typed replaces the file's.
    let said = assay(here, &[], &[&SHORT[..], &["--format", "junit"]].concat());
    assert_eq!(said.status, Some(0), "{}", said.text);
    assert!(here.join("here/junit.xml").exists());
}

#[test]
fn another_file_can_be_named_and_must_be_there() {
    let folder = folder("jobs = \"nonsense\"\n");
    let here = folder.path();
    std::fs::write(here.join("other.toml"), "seed = 7\n").unwrap();
    let said = assay(
        here,
        &[],
        &[&SHORT[..], &["--config", "other.toml"]].concat(),
    );
    assert_eq!(said.status, Some(0), "{}", said.text);
    assert_eq!(report(here, "reports")["seed"], 7);
    let said = assay(here, &[("ASSAY_CONFIG", "other.toml")], &SHORT);
    assert_eq!(said.status, Some(0), "{}", said.text);
    let said = assay(
        here,
        &[],
        &[&SHORT[..], &["--config=missing.toml"]].concat(),
    );
    assert_eq!(said.status, Some(2));
    assert!(said.text.contains("missing.toml"), "{}", said.text);
}

#[test]
fn what_is_wrong_with_the_file_is_shown_at_its_line() {
    for (config, place, why) in [
        (
            "seed = 1\ntimout = \"3s\"\n",
            "assay.toml:2:",
            "did you mean `timeout`?",
        ),
        (
            "\ntimeout = \"soon\"\n",
            "assay.toml:2:11",
            "write a number with its unit",
        ),
        ("jobs = 0\n", "assay.toml:1:8", "0 is not in 1..=512"),
        ("spec = 1.1\n", "assay.toml:1:8", "expected a string"),
        ("format = [\"json\", \"jsn\"]\n", "assay.toml:1:19", "jsn"),
        (
            "category = [\"pul\"]\n",
            "assay.toml:1:13",
            "there is no such category",
        ),
        (
            "insecure = \"yes\"\n",
            "assay.toml:1:12",
            "expected a boolean",
        ),
        ("seed = \n", "assay.toml:1:", "this is not TOML"),
        (
            "config = \"a.toml\"\n",
            "assay.toml:1:",
            "unknown key `config`",
        ),
        (
            "[claims]\nreferrers = \"yes\"\n",
            "assay.toml:2:13",
            "expected a boolean",
        ),
    ] {
        let folder = folder(config);
        let said = assay(folder.path(), &[], &SHORT);
        assert_eq!(said.status, Some(2), "{config}: {}", said.text);
        assert!(said.text.contains(place), "{config}: {}", said.text);
        assert!(said.text.contains(why), "{config}: {}", said.text);
    }
}

#[test]
fn passwords_have_no_place_in_the_file_and_are_not_repeated() {
    for config in [
        "password = \"hunter2\"\n",
        "username = \"me\"\ntoken = \"hunter2\"\n",
        "target = \"https://me:hunter2@registry.example\"\n",
    ] {
        let folder = folder(config);
        let said = assay(folder.path(), &[], &SHORT);
        assert_eq!(said.status, Some(2), "{}", said.text);
        assert!(
            said.text.contains("no password may stand in this file"),
            "{}",
            said.text
        );
        assert!(said.text.contains("ASSAY_PASSWORD"), "{}", said.text);
        assert!(!said.text.contains("hunter2"), "{}", said.text);
    }
}

#[test]
fn every_option_has_a_variable() {
    let folder = folder("");
    let here = folder.path();
    let said = assay(
        here,
        &[("ASSAY_ONLY", "api-base"), ("ASSAY_QUIET", "1")],
        &["run", "--progress", "never"],
    );
    assert_eq!(said.status, Some(0), "{}", said.text);
    assert!(said.text.lines().count() <= 2, "{}", said.text);
}

#[test]
fn init_writes_a_file_whose_every_line_is_understood() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let said = assay(here, &[], &["init"]);
    assert_eq!(said.status, Some(0), "{}", said.text);
    let said = assay(here, &[], &SHORT);
    assert_eq!(said.status, Some(0), "{}", said.text);
    let text = std::fs::read_to_string(here.join("assay.toml")).unwrap();
    assert!(text.contains("# [claims]\n"), "{text}");
    let examples: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("# "))
        .collect();
    let examples: Vec<&str> = examples
        .into_iter()
        .filter(|line| {
            *line == "[claims]"
                || line.split_once(" = ").is_some_and(|(key, _)| {
                    key.chars()
                        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
                })
        })
        .collect();
    assert!(examples.len() > 15, "{text}");
    std::fs::write(here.join("all.toml"), examples.join("\n")).unwrap();
    let args = ["run", "--config", "all.toml", "--only", "no-such-case"];
    let said = assay(here, &[], &args);
    assert!(!said.text.contains("all.toml"), "{}", said.text);
    let said = assay(here, &[], &["init"]);
    assert_eq!(said.status, Some(2));
    assert!(said.text.contains("is there already"), "{}", said.text);
    assert_eq!(
        std::fs::read_to_string(here.join("assay.toml")).unwrap(),
        text
    );
}

#[test]
fn the_go_tools_environment_is_understood_where_ours_is_silent() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let go = [
        ("OCI_REPO1", "of/go"),
        ("OCI_VERSION", "1.0"),
        ("OCI_RESULTS_DIR", "results"),
        ("OCI_DATA_SHA512", "false"),
        ("OCI_PASSWORD", "hunter2"),
    ];
    let said = assay(here, &go, &[&SHORT[..], &["--spec", "1.1"]].concat());
    assert_eq!(said.status, Some(0), "{}", said.text);
    let run = report(here, "results");
    assert_eq!(
        (&run["target"]["repo"], &run["spec"]),
        (&"of/go".into(), &"1.1".into())
    );
    assert!(
        said.text
            .contains("note: from the Go tool's environment: OCI_REPO1, OCI_RESULTS_DIR"),
        "{}",
        said.text
    );
    assert!(
        said.text
            .contains("without a meaning here: OCI_DATA_SHA512"),
        "{}",
        said.text
    );
    assert!(!said.text.contains("hunter2"), "{}", said.text);
    let said = assay(here, &[("OCI_API_PUSH", "maybe")], &SHORT);
    assert_eq!(said.status, Some(2));
    assert!(said.text.contains("OCI_API_PUSH"), "{}", said.text);
}

#[test]
fn completions_and_man_pages_name_every_command() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let said = assay(here, &[], &["completions", shell]);
        assert_eq!(said.status, Some(0));
        assert!(
            said.text.contains("self-test") && said.text.contains("settle"),
            "{shell}"
        );
    }
    let said = assay(here, &[], &["man"]);
    assert!(said.text.contains(".TH assay 1"), "{}", said.text);
    assert!(assay(here, &[], &["man", "run"]).text.contains("settle"));
    let said = assay(here, &[], &["man", "rum"]);
    assert_eq!(said.status, Some(2));
    assert!(said.text.contains("did you mean `run`?"), "{}", said.text);
    assert_eq!(assay(here, &[], &["man", "--out", "pages"]).status, Some(0));
    assert!(here.join("pages/assay.1").exists() && here.join("pages/assay-run.1").exists());
}
