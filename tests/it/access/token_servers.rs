//! Token servers that fail, are silent, or are somewhere else.

use std::time::{Duration, Instant};

use super::authentication::token_registry;
use crate::support::assay::Assay;
use crate::support::server::{Asked, last, recorder};

#[test]
fn an_unusable_token_server_is_reported_with_status_3() {
    type Answers = fn(&Asked) -> Vec<u8>;
    let cases: [(&str, Answers); 9] = [
        ("it answers 500", |_| last(500, "", "")),
        ("it answers 404", |_| last(404, "", "")),
        ("not the JSON of a token", |_| last(200, "", "<html>")),
        ("no usable `token`", |_| last(200, "", "{}")),
        ("no usable `token`", |_| {
            last(200, "", r#"{"token":"a\r\nX: y"}"#)
        }),
        ("larger than 1048576 bytes", |_| {
            last(200, "", &"x".repeat(3_000_000))
        }),
        ("`token` in its response has 70000 bytes", |_| {
            last(
                200,
                "",
                &format!("{{\"token\":\"{}\"}}", "&".repeat(70_000)),
            )
        }),
        ("`refresh_token` in its response has 70000 bytes", |_| {
            let long = "x".repeat(70_000);
            let body = format!("{{\"token\":\"a\",\"refresh_token\":\"{long}\"}}");
            last(200, "", &body)
        }),
        ("refuses a token", |_| {
            last(403, "", r#"{"details":"\u001b[31mno"}"#)
        }),
    ];
    for (expected, token) in cases {
        let server = token_registry("", token);
        let began = Instant::now();
        let run = Assay::run_small(&server.url)
            .login("me", "hunter2hunter2")
            .ends();
        run.is(3, expected);
        run.is(3, &format!("{}/token", server.url));
        run.is(3, "token");
        assert!(!run.text.contains('\u{1b}'), "{}", run.text);
        assert!(began.elapsed() < Duration::from_secs(60));
    }
}

#[test]
fn a_silent_token_server_is_given_up_at_the_time_out() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let realm = format!("http://{}/token", silent.local_addr().unwrap());
    let server = recorder(move |_, _| {
        let challenge = format!("WWW-Authenticate: Bearer realm=\"{realm}\"\r\n");
        last(401, &challenge, "")
    });
    let run = Assay::run_small(&server.url).login("me", "hunter2hunter2");
    run.args(["--timeout", "1s"])
        .ends()
        .is(3, "no complete response came within 1s");
}

#[test]
fn a_token_that_the_registry_refuses_is_reported_with_status_3() {
    let server = token_registry("", |_| last(200, "", r#"{"token":"bad"}"#));
    let run = Assay::run_small(&server.url)
        .login("me", "hunter2hunter2")
        .ends();
    run.is(3, "refuses `me`");
    assert!(server.requests("/token").len() < 5);
}

#[test]
fn credentials_are_not_sent_to_another_host_over_plain_http() {
    let server = recorder(|_, _| {
        let challenge = "WWW-Authenticate: Bearer realm=\"http://tokens.example/token\"\r\n";
        last(401, challenge, "")
    });
    let run = Assay::run_small(&server.url)
        .login("me", "hunter2hunter2")
        .ends();
    run.is(
        3,
        "http://tokens.example/token uses plain HTTP: credentials are not sent there",
    );
    run.is(3, "--allow-plain-realm");
}

#[test]
fn an_invalid_realm_is_reported() {
    for realm in ["", "ftp://h/x", "http://"] {
        let server = recorder(move |_, _| {
            last(
                401,
                &format!("WWW-Authenticate: Bearer realm=\"{realm}\"\r\n"),
                "",
            )
        });
        let run = Assay::run_small(&server.url)
            .login("me", "hunter2hunter2")
            .ends();
        run.is(
            3,
            "the realm of its challenge is not the URL of a token server",
        );
    }
}
