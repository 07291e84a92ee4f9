//! Hostile connections: silent, slow, broken or refused ones, and responses that are not HTTP.

use std::io::Write;
use std::time::Duration;

use super::bounds::{close, repeat, run_with_reports, run_within_bounds, send};
use crate::support::server::{Server, answer};

#[test]
fn no_response_at_all() {
    let server = Server::start(|_, _| {
        std::thread::sleep(Duration::from_secs(60));
        Ok(false)
    });
    let outcome = run_within_bounds("no answer at all", &server.url, &[], 8);
    assert_eq!(outcome.status, 3);
    assert!(
        outcome.text.contains("cannot be reached"),
        "{}",
        outcome.text
    );
}

#[test]
#[ignore = "long: run by .ci/run"]
fn no_response_after_the_first() {
    let server = Server::behind_a_greeting(|_, _| {
        std::thread::sleep(Duration::from_secs(60));
        Ok(false)
    });
    let outcome = run_with_reports("no answer after the first response", &server, &[], 15);
    assert_eq!(outcome.status, 3);
    assert!(outcome.file("report.json").contains("stopped responding"));
}

#[test]
#[ignore = "long: run by .ci/run"]
fn slow_headers_and_bodies() {
    let slowly = Duration::from_millis(50);
    let server = Server::behind_a_greeting(move |_, stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")?;
        repeat(stream, b"x", slowly)
    });
    let outcome = run_with_reports("dripping body", &server, &[], 30);
    assert_eq!(outcome.status, 3);
    let server = Server::behind_a_greeting(move |_, stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nX-Slow: ")?;
        repeat(stream, b"x", slowly)
    });
    let outcome = run_with_reports("dripping header", &server, &[], 30);
    assert_eq!(outcome.status, 3);
}

#[test]
#[ignore = "long: run by .ci/run"]
fn responses_that_are_not_http() {
    let server = Server::start(|_, stream| close(stream, b"\x00\xff\x13garbage\r\n\r\n\x1b[2J"));
    let outcome = run_within_bounds("garbage from the first request on", &server.url, &[], 10);
    assert_eq!(outcome.status, 3, "{}", outcome.text);
    assert!(!outcome.text.contains('\x1b'));
    let server = Server::behind_a_greeting(|_, stream| close(stream, b"SSH-2.0-OpenSSH_9.6\r\n"));
    let outcome = run_with_reports("garbage after the first response", &server, &[], 20);
    assert_eq!(outcome.status, 3);
    for (name, status) in [
        ("status 000", "000 Nothing"),
        ("status 999", "999 Everything"),
        ("status 99999", "99999 Much"),
    ] {
        let server =
            Server::behind_a_greeting(move |_, stream| send(stream, &answer(status, "", b"")));
        run_with_reports(name, &server, &[], 30);
    }
}

#[test]
#[ignore = "long: run by .ci/run"]
fn connections_that_break() {
    let server = Server::behind_a_greeting(|_, _| Ok(false));
    let outcome = run_with_reports("closed instead of every answer", &server, &[], 20);
    assert_eq!(outcome.status, 3);
    let server =
        Server::behind_a_greeting(|_, stream| close(stream, b"HTTP/1.1 200 OK\r\nContent-Le"));
    let outcome = run_with_reports("closed within the header", &server, &[], 20);
    assert_eq!(outcome.status, 3);
}

#[test]
fn each_response_with_another_status() {
    let server = Server::behind_a_greeting(|asked, stream| {
        let statuses = [
            200, 201, 202, 204, 206, 300, 304, 400, 404, 405, 410, 416, 418, 500, 501, 507,
        ];
        let status = statuses[asked.number % statuses.len()];
        let status = format!("{status} Odd");
        send(stream, &answer(&status, "Location: /v2/odd\r\n", b""))
    });
    let outcome = run_with_reports("every answer another status", &server, &[], 60);
    assert_eq!(outcome.status, 1);
}

#[test]
fn connections_refused_in_the_middle_of_a_run() {
    let server = Server::start(|asked, stream| {
        if asked.number > 60 {
            return Ok(false);
        }
        send(stream, &answer("500 Internal Server Error", "", b""))
    });
    let outcome = run_with_reports(
        "connections closed in the middle of a run",
        &server,
        &[],
        20,
    );
    assert_eq!(outcome.status, 1, "failures before that count");
    assert!(outcome.count("fail") > 0 && outcome.count("error") > 0);
}

#[test]
#[ignore = "long: run by .ci/run"]
fn slow_responses() {
    let server = Server::behind_a_greeting(|asked, stream| {
        std::thread::sleep(Duration::from_millis(700));
        let status = if asked.method == "GET" {
            "500 Slow"
        } else {
            "202 Accepted"
        };
        send(stream, &answer(status, "", b""))
    });
    let outcome = run_with_reports(
        "every answer slow",
        &server,
        &["--deadline", "2s", "--jobs", "4"],
        10,
    );
    assert_eq!(outcome.status, 1, "failures before that count");
    assert!(outcome.count("error") > 0);
    assert!(
        outcome
            .file("report.json")
            .contains("the deadline (2s) passed")
    );
}
