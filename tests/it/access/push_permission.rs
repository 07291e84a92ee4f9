//! What may not be done: told at once where it is missing from the beginning, and no failure where it ends midway.

use std::io::Write;

use oci_assay::internals::registry::{MissingRepository, Options, Revocation, Scheme, profiles};

use crate::support::assay::{Assay, Outcome};
use crate::support::registry::{Registry, registry};
use crate::support::server::{Server, answer};

const PASSWORD: &str = "hunter2hunter2";

fn run(registry: &Registry) -> Outcome {
    let run = Assay::run_small(&registry.url).login("me", PASSWORD);
    run.args(["--settle", "100ms"]).ends()
}

fn locked(scheme: Scheme, set: impl FnOnce(&mut Options)) -> Registry {
    registry(|options| {
        options.login.scheme = scheme;
        options.login.user("me", PASSWORD);
        set(options);
    })
}

/// No case was run: one sentence says why, also in the reports.
fn refused(run: &Outcome, says: &str) {
    run.is(3, says);
    let cases = &run.report()["cases"];
    assert_eq!(cases.as_array().unwrap().len(), 1, "{}", run.text);
    assert_eq!(cases[0]["id"], "preflight");
}

#[test]
fn a_repository_that_has_to_be_there_is_named() {
    for profile in profiles() {
        let server = registry(|options| profile.set(options, PASSWORD));
        let target = format!("{}/nowhere/repo1", server.url);
        let run = Assay::run_small(&target).login(profile.users[0], PASSWORD);
        let run = run.args(["--repo2", profile.repositories[1]]).ends();
        refused(&run, "`nowhere/repo1`");
        run.is(3, "reate what");
        assert!(!run.text.contains(profile.repositories[1]), "{}", run.text);
    }
}

#[test]
fn both_repositories_are_named_with_what_the_registry_says() {
    let server = locked(Scheme::Basic, |options| {
        options.login.repositories = vec!["elsewhere/".to_owned()];
    });
    let run = run(&server);
    refused(
        &run,
        "there is no `conformance/repo1` or `conformance/repo2` in",
    );
    refused(
        &run,
        "and a push does not make one: it answers 404 (the repository does not exist) to an upload. Create what is missing",
    );
}

#[test]
fn who_may_not_push_is_told_what_to_do() {
    for scheme in [Scheme::Basic, Scheme::Bearer] {
        let server = locked(scheme, |options| {
            options.login.repositories = vec!["conformance/repo1".to_owned()];
            options.login.missing_repository = MissingRepository::Denied;
        });
        let run = run(&server);
        refused(
            &run,
            "does not let `me` (from --username and ASSAY_PASSWORD) push to `conformance/repo2`: it answers 40",
        );
        run.is(3, "Give the right to push there");
    }
}

#[test]
fn a_repository_that_refuses_pushes_beside_one_that_accepts_them_is_named() {
    let error = br#"{"errors":[{"code":"NAME_UNKNOWN","message":"not yours"}]}"#;
    for (status, way_out) in [
        (
            "403 Forbidden",
            "does not let an anonymous user push to `conformance/repo2`",
        ),
        ("404 Not Found", "there is no `conformance/repo2` in"),
    ] {
        let server = Server::behind_a_greeting(move |asked, stream| {
            let session = "Location: /session\r\n";
            let answered = match asked.target.as_str() {
                "/session" => answer("204 No Content", "", b""),
                "/v2/conformance/repo1/blobs/uploads/" => answer("202 Accepted", session, b""),
                _ => answer(status, "Content-Type: application/json\r\n", error),
            };
            stream.write_all(&answered)?;
            Ok(true)
        });
        refused(&Assay::run_small(&server.url).ends(), way_out);
    }
}

#[test]
fn what_only_reads_asks_for_no_right_to_push() {
    let server = locked(Scheme::Basic, |options| {
        options.login.repositories = vec!["conformance/repo1".to_owned()];
        options.login.missing_repository = MissingRepository::Denied;
    });
    let run = Assay::run_small(&server.url).login("me", PASSWORD);
    run.args(["--only", "api-base"])
        .ends()
        .is(0, "logged in as");
}

/// A run of these cases. `revocation` ends the right to push.
fn run_with_revocation(scheme: Scheme, revocation: Revocation, cases: &[&str]) -> Outcome {
    let server = locked(scheme, |options| {
        options.login.revocation = Some(revocation);
    });
    let run = Assay::run(&server.url).login("me", PASSWORD);
    let run = run.args(["--settle", "100ms"]).args(cases.iter().copied());
    let run = run.ends();
    let report = run.report();
    assert_eq!(report["summary"]["fail"], 0, "{}", run.text);
    assert_eq!(report["verdict"], "inconclusive", "{}", run.text);
    run
}

#[test]
#[ignore = "long: run by .ci/run"]
fn a_right_that_ends_midway_in_one_repository_is_no_failure() {
    let push = ["--category", "push"];
    a_right_ends_in_one_repository(Scheme::Bearer, 150, &push, 30);
}

#[test]
#[ignore = "long: run by .ci/run"]
fn a_right_that_ends_midway_in_one_repository_fails_no_case() {
    for scheme in [Scheme::Basic, Scheme::Bearer] {
        a_right_ends_in_one_repository(scheme, 300, &[], 100);
    }
}

/// It ends after so many requests in the second repository. More than `passed` cases need the first alone, and go on.
fn a_right_ends_in_one_repository(scheme: Scheme, after: u64, cases: &[&str], passed: u64) {
    let revocation = Revocation {
        after,
        token_server: None,
        only: Some("conformance/repo2"),
    };
    let run = run_with_revocation(scheme, revocation, cases);
    run.is(3, "no longer lets `me` (from --username");
    let report = run.report();
    let said = report["cases"].to_string();
    assert!(
        said.contains("`conformance/repo2`: it answers 40"),
        "{said}"
    );
    assert!(run.count("pass") > passed, "{}", run.text);
}

#[test]
fn rights_that_end_midway_are_no_failure() {
    let push = ["--category", "push"];
    rights_end(Scheme::Bearer, Some(401), "refuses a token", &push);
}

#[test]
#[ignore = "long: run by .ci/run"]
fn rights_that_end_midway_fail_no_case() {
    for (scheme, token_server, says) in [
        (Scheme::Basic, None, "no longer lets `me` (from --username"),
        (Scheme::Bearer, None, "no longer lets `me` (from --username"),
        (Scheme::Bearer, Some(401), "refuses a token"),
        (Scheme::Bearer, Some(404), "gives no token"),
    ] {
        rights_end(scheme, token_server, says, &[]);
    }
}

/// All rights end after some requests, and the token server answers with a status from then on.
fn rights_end(scheme: Scheme, token_server: Option<u16>, says: &str, cases: &[&str]) {
    let revocation = Revocation {
        after: 300,
        token_server,
        only: None,
    };
    let run = run_with_revocation(scheme, revocation, cases);
    run.is(3, says);
    assert!(run.count("pass") > 0, "{}", run.text);
}
