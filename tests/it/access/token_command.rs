//! The commands of a report work: the curl lines, and the command that gets their token.

use std::process::{Command, Stdio};

use oci_assay::internals::registry::{Methods, Options, Scheme, fault};

use crate::support::assay::Assay;
use crate::support::registry::registry;

const PASSWORD: &str = "hunter2hunter2";

/// The script with sed in place of jq, where jq is not installed.
fn without_jq(script: &str) -> String {
    let jq = Command::new("jq")
        .arg("--version")
        .stdout(Stdio::null())
        .status();
    match jq {
        Ok(status) if status.success() => script.to_owned(),
        _ => script.replace(
            "jq -r '.token // .access_token'",
            r#"sed 's/.*"token":"\([^"]*\)".*/\1/'"#,
        ),
    }
}

fn run_printed_commands(set: impl FnOnce(&mut Options)) {
    let server = registry(|options| {
        options.faults.push(fault("blob-head-missing-200").unwrap());
        options.login.user("robot$me+x", PASSWORD);
        set(options);
    });
    let run = Assay::run(&server.url).login("robot$me+x", PASSWORD);
    let run = run.args(["--only", "blob-head-missing"]).ends();
    assert_eq!(run.status, 1, "{}", run.text);
    let report = run.report();
    let notes = report["notes"].as_array().unwrap();
    let notes = notes.iter().filter_map(|note| note.as_str());
    let token = notes
        .filter_map(|note| note.split_once(": `TOKEN="))
        .map(|(_, command)| format!("TOKEN={}", command.trim_end_matches('`')))
        .next()
        .unwrap_or_default();
    assert!(
        run.text.contains(&token),
        "the command is wrapped: {}",
        run.text
    );
    let cases = report["cases"].as_array().unwrap();
    let failed = cases.iter().find(|case| case["verdict"] == "fail").unwrap();
    let line = failed["exchanges"].as_array().unwrap().last().unwrap()["curl"].clone();
    let line = line.as_str().unwrap();
    let script = format!("{}\n{line}", without_jq(&token));
    assert!(!script.contains(PASSWORD), "{script}");
    let ran = Command::new("sh")
        .args(["-c", &script])
        .env("ASSAY_PASSWORD", PASSWORD)
        .output()
        .unwrap();
    let output = String::from_utf8_lossy(&ran.stdout);
    assert!(output.starts_with("HTTP/1.1 200"), "{script}\n{output}");
}

#[test]
fn the_command_for_basic_works() {
    run_printed_commands(|options| options.login.scheme = Scheme::Basic);
}

#[test]
fn the_commands_for_bearer_work() {
    run_printed_commands(|options| options.login.scheme = Scheme::Bearer);
}

#[test]
fn the_commands_for_a_token_server_with_forms_work() {
    run_printed_commands(|options| {
        options.login.scheme = Scheme::Bearer;
        options.login.tokens.methods = Methods::Post;
    });
}
