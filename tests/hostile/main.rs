//! Targets that are broken, or mean it ill: each run ends in bounded time and memory, with the exit status
//! that what is known comes to, and with reports that hold it.
//!
//! `cargo test --test hostile -- --nocapture` prints time and peak memory of each.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod bodies;
mod headers;
mod http2;
mod refusals;
#[path = "../support/mod.rs"]
mod support;

use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use support::run::{Outcome, run};
use support::server::{Asked, Server, answer};

/// The most memory that a run may take, in MB.
const MEMORY: u64 = 128;

/// How many times longer than on a machine of its own a run may take: tests share theirs.
const LOAD: u64 = 4;

/// The cases of one category, where all of them would show no more.
const SOME: [&str; 2] = ["--category", "discovery"];

/// What a run's end may come to here.
const BROKEN_OR_NO_VERDICT: [i32; 2] = [1, 3];

/// Runs against a server within bounds; prints what it took.
fn survive(name: &str, url: &str, more: &[&str], most: u64) -> Outcome {
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
        outcome.took < Duration::from_secs(most * LOAD),
        "{name}: {:?}",
        outcome.took
    );
    assert!(outcome.peak < MEMORY, "{name}: {} MB", outcome.peak);
    outcome
}

/// The same for a target that a run gets into: reports are written, and hold every case.
fn reported(name: &str, server: &Server, more: &[&str], most: u64) -> Outcome {
    reported_of(name, &server.url, more, most)
}

fn reported_of(name: &str, url: &str, more: &[&str], most: u64) -> Outcome {
    let outcome = survive(name, url, more, most);
    assert!(
        BROKEN_OR_NO_VERDICT.contains(&outcome.status),
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

/// Writes the same again and again, until the client has had enough.
fn for_ever(stream: &mut TcpStream, bytes: &[u8], pause: Duration) -> std::io::Result<bool> {
    loop {
        stream.write_all(bytes)?;
        std::thread::sleep(pause);
    }
}

/// No pause.
const NONE: Duration = Duration::ZERO;

/// Writes are answered as a registry would, and lists by `page`.
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
fn silence_from_the_first_request_on() {
    let server = Server::start(|_, _| {
        std::thread::sleep(Duration::from_secs(60));
        Ok(false)
    });
    let outcome = survive("no answer at all", &server.url, &[], 8);
    assert_eq!(outcome.status, 3);
    assert!(
        outcome.text.contains("cannot be reached"),
        "{}",
        outcome.text
    );
}

#[test]
fn silence_after_the_greeting() {
    let server = Server::behind_a_greeting(|_, _| {
        std::thread::sleep(Duration::from_secs(60));
        Ok(false)
    });
    let outcome = reported("no answer after the greeting", &server, &[], 15);
    assert_eq!(outcome.status, 3);
    assert!(outcome.file("report.json").contains("stopped responding"));
}

#[test]
fn answers_that_drip() {
    let slowly = Duration::from_millis(50);
    let server = Server::behind_a_greeting(move |_, stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")?;
        for_ever(stream, b"x", slowly)
    });
    let outcome = reported("dripping body", &server, &[], 30);
    assert_eq!(outcome.status, 3);
    let server = Server::behind_a_greeting(move |_, stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nX-Slow: ")?;
        for_ever(stream, b"x", slowly)
    });
    let outcome = reported("dripping header", &server, &[], 30);
    assert_eq!(outcome.status, 3);
}

#[test]
fn no_http() {
    let server = Server::start(|_, stream| close(stream, b"\x00\xff\x13garbage\r\n\r\n\x1b[2J"));
    let outcome = survive("garbage from the first request on", &server.url, &[], 10);
    assert_eq!(outcome.status, 3, "{}", outcome.text);
    assert!(!outcome.text.contains('\x1b'));
    let server = Server::behind_a_greeting(|_, stream| close(stream, b"SSH-2.0-OpenSSH_9.6\r\n"));
    let outcome = reported("garbage after the greeting", &server, &[], 20);
    assert_eq!(outcome.status, 3);
    for (name, status) in [
        ("status 000", "000 Nothing"),
        ("status 999", "999 Everything"),
        ("status 99999", "99999 Much"),
    ] {
        let server =
            Server::behind_a_greeting(move |_, stream| send(stream, &answer(status, "", b"")));
        reported(name, &server, &[], 30);
    }
}

#[test]
fn connections_that_break() {
    let server = Server::behind_a_greeting(|_, _| Ok(false));
    let outcome = reported("closed instead of every answer", &server, &[], 20);
    assert_eq!(outcome.status, 3);
    let server =
        Server::behind_a_greeting(|_, stream| close(stream, b"HTTP/1.1 200 OK\r\nContent-Le"));
    let outcome = reported("closed within the header", &server, &[], 20);
    assert_eq!(outcome.status, 3);
}

#[test]
fn every_answer_another_status() {
    let server = Server::behind_a_greeting(|asked, stream| {
        let statuses = [
            200, 201, 202, 204, 206, 300, 304, 400, 404, 405, 410, 416, 418, 500, 501, 507,
        ];
        let status = statuses[asked.number % statuses.len()];
        let status = format!("{status} Odd");
        send(stream, &answer(&status, "Location: /v2/odd\r\n", b""))
    });
    let outcome = reported("every answer another status", &server, &[], 60);
    assert_eq!(outcome.status, 1);
}

#[test]
fn death_in_the_middle() {
    let server = Server::start(|asked, stream| {
        if asked.number > 60 {
            return Ok(false);
        }
        send(stream, &answer("500 Internal Server Error", "", b""))
    });
    let outcome = reported("death in the middle", &server, &[], 20);
    assert_eq!(outcome.status, 1, "what it broke before is known");
    assert!(outcome.count("fail") > 0 && outcome.count("error") > 0);
}

#[test]
fn every_answer_slow() {
    let server = Server::behind_a_greeting(|asked, stream| {
        std::thread::sleep(Duration::from_millis(700));
        let status = if asked.method == "GET" {
            "500 Slow"
        } else {
            "202 Accepted"
        };
        send(stream, &answer(status, "", b""))
    });
    let outcome = reported(
        "every answer slow",
        &server,
        &["--deadline", "2s", "--jobs", "4"],
        10,
    );
    assert_eq!(outcome.status, 1, "what it broke before is known");
    assert!(outcome.count("error") > 0);
    assert!(
        outcome
            .file("report.json")
            .contains("the deadline (2s) passed")
    );
}
