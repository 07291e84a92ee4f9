//! The ways of well-known registries: what is documented of each gets in, and what is missing is named.

use std::process::Command;

use base64::Engine as _;
use oci_assay::internals::registry::{Options, Profile, profile, profiles};

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

/// The names of all repositories of a registry.
fn catalog(server: &Registry, profile: &Profile) -> Vec<String> {
    let get = async |url: String, authorization: String| {
        let request = reqwest::Client::new().get(url);
        let request = request.header("Authorization", authorization);
        let text = request.send().await.unwrap().text().await.unwrap();
        serde_json::from_str::<serde_json::Value>(&text).unwrap()
    };
    let mut options = Options::default();
    profile.set(&mut options, PASSWORD);
    let tokens = options.login.tokens;
    let login = base64::engine::general_purpose::STANDARD
        .encode(format!("{}:{PASSWORD}", profile.users[0]));
    let _ = rustls::crypto::ring::default_provider().install_default();
    let names = tokio::runtime::Runtime::new().unwrap().block_on(async {
        let realm = format!("{}{}?service={}", server.url, tokens.path, tokens.service);
        let token = get(realm, format!("Basic {login}")).await["token"].clone();
        let authorization = format!("Bearer {}", token.as_str().unwrap());
        get(format!("{}/v2/_catalog", server.url), authorization).await["repositories"].clone()
    });
    let mut names: Vec<String> = serde_json::from_value(names).unwrap();
    names.sort();
    names
}

#[test]
#[ignore = "long: run by .ci/run"]
fn a_token_for_a_push_is_requested_only_where_the_run_pushes() {
    let quay = profile("quay").unwrap();
    let server = like(quay);
    let [repo, repo2] = quay.repositories;
    let run = |args: &[&str]| {
        let run = Assay::run(&format!("{}/{repo}", server.url)).args(["--repo2", repo2]);
        let run = run.args(args.iter().copied());
        run.login(quay.users[0], PASSWORD).ends()
    };
    for pull_only in [["--no-push", "--seed=1"], ["--existing", "my-org/repo1:v1"]] {
        let run = run(&pull_only);
        assert_ne!(run.status, 2, "{}", run.text);
    }
    assert!(catalog(&server, quay).is_empty(), "nothing was pushed");
    run(&["--only", "tag-delete-unknown-repository"]).is(0, "");
    assert_eq!(catalog(&server, quay), [repo, repo2]);
}

#[test]
#[ignore = "long: run by .ci/run"]
fn a_deploy_token_of_gitlab_may_not_delete() {
    let gitlab = profile("gitlab").unwrap();
    let server = like(gitlab);
    let leftovers = |user| {
        let run = run(&server, gitlab.repositories, Some(user), &FEW).report();
        run["leftovers"].as_array().map_or(0, Vec::len)
    };
    assert_eq!(leftovers("me"), 0);
    assert_ne!(leftovers("gitlab+deploy-token-1"), 0);
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
