//! Authentication: Basic, tokens, and token servers of every kind.

use std::sync::atomic::{AtomicBool, Ordering};

use oci_assay::internals::registry::{ChallengeForm, Methods, Options, Scheme};

use crate::support::assay::{Assay, FEW};
use crate::support::registry::registry;
use crate::support::server::{Asked, Recorder, last, recorder};

fn bearer(options: &mut Options) {
    options.login.scheme = Scheme::Bearer;
    options.login.user("me", "hunter2hunter2");
}

#[test]
fn basic_and_bearer_authenticate_a_run() {
    for scheme in [Scheme::Basic, Scheme::Bearer] {
        let server = registry(|options| {
            bearer(options);
            options.login.scheme = scheme;
        });
        let run = Assay::run(&server.url)
            .login("me", "hunter2hunter2")
            .args(FEW);
        let run = run.ends();
        run.is(0, "logged in as");
        let notes = run.notes();
        assert!(
            notes.contains("logged in as `me` (from --username and ASSAY_PASSWORD)"),
            "{notes}"
        );
        for case in run.report()["cases"].as_array().unwrap() {
            for exchange in case["exchanges"].as_array().unwrap() {
                assert_ne!(exchange["status"], 401, "a challenge is no evidence");
            }
        }
    }
}

#[test]
fn each_token_is_requested_once_and_with_the_needed_scope() {
    few_tokens(&FEW, "The tested part violates no requirement");
}

#[test]
#[ignore = "long: run by .ci/run"]
fn each_token_of_a_whole_run_is_requested_once_and_with_the_needed_scope() {
    few_tokens(&[], "Conformant");
}

fn few_tokens(cases: &[&str], says: &str) {
    let server = registry(bearer);
    let run = Assay::run(&server.url).login("me", "hunter2hunter2");
    let run = run.args(cases.iter().copied()).ends();
    run.is(0, says);
    let notes = run.notes();
    let tokens = notes.split(" tokens of").next().unwrap().rsplit(' ').next();
    let tokens: usize = tokens.unwrap().parse().unwrap();
    // One for each scope: each repository and both, to pull, push and delete, and the repositories that do not exist.
    assert!(tokens < 30, "{tokens} tokens for one run");
}

#[test]
fn missing_credentials_are_reported_with_the_way_out() {
    for scheme in [Scheme::Basic, Scheme::Bearer] {
        let server = registry(|options| {
            bearer(options);
            options.login.scheme = scheme;
        });
        let run = Assay::run_small(&server.url).ends();
        assert_eq!(run.status, 3, "{}", run.text);
        assert!(run.text.contains("redentials"), "{}", run.text);
    }
}

#[test]
fn wrong_credentials_are_reported_with_realm_scope_and_source() {
    let server = registry(bearer);
    let run = Assay::run_small(&server.url)
        .login("me", "wrongwrong")
        .ends();
    run.is(
        3,
        "/token refuses a token for the scope `repository:conformance/repo1:pull`",
    );
    run.is(
        3,
        "it answers 401 (the user name or password is wrong) to `me` (from --username and ASSAY_PASSWORD)",
    );
    assert!(!run.text.contains("wrongwrong"), "{}", run.text);
    let server = registry(|options| {
        bearer(options);
        options.login.scheme = Scheme::Basic;
    });
    let run = Assay::run_small(&server.url)
        .login("me", "wrongwrong")
        .ends();
    run.is(
        3,
        "refuses `me` (from --username and ASSAY_PASSWORD), and offers the scheme basic",
    );
}

#[test]
fn an_identity_token_is_exchanged_by_post() {
    let server = registry(|options| {
        bearer(options);
        options.login.tokens.methods = Methods::Post;
        options.login.tokens.refresh = true;
    });
    // As `docker login` does: a password is exchanged for a refresh token.
    let form =
        "grant_type=password&username=me&password=hunter2hunter2&service=bundled&client_id=t";
    let (_, token) = server.send("POST", "/token", "", form);
    let token: serde_json::Value = serde_json::from_str(&token).unwrap();
    let identity_token = token["refresh_token"].as_str().unwrap();
    let run = Assay::run_small(&server.url).env("ASSAY_IDENTITY_TOKEN", identity_token);
    let run = run.ends();
    run.is(0, "logged in as");
    assert!(
        run.notes()
            .contains("an identity token (from ASSAY_IDENTITY_TOKEN)")
    );
}

#[test]
fn a_bearer_token_of_the_user_is_sent_unchanged() {
    let server = recorder(|seen, _| match seen.header("authorization") {
        Some("Bearer raw-token-of-mine") => last(500, "", ""),
        _ => last(
            401,
            "WWW-Authenticate: Bearer realm=\"http://127.0.0.1:1/\"\r\n",
            "",
        ),
    });
    let run = Assay::run_small(&server.url).env("ASSAY_TOKEN", "raw-token-of-mine");
    let run = run
        .args(["--only", "api-base", "--settle", "0s", "--deny", "warn"])
        .ends();
    assert_eq!(run.status, 1, "{}", run.text);
}

/// A registry without storage that accepts every request with a good token, and a token server that answers by a function.
pub(super) fn token_registry(
    scope: &'static str,
    token: impl Fn(&Asked) -> Vec<u8> + Send + Sync + 'static,
) -> Recorder {
    recorder(move |seen, base| {
        if seen.target.starts_with("/token") {
            return token(seen);
        }
        match seen.header("authorization") {
            Some(header) if header.starts_with("Bearer good") => {
                let location = "Location: /v2/conformance/repo1/blobs/uploads/x\r\n";
                match seen.method.as_str() {
                    "POST" => last(202, location, ""),
                    "PUT" => last(201, location, ""),
                    _ => last(404, "", ""),
                }
            }
            _ => {
                let challenge = format!(
                    "WWW-Authenticate: Bearer realm=\"{base}/token\",service=\"s\",scope=\"{scope}\"\r\n"
                );
                last(401, &challenge, "")
            }
        }
    })
}

#[test]
fn a_run_without_credentials_gets_an_anonymous_token() {
    let server = token_registry("", |_| {
        last(200, "", r#"{"access_token":"good-anonymous"}"#)
    });
    let run = Assay::run_small(&server.url)
        .args(["--only", "api-base", "--settle", "0s", "--deny", "warn"])
        .ends();
    assert_eq!(run.status, 1, "{}", run.text);
    let asked = server.requests("/token");
    assert!(
        !asked.is_empty()
            && asked
                .iter()
                .all(|one| one.header("authorization").is_none())
    );
    // The challenge has no scope, and neither has the request that answers it.
    assert!(asked[0].target.ends_with("?service=s"), "{:?}", asked[0]);
    let scope = "?service=s&scope=repository%3Aconformance%2Frepo1%3Apull";
    assert!(asked.iter().any(|one| one.target.ends_with(scope)));
}

#[test]
fn a_mount_asks_for_two_scopes() {
    let server = token_registry("", |_| last(200, "", r#"{"token":"good"}"#));
    let run = Assay::run(&server.url).login("me", "hunter2hunter2");
    run.args(["--only", "*mount*", "--settle", "0s"]).ends();
    let two = server
        .requests("/token")
        .into_iter()
        .filter(|one| one.target.matches("scope=").count() == 2);
    let line = two.map(|one| one.target).next().unwrap();
    assert!(
        line.contains("%3Apull&") && line.contains("%3Apull%2Cpush"),
        "{line}"
    );
}

#[test]
fn credentials_do_not_follow_a_redirect_to_another_host() {
    let other = recorder(|_, _| last(401, "WWW-Authenticate: Basic realm=\"x\"\r\n", ""));
    let to = other.url.clone();
    let server = recorder(move |seen, _| {
        let (wants, base) = (
            "WWW-Authenticate: Basic realm=\"x\"\r\n",
            seen.target == "/v2/",
        );
        match seen.header("authorization") {
            None => last(401, wants, ""),
            Some(_) if base => last(200, "", "{}"),
            Some(_) if seen.method == "POST" => {
                last(202, &format!("Location: {to}/upload?x=1\r\n"), "")
            }
            Some(_) => last(307, &format!("Location: {to}/elsewhere\r\n"), ""),
        }
    });
    let run = Assay::run(&server.url).login("me", "hunter2hunter2");
    let run = run
        .args(["--settle", "0s", "--category", "pull,push"])
        .ends();
    assert_eq!(run.status, 1, "{}", run.text);
    let seen = other.requests("/");
    assert!(seen.iter().any(|one| one.target.contains("/elsewhere")));
    assert!(seen.iter().any(|one| one.target.contains("/upload")));
    assert!(seen.iter().all(|one| one.header("authorization").is_none()));
}

#[test]
fn a_token_server_without_the_delete_action_works() {
    let server = registry(|options| {
        bearer(options);
        options.login.tokens.delete = false;
        options.login.challenges = ChallengeForm::Lines;
    });
    let run = Assay::run(&server.url).login("me", "hunter2hunter2");
    run.args(["--category", "management"])
        .ends()
        .is(0, "logged in as");
}

/// The milliseconds since the epoch.
fn now_ms() -> u128 {
    let now = std::time::SystemTime::now();
    now.duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_millis()
}

#[test]
fn a_token_that_expires_while_requests_wait_is_replaced() {
    // Each token is valid for 800 ms; one 429 makes all requests wait for two seconds.
    let limited = AtomicBool::new(false);
    let server = recorder(move |seen, base| {
        if seen.target.starts_with("/token") {
            let token = format!(r#"{{"token":"good-{}","expires_in":0.8}}"#, now_ms());
            return last(200, "", &token);
        }
        let issued = seen.header("authorization").unwrap_or_default();
        let issued = issued.strip_prefix("Bearer good-");
        let issued = issued.and_then(|at| at.parse::<u128>().ok());
        if issued.is_none_or(|at| now_ms() > at + 800) {
            let challenge =
                format!("WWW-Authenticate: Bearer realm=\"{base}/token\",service=\"s\"\r\n");
            return last(401, &challenge, "");
        }
        if seen.target.contains("/blobs/sha256") && !limited.swap(true, Ordering::SeqCst) {
            return last(429, "Retry-After: 2\r\n", "");
        }
        let location = "Location: /v2/conformance/repo1/blobs/uploads/x\r\n";
        match seen.method.as_str() {
            "POST" => last(202, location, ""),
            "PUT" if seen.target.contains("sha512") => last(400, "", ""),
            "PUT" => last(201, location, ""),
            _ if seen.target == "/v2/" => last(200, "", "{}"),
            _ => last(404, "", ""),
        }
    });
    let run = Assay::run(&server.url).login("me", "hunter2hunter2");
    let run = run
        .args(["--only", "blob-unknown", "--settle", "0s"])
        .ends();
    run.is(0, "violates no requirement");
}

#[test]
fn an_endpoint_that_always_refuses_costs_few_tokens() {
    let server = recorder(move |seen, base| {
        if seen.target.starts_with("/token") {
            return last(200, "", r#"{"token":"good","expires_in":300}"#);
        }
        let known = seen.header("authorization").is_some();
        if !known || (seen.method == "GET" && seen.target.contains("/manifests/")) {
            let challenge =
                format!("WWW-Authenticate: Bearer realm=\"{base}/token\",service=\"s\"\r\n");
            return last(401, &challenge, "");
        }
        let location = "Location: /v2/conformance/repo1/blobs/uploads/x\r\n";
        match seen.method.as_str() {
            "POST" => last(202, location, ""),
            "PUT" => last(201, location, ""),
            _ if seen.target == "/v2/" => last(200, "", "{}"),
            _ => last(404, "", ""),
        }
    });
    let run = Assay::run(&server.url).login("me", "hunter2hunter2");
    run.args([
        "--only",
        "manifest-by-*",
        "--only",
        "manifest-*head*",
        "--settle",
        "0s",
    ])
    .ends();
    let refused = server.requests("/manifests/");
    let refused = refused.iter().filter(|one| one.method == "GET").count();
    let tokens = server.requests("/token").len();
    assert!(
        refused > 10 && tokens <= refused / 2,
        "{tokens} tokens for {refused} requests that are refused"
    );
}
