//! The ways of well-known registries: what is documented of each gets in, and what is missing is named.

use std::process::Command;

use oci_assay::internals::registry::{Profile, profile, profiles};

use crate::support::assay::{ASSAY, Assay, FEW, Outcome, SMALL, assay};
use crate::support::folder::Folder;
use crate::support::registry::{Registry, registry};

const PASSWORD: &str = "hunter2hunter2";

fn like(profile: &Profile) -> Registry {
    registry(|options| profile.set(options, PASSWORD))
}

fn run(
    registry: &Registry,
    [repo, repo2]: [&str; 2],
    user: Option<&str>,
    cases: &[&str],
) -> Outcome {
    let target = format!("{}/{repo}", registry.url);
    let run = Assay::run(&target)
        .args(["--repo2", repo2])
        .args(cases.iter().copied());
    let run = match user {
        Some(user) => run.login(user, PASSWORD),
        None => run,
    };
    run.ends()
}

#[test]
fn every_documented_user_of_ecr_and_gitlab_gets_in() {
    every_user_gets_in(["ecr", "gitlab"].map(|id| profile(id).unwrap()));
}

#[test]
#[ignore = "long: run by .ci/run"]
fn every_documented_user_gets_in() {
    every_user_gets_in(profiles());
}

fn every_user_gets_in(profiles: impl IntoIterator<Item = &'static Profile>) {
    for profile in profiles {
        let server = like(profile);
        for user in profile.users {
            let run = run(&server, profile.repositories, Some(user), &FEW);
            run.is(0, &format!("logged in as `{user}`"));
            assert_eq!(run.report()["summary"]["blocked"], 0, "{}", profile.id);
        }
    }
}

#[test]
fn without_credentials_the_way_out_is_named() {
    for profile in profiles() {
        let run = run(&like(profile), profile.repositories, None, &SMALL);
        run.is(3, "give --username, and the password in ASSAY_PASSWORD");
    }
}

#[test]
fn what_a_registry_leaves_out_is_unsupported() {
    let ecr = profile("ecr").unwrap();
    let run = run(&like(ecr), ecr.repositories, Some("AWS"), &FEW);
    let features = &run.report()["features"];
    assert_eq!(features["mount"], "unsupported", "{features}");
    assert_eq!(features["blob-deletion"], "unsupported", "{features}");
}

#[test]
fn the_command_that_is_printed_gets_in() {
    let serve = ["serve", "--addr", "127.0.0.1:0", "--like", "harbor"];
    let mut served = Assay::new_in(&Folder::new()).args(serve).start();
    let command = served.line("assay run");
    let command = command.replace("assay run", &format!("{ASSAY} run"));
    let ran = Command::new("sh")
        .arg("-c")
        .arg(format!("{command} --only api-base --only push-supported"))
        .args(["--progress", "never"])
        .env("ASSAY_OUT", served.folder().at("reports"))
        .output()
        .unwrap();
    let text = String::from_utf8([ran.stdout, ran.stderr].concat()).unwrap();
    assert_eq!(ran.status.code(), Some(0), "{command}\n{text}");
    assert!(text.contains("robot$my-project+assay"), "{text}");
}

#[test]
fn a_misspelt_profile_gets_the_nearest() {
    assay(&["serve", "--addr", "127.0.0.1:0", "--like", "gitlub"])
        .expect(2, &["did you mean `gitlab`?"]);
}
