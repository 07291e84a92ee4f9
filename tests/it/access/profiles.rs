//! The ways of well-known registries: what is documented of each gets in, and what is missing is named.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use oci_assay::internals::registry::{Profile, profile, profiles};

use super::support::{Assay, FEW, Outcome, Registry, registry};

const PASSWORD: &str = "hunter2hunter2";

fn like(profile: &Profile) -> Registry {
    registry(|options| profile.set(options, PASSWORD))
}

fn run(registry: &Registry, [repo, repo2]: [&str; 2], user: Option<&str>) -> Outcome {
    let target = format!("{}/{repo}", registry.url);
    let run = Assay::run(&target).args(["--repo2", repo2]).args(FEW);
    let run = match user {
        Some(user) => run.login(user, PASSWORD),
        None => run,
    };
    run.ends()
}

#[test]
fn every_documented_user_gets_in() {
    for profile in profiles() {
        let server = like(profile);
        for user in profile.users {
            let run = run(&server, profile.repositories, Some(user));
            run.is(0, &format!("logged in as `{user}`"));
            assert_eq!(run.report()["summary"]["blocked"], 0, "{}", profile.id);
        }
    }
}

#[test]
fn without_credentials_the_way_out_is_named() {
    for profile in profiles() {
        let run = run(&like(profile), profile.repositories, None);
        run.is(3, "give --username, and the password in ASSAY_PASSWORD");
    }
}

#[test]
fn what_a_registry_leaves_out_is_unsupported() {
    let ecr = profile("ecr").unwrap();
    let run = run(&like(ecr), ecr.repositories, Some("AWS"));
    let features = &run.report()["features"];
    assert_eq!(features["mount"], "unsupported", "{features}");
    assert_eq!(features["blob-deletion"], "unsupported", "{features}");
}

/// The registry as a command, and what it says: a line, or all of them where it ends by itself.
fn serve(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
    command.args(["serve", "--addr", "127.0.0.1:0"]).args(args);
    command.env_remove("ASSAY_PASSWORD");
    command
}

#[test]
fn the_command_that_is_printed_gets_in() {
    let mut child = serve(&["--like", "harbor"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let said = BufReader::new(child.stdout.take().unwrap()).lines();
    let command = said
        .map(Result::unwrap)
        .find(|line| line.contains("assay run"))
        .unwrap();
    let command = command.replace("assay run", &format!("{} run", env!("CARGO_BIN_EXE_assay")));
    let out = tempfile::tempdir().unwrap();
    let ran = Command::new("sh")
        .arg("-c")
        .arg(format!("{command} --only api-base --only push-supported"))
        .args(["--progress", "never"])
        .env("ASSAY_OUT", out.path())
        .output()
        .unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let text = String::from_utf8([ran.stdout, ran.stderr].concat()).unwrap();
    assert_eq!(ran.status.code(), Some(0), "{command}\n{text}");
    assert!(text.contains("robot$my-project+assay"), "{text}");
}

#[test]
fn a_misspelt_profile_gets_the_nearest() {
    let ran = serve(&["--like", "gitlub"]).output().unwrap();
    assert_eq!(ran.status.code(), Some(2));
    let said = String::from_utf8(ran.stderr).unwrap();
    assert!(said.contains("did you mean `gitlab`?"), "{said}");
}
