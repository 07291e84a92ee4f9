//! Hostile bodies: length, chunks, JSON, compression, and the evidence that is kept of them.

use std::io::Write;

use super::bounds::{DISCOVERY, NO_PAUSE, close, registry, repeat, run_with_reports, send};
use crate::support::server::{Server, answer};

#[test]
#[ignore = "long: run by .ci/run"]
fn endless_bodies() {
    let server = Server::behind_a_greeting(|_, stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")?;
        repeat(stream, &[b' '; 65536], NO_PAUSE)
    });
    run_with_reports("endless body, length told", &server, &[], 60);
    let server = Server::behind_a_greeting(|_, stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")?;
        let chunk = [b"8000\r\n", &[b'['; 32768][..], b"\r\n"].concat();
        repeat(stream, &chunk, NO_PAUSE)
    });
    run_with_reports("endless body, chunked", &server, &[], 60);
    let server = Server::behind_a_greeting(|_, stream| {
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")?;
        repeat(stream, &[b'x'; 65536], NO_PAUSE)
    });
    let outcome = run_with_reports("endless body of an error", &server, &[], 60);
    assert_eq!(outcome.status, 1, "the status counts");
}

#[test]
#[ignore = "long: run by .ci/run"]
fn wrong_content_length() {
    let server = Server::behind_a_greeting(|_, stream| {
        close(
            stream,
            b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nshort",
        )
    });
    // The body of every retry ends early too.
    let outcome = run_with_reports("Content-Length too long", &server, &[], 20);
    assert_eq!(outcome.status, 1);
    let server = Server::behind_a_greeting(|_, stream| {
        send(
            stream,
            b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}{}{}{}",
        )
    });
    run_with_reports("Content-Length too short", &server, &[], 30);
    for (name, length) in [
        ("negative", "-5"),
        ("no number", "many"),
        ("beyond 64 bits", "99999999999999999999999999"),
    ] {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{{}}");
        let server = Server::behind_a_greeting(move |_, stream| close(stream, head.as_bytes()));
        run_with_reports(&format!("Content-Length {name}"), &server, &[], 30);
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
    run_with_reports("204 with a body", &server, &[], 30);
    let server =
        Server::behind_a_greeting(|_, stream| send(stream, &answer("200 OK", "", &[b'x'; 5000])));
    run_with_reports("HEAD with a body", &server, &[], 30);
    let twice = [
        answer("404 Not Found", "", b""),
        answer("200 OK", "", b"{}"),
    ]
    .concat();
    let server = Server::behind_a_greeting(move |_, stream| send(stream, &twice));
    run_with_reports("two answers to one request", &server, &[], 30);
}

#[test]
#[ignore = "long: run by .ci/run"]
fn malformed_chunks() {
    for (name, body) in [
        (
            "of more than 64 bits",
            "FFFFFFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n",
        ),
        ("of a negative length", "-1\r\n{}\r\n0\r\n\r\n"),
        ("beside a length", "5\r\n{}   \r\n0\r\n\r\n"),
    ] {
        let length = if name == "beside a length" {
            "Content-Length: 2\r\n"
        } else {
            ""
        };
        let bytes = format!("HTTP/1.1 200 OK\r\n{length}Transfer-Encoding: chunked\r\n\r\n{body}");
        let server = Server::behind_a_greeting(move |_, stream| close(stream, bytes.as_bytes()));
        run_with_reports(&format!("chunks {name}"), &server, &DISCOVERY, 30);
    }
    for (name, before, again) in [
        ("an extension without end", "1;", "a".repeat(65_536)),
        (
            "chunks of a byte, without end",
            "",
            "1\r\nx\r\n".repeat(10_000),
        ),
        (
            "trailers without end",
            "2\r\n{}\r\n0\r\n",
            "X-T: abc\r\n".repeat(5_000),
        ),
    ] {
        let server = Server::behind_a_greeting(move |_, stream| {
            stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")?;
            stream.write_all(before.as_bytes())?;
            repeat(stream, again.as_bytes(), NO_PAUSE)
        });
        let outcome = run_with_reports(name, &server, &[], 60);
        assert_eq!(outcome.status, 3, "{name}");
    }
}

#[test]
#[ignore = "long: run by .ci/run"]
fn enormous_json() {
    let deep = [vec![b'['; 500_000], vec![b']'; 500_000]].concat();
    let server = registry(move |_| (String::new(), deep.clone()));
    run_with_reports("JSON nested half a million deep", &server, &DISCOVERY, 60);
    let tags = format!(
        r#"{{"name":"x","tags":[{}"t"]}}"#,
        r#""t","#.repeat(3_000_000)
    );
    let server = registry(move |_| (String::new(), tags.clone().into_bytes()));
    run_with_reports(
        "a list of three million tags",
        &server,
        &["--deadline", "40s", DISCOVERY[0], DISCOVERY[1]],
        60,
    );
    let escapes = format!(r#"{{"name":"x","tags":["{}"]}}"#, r"\u0000".repeat(500_000));
    let server = registry(move |_| (String::new(), escapes.clone().into_bytes()));
    run_with_reports("a tag of 500,000 escapes", &server, &DISCOVERY, 60);
    let number = format!(r#"{{"name":"x","tags":[{}]}}"#, "1".repeat(1_000_000));
    let server = registry(move |_| (String::new(), number.clone().into_bytes()));
    run_with_reports("a number of a million digits", &server, &DISCOVERY, 60);
    let zeros = format!(r#"{{"tags":[{}0]}}"#, "0,".repeat(30_000));
    let server = registry(move |_| (String::new(), zeros.clone().into_bytes()));
    run_with_reports(
        "lists of 30,000 numbers",
        &server,
        &["--deadline", "40s", DISCOVERY[0], DISCOVERY[1]],
        60,
    );
}

#[test]
fn compressed_bombs() {
    let zeros = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3].repeat(100_000);
    let server = registry(move |_| ("Content-Encoding: gzip\r\n".to_owned(), zeros.clone()));
    run_with_reports("compressed bombs", &server, &DISCOVERY, 60);
}

#[test]
#[ignore = "long: run by .ci/run"]
fn enormous_evidence() {
    let headers: String = (0..90)
        .map(|n| format!("X-{n}: {}\r\n", "v".repeat(3000)))
        .collect();
    let body = [&b"{\"tags\": [\""[..], &[b'e'; 20_000], b"\"]}"].concat();
    let server = registry(move |_| (headers.clone(), body.clone()));
    let outcome = run_with_reports(
        "300 kB of headers and bodies in each answer",
        &server,
        &[],
        60,
    );
    let size = outcome.file("report.json").len();
    assert!(size < 24 << 20, "{size}");
}

#[test]
#[ignore = "long: run by .ci/run"]
fn errors_of_five_megabytes() {
    let error = format!(r#"{{"code":"C","message":"{}"}},"#, "m".repeat(1000)).repeat(5000);
    let body = format!(r#"{{"errors":[{}]}}"#, error.trim_end_matches(','));
    let server = Server::behind_a_greeting(move |asked, stream| {
        let mut bytes = answer("400 Bad Request", "", body.as_bytes());
        if asked.method == "HEAD" {
            bytes.truncate(bytes.len() - body.len());
        }
        send(stream, &bytes)
    });
    let outcome = run_with_reports("errors of 5 MB", &server, &[], 60);
    assert_eq!(outcome.status, 1);
}
