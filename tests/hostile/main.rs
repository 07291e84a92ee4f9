//! Targets that are broken, or mean it ill: each run ends in bounded time and memory, with the exit status
//! that what is known comes to, and with reports that hold it.
//!
//! `cargo test --test hostile -- --nocapture` prints time and peak memory of each.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod http2;
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
    assert!(outcome.file("report.json").contains("stopped answering"));
}

#[test]
fn bodies_that_never_end() {
    let server = Server::behind_a_greeting(|_, stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")?;
        for_ever(stream, &[b' '; 65536], NONE)
    });
    reported("endless body, length told", &server, &[], 60);
    let server = Server::behind_a_greeting(|_, stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")?;
        let chunk = [b"8000\r\n", &[b'['; 32768][..], b"\r\n"].concat();
        for_ever(stream, &chunk, NONE)
    });
    reported("endless body, chunked", &server, &[], 60);
    let server = Server::behind_a_greeting(|_, stream| {
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")?;
        for_ever(stream, &[b'x'; 65536], NONE)
    });
    let outcome = reported("endless body of an error", &server, &[], 60);
    assert_eq!(outcome.status, 1, "the status counts");
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
fn headers_without_end_or_measure() {
    let server = Server::behind_a_greeting(|_, stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\n")?;
        for_ever(stream, b"X-More: and more and more\r\n", NONE)
    });
    reported("endless headers", &server, &[], 30);
    let many = "X-Many: one of thousands\r\n".repeat(5000);
    let server =
        Server::behind_a_greeting(move |_, stream| send(stream, &answer("200 OK", &many, b"")));
    reported("5000 headers", &server, &[], 30);
    let huge = format!("X-Huge: {}\r\n", "x".repeat(1 << 20));
    let server =
        Server::behind_a_greeting(move |_, stream| send(stream, &answer("200 OK", &huge, b"")));
    reported("a header of 1 MiB", &server, &[], 30);
    let large = format!(
        "Location: /v2/{}\r\nLink: </{}>; rel=\"next\"\r\nOCI-Subject: {}\r\n",
        "x".repeat(100_000),
        "y".repeat(100_000),
        "z".repeat(100_000)
    );
    let server = Server::behind_a_greeting(move |asked, stream| {
        let status = if asked.method == "POST" {
            "202 Accepted"
        } else {
            "200 OK"
        };
        send(
            stream,
            &answer(status, &large, br#"{"tags":["a"],"name":"x"}"#),
        )
    });
    reported("Location and Link of 100 kB", &server, &SOME, 60);
}

#[test]
fn provisional_answers_for_ever() {
    let server = Server::behind_a_greeting(|_, stream| {
        for_ever(
            stream,
            b"HTTP/1.1 102 Processing\r\n\r\n",
            Duration::from_millis(1),
        )
    });
    let outcome = reported("1xx for ever", &server, &[], 30);
    assert_eq!(outcome.status, 3);
    let many = b"HTTP/1.1 102 Processing\r\n\r\n".repeat(1000);
    let server = Server::behind_a_greeting(move |_, stream| for_ever(stream, &many, NONE));
    let outcome = reported("1xx for ever, at full speed", &server, &[], 30);
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
fn lengths_that_lie() {
    let server = Server::behind_a_greeting(|_, stream| {
        close(
            stream,
            b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nshort",
        )
    });
    // Each time that it is asked for, what is served ends before its length.
    let outcome = reported("Content-Length too long", &server, &[], 20);
    assert_eq!(outcome.status, 1);
    let server = Server::behind_a_greeting(|_, stream| {
        send(
            stream,
            b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}{}{}{}",
        )
    });
    reported("Content-Length too short", &server, &[], 30);
    for (name, length) in [
        ("negative", "-5"),
        ("no number", "many"),
        ("beyond 64 bits", "99999999999999999999999999"),
    ] {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{{}}");
        let server = Server::behind_a_greeting(move |_, stream| close(stream, head.as_bytes()));
        reported(&format!("Content-Length {name}"), &server, &[], 30);
    }
    let server = Server::behind_a_greeting(|asked, stream| {
        let body = [b'x'; 5000];
        let head = format!(
            "HTTP/1.1 204 No Content\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes())?;
        send(stream, if asked.method == "HEAD" { b"" } else { &body })
    });
    reported("204 with a body", &server, &[], 30);
    let server =
        Server::behind_a_greeting(|_, stream| send(stream, &answer("200 OK", "", &[b'x'; 5000])));
    reported("HEAD with a body", &server, &[], 30);
    let twice = [
        answer("404 Not Found", "", b""),
        answer("200 OK", "", b"{}"),
    ]
    .concat();
    let server = Server::behind_a_greeting(move |_, stream| send(stream, &twice));
    reported("two answers to one request", &server, &[], 30);
}

#[test]
fn redirects_without_end() {
    let server = Server::behind_a_greeting(|asked, stream| {
        let location = format!("Location: /x{}\r\n", asked.number);
        send(stream, &answer("307 Temporary Redirect", &location, b""))
    });
    let outcome = reported("redirects without end", &server, &[], 30);
    assert_eq!(outcome.status, 3);
    assert!(outcome.file("report.json").contains("redirected more than"));
    let server = Server::behind_a_greeting(|_, stream| {
        send(
            stream,
            &answer("302 Found", "Location: gopher://x/\r\n", b""),
        )
    });
    reported("redirects to another scheme", &server, &[], 30);
}

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
fn pages_without_end() {
    let new = registry(|asked| {
        let link = format!(
            "Link: </v2/x/tags/list?n=1&last={}>; rel=\"next\"\r\n",
            asked.number
        );
        let body = format!(
            r#"{{"name":"x","tags":["t{}"],"manifests":[]}}"#,
            asked.number
        );
        (link, body.into_bytes())
    });
    let outcome = reported(
        "pages without end, each new",
        &new,
        &["--deadline", "40s", SOME[0], SOME[1]],
        60,
    );
    assert_eq!(outcome.status, 1, "other requirements are broken");
    let same = registry(|_| {
        let link = "Link: </v2/x/tags/list>; rel=\"next\"\r\n".to_owned();
        (link, br#"{"name":"x","tags":["t"]}"#.to_vec())
    });
    reported("a page that leads to itself", &same, &SOME, 60);
    let empty = registry(|asked| {
        let link = format!(
            "Link: </v2/x/tags/list?last={}>; rel=\"next\"\r\n",
            asked.number
        );
        (link, br#"{"name":"x","tags":[]}"#.to_vec())
    });
    reported(
        "empty pages without end",
        &empty,
        &["--deadline", "40s", SOME[0], SOME[1]],
        60,
    );
    let large = registry(|asked| {
        let link = format!(
            "Link: </v2/x/tags/list?last={}>; rel=\"next\"\r\n",
            asked.number
        );
        let tags: Vec<String> = (0..20_000)
            .map(|n| format!("\"t{n}-{}\"", asked.number))
            .collect();
        (
            link,
            format!(r#"{{"name":"x","tags":[{}]}}"#, tags.join(",")).into_bytes(),
        )
    });
    reported(
        "large pages without end",
        &large,
        &["--deadline", "40s", SOME[0], SOME[1]],
        60,
    );
}

#[test]
fn json_without_measure() {
    let deep = [vec![b'['; 500_000], vec![b']'; 500_000]].concat();
    let server = registry(move |_| (String::new(), deep.clone()));
    reported("JSON nested half a million deep", &server, &SOME, 60);
    let tags = format!(
        r#"{{"name":"x","tags":[{}"t"]}}"#,
        r#""t","#.repeat(3_000_000)
    );
    let server = registry(move |_| (String::new(), tags.clone().into_bytes()));
    reported(
        "a list of three million tags",
        &server,
        &["--deadline", "40s", SOME[0], SOME[1]],
        60,
    );
    let zeros = format!(r#"{{"tags":[{}0]}}"#, "0,".repeat(30_000));
    let server = registry(move |_| (String::new(), zeros.clone().into_bytes()));
    reported(
        "lists of 30,000 numbers",
        &server,
        &["--deadline", "40s", SOME[0], SOME[1]],
        60,
    );
}

#[test]
fn compressed_bombs() {
    let zeros = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3].repeat(100_000);
    let server = registry(move |_| ("Content-Encoding: gzip\r\n".to_owned(), zeros.clone()));
    reported("compressed bombs", &server, &SOME, 60);
}

#[test]
fn evidence_without_measure() {
    let headers: String = (0..90)
        .map(|n| format!("X-{n}: {}\r\n", "v".repeat(3000)))
        .collect();
    let body = [&b"{\"tags\": [\""[..], &[b'e'; 20_000], b"\"]}"].concat();
    let server = registry(move |_| (headers.clone(), body.clone()));
    let outcome = reported(
        "300 kB of headers and bodies in each answer",
        &server,
        &[],
        60,
    );
    let size = outcome.file("report.json").len();
    assert!(size < 24 << 20, "{size}");
}

#[test]
fn chunks_of_any_length() {
    for (name, least) in [
        ("1 TB", "1099511627776"),
        ("7 MB", "7000000"),
        ("nonsense", "-1e9"),
    ] {
        let headers =
            format!("Location: /v2/x/blobs/uploads/1\r\nOCI-Chunk-Min-Length: {least}\r\n");
        let server = Server::behind_a_greeting(move |asked, stream| {
            let status = match asked.method.as_str() {
                "POST" | "PATCH" => "202 Accepted",
                "PUT" => "201 Created",
                _ => "404 Not Found",
            };
            send(stream, &answer(status, &headers, b""))
        });
        reported(&format!("smallest chunk {name}"), &server, &[], 60);
    }
}

#[test]
fn access_refused_for_ever() {
    let refusal = answer(
        "401 Unauthorized",
        "WWW-Authenticate: Basic realm=\"r\"\r\n",
        b"",
    );
    let server = Server::start(move |_, stream| send(stream, &refusal));
    let outcome = survive("401 for ever", &server.url, &[], 10);
    assert_eq!(outcome.status, 3);
}

#[test]
fn patience_asked_for_without_end() {
    for (name, header) in [
        ("429 for ever", ""),
        ("429 for ever, Retry-After 0", "Retry-After: 0\r\n"),
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
        let outcome = survive(name, &server.url, &[], 20);
        assert_eq!(outcome.status, 3, "{}", outcome.text);
        assert!(outcome.text.contains("patience"), "{}", outcome.text);
        let server = Server::behind_a_greeting(move |_, stream| send(stream, &refusal));
        let outcome = reported(&format!("{name}, after the greeting"), &server, &[], 30);
        assert_eq!(outcome.status, 3, "{}", outcome.text);
    }
    let refusal = answer("503 Service Unavailable", "", b"");
    let server = Server::behind_a_greeting(move |_, stream| send(stream, &refusal));
    let outcome = reported("503 for ever", &server, &[], 60);
    assert_eq!(outcome.status, 1, "a 503 that stays is the answer");
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
            .contains("the run's time (2s) was over")
    );
}
