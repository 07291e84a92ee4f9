//! Hostile and broken registries: each run ends in bounded time and memory, with the exit status of the results so far, and
//! with complete reports.
//!
//! `cargo test --test it -- --include-ignored --nocapture hostile::` prints the time and the peak memory of each run. `cargo test`
//! skips those that take longer than a few seconds; `.ci/run` runs them too.

mod bodies;
mod headers;
mod http2;
mod refusals;
use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use crate::support::run::{Outcome, run};
use crate::support::server::{Asked, Server, answer};

/// The most memory that a run may use, in MB.
const MAX_MEMORY: u64 = 128;

/// How many times longer than alone a run may take, since tests run at the same time.
const LOAD_FACTOR: u64 = 4;

/// The cases of one category, where the others would not test more of the client.
const DISCOVERY: [&str; 2] = ["--category", "discovery"];

/// The exit statuses of a run that gets past the first request.
const NON_CONFORMANT_OR_INCONCLUSIVE: [i32; 2] = [1, 3];

/// Runs against a server, checks time (in seconds, alone on the machine) and memory, and prints both.
fn run_within_bounds(name: &str, url: &str, more: &[&str], seconds: u64) -> Outcome {
    let mut args = vec![url, "--timeout", "1s", "--settle", "0s"];
    args.extend(more);
    let outcome = run(&args);
    println!(
        "| {name} | {} | {:.1} s | {} MB |",
        outcome.status,
        outcome.took.as_secs_f64(),
        outcome.peak
    );
    assert!(
        outcome.took < Duration::from_secs(seconds * LOAD_FACTOR),
        "{name}: {:?}",
        outcome.took
    );
    assert!(outcome.peak < MAX_MEMORY, "{name}: {} MB", outcome.peak);
    outcome
}

/// The same for a server that answers the first request: the reports contain every case.
fn run_with_reports(name: &str, server: &Server, more: &[&str], seconds: u64) -> Outcome {
    run_with_reports_at(name, &server.url, more, seconds)
}

fn run_with_reports_at(name: &str, url: &str, more: &[&str], seconds: u64) -> Outcome {
    let outcome = run_within_bounds(name, url, more, seconds);
    assert!(
        NON_CONFORMANT_OR_INCONCLUSIVE.contains(&outcome.status),
        "{name}: {}",
        outcome.text
    );
    let cases = outcome.report()["cases"].as_array().unwrap();
    assert!(cases.len() > 50, "{name}");
    assert!(
        outcome.file("junit.xml").ends_with("</testsuites>\n")
            || outcome.file("junit.xml").contains("</testsuites>")
    );
    assert!(outcome.file("report.html").contains("</html>"));
    outcome
}

fn send(stream: &mut TcpStream, bytes: &[u8]) -> std::io::Result<bool> {
    stream.write_all(bytes)?;
    Ok(true)
}

fn close(stream: &mut TcpStream, bytes: &[u8]) -> std::io::Result<bool> {
    stream.write_all(bytes)?;
    Ok(false)
}

/// Writes the same bytes again and again, until the client closes the connection.
fn repeat(stream: &mut TcpStream, bytes: &[u8], pause: Duration) -> std::io::Result<bool> {
    loop {
        stream.write_all(bytes)?;
        std::thread::sleep(pause);
    }
}

const NO_PAUSE: Duration = Duration::ZERO;

/// A registry that answers writes with success, and reads with `page`.
fn registry(page: impl Fn(&Asked) -> (String, Vec<u8>) + Send + Sync + 'static) -> Server {
    Server::behind_a_greeting(move |asked, stream| {
        let bytes = match asked.method.as_str() {
            "POST" => answer("202 Accepted", "Location: /v2/x/blobs/uploads/1\r\n", b""),
            "PATCH" => answer(
                "202 Accepted",
                "Location: /v2/x/blobs/uploads/1\r\nRange: 0-0\r\n",
                b"",
            ),
            "PUT" => answer("201 Created", "Location: /v2/x/y\r\n", b""),
            "DELETE" => answer("202 Accepted", "", b""),
            _ => {
                let (headers, body) = page(asked);
                let mut bytes = answer("200 OK", &headers, &body);
                if asked.method == "HEAD" {
                    bytes.truncate(bytes.len() - body.len());
                }
                bytes
            }
        };
        send(stream, &bytes)
    })
}

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
