//! Endless refusals, and hostile token servers.

use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use super::bounds::{NO_PAUSE, repeat, run_with_reports, run_within_bounds, send};
use crate::support::server::{Asked, Server, answer};

#[test]
fn endless_401() {
    let refusal = answer(
        "401 Unauthorized",
        "WWW-Authenticate: Basic realm=\"r\"\r\n",
        b"",
    );
    let server = Server::start(move |_, stream| send(stream, &refusal));
    let outcome = run_within_bounds("401, endless", &server.url, &[], 10);
    assert_eq!(outcome.status, 3);
}

#[test]
#[ignore = "long: run by .ci/run"]
fn hostile_token_servers() {
    type TokenScript = fn(&Asked, &mut TcpStream) -> std::io::Result<bool>;
    let scripts: [(&str, TokenScript); 5] = [
        ("100 MB", |_, stream| {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n")?;
            repeat(stream, &[b' '; 65_536], NO_PAUSE)
        }),
        ("redirects without end", |asked, stream| {
            let location = format!("Location: /token?n={}\r\n", asked.number);
            send(stream, &answer("307 Temporary Redirect", &location, b""))
        }),
        ("a slow body", |_, stream| {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")?;
            repeat(stream, b"x", Duration::from_millis(50))
        }),
        ("JSON half a million deep", |_, stream| {
            let deep = [vec![b'['; 250_000], vec![b']'; 250_000]].concat();
            send(stream, &answer("200 OK", "", &deep))
        }),
        ("a token that no header can hold", |_, stream| {
            send(
                stream,
                &answer("200 OK", "", b"{\"token\":\"a\\r\\nX: y\"}"),
            )
        }),
    ];
    for (name, script) in scripts {
        let server = Server::start(
            move |asked, stream| match asked.target.starts_with("/token") {
                true => script(asked, stream),
                false => {
                    let challenge = "WWW-Authenticate: Bearer realm=\"/token\",service=\"s\"\r\n";
                    send(stream, &answer("401 Unauthorized", challenge, b""))
                }
            },
        );
        let outcome = run_within_bounds(&format!("token server: {name}"), &server.url, &[], 15);
        assert_eq!(outcome.status, 3, "{}", outcome.text);
        assert!(outcome.text.contains("/token"), "{}", outcome.text);
    }
    let many =
        (0..90).map(|n| format!("WWW-Authenticate: Bearer realm=\"http://127.0.0.1:9/{n}\"\r\n"));
    let many = answer("401 Unauthorized", &many.collect::<String>(), b"");
    let server = Server::start(move |_, stream| send(stream, &many));
    let outcome = run_within_bounds("90 challenges", &server.url, &[], 15);
    assert_eq!(outcome.status, 3);
}

#[test]
#[ignore = "long: run by .ci/run"]
fn endless_429_and_503() {
    for (name, header) in [
        ("429, endless", ""),
        ("429, endless, Retry-After 0", "Retry-After: 0\r\n"),
        (
            "Retry-After in years",
            "Retry-After: 99999999999999999999\r\n",
        ),
        (
            "Retry-After in a century",
            "Retry-After: Fri, 31 Dec 2123 23:59:59 GMT\r\n",
        ),
    ] {
        let refusal = answer("429 Too Many Requests", header, b"");
        let from_the_start = refusal.clone();
        let server = Server::start(move |_, stream| send(stream, &from_the_start));
        let outcome = run_within_bounds(name, &server.url, &[], 20);
        assert_eq!(outcome.status, 3, "{}", outcome.text);
        assert!(outcome.text.contains("429"), "{}", outcome.text);
        let server = Server::behind_a_greeting(move |_, stream| send(stream, &refusal));
        let outcome = run_with_reports(
            &format!("{name}, after the first response"),
            &server,
            &[],
            30,
        );
        assert_eq!(outcome.status, 3, "{}", outcome.text);
    }
    let refusal = answer("503 Service Unavailable", "", b"");
    let server = Server::behind_a_greeting(move |_, stream| send(stream, &refusal));
    let outcome = run_with_reports("503, endless", &server, &[], 60);
    assert_eq!(outcome.status, 1, "a 503 after all retries is the response");
}
