//! Hostile headers: endless or enormous ones, control characters, redirects, pagination.

use std::io::Write;
use std::time::Duration;

use super::bounds::{DISCOVERY, NO_PAUSE, registry, repeat, run_with_reports, send};
use crate::support::server::{Server, answer};

#[test]
#[ignore = "long: run by .ci/run"]
fn endless_and_enormous_headers() {
    let server = Server::behind_a_greeting(|_, stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\n")?;
        repeat(stream, b"X-More: and more and more\r\n", NO_PAUSE)
    });
    run_with_reports("endless headers", &server, &[], 30);
    let many = "X-Many: one of thousands\r\n".repeat(5000);
    let server =
        Server::behind_a_greeting(move |_, stream| send(stream, &answer("200 OK", &many, b"")));
    run_with_reports("5000 headers", &server, &[], 30);
    let huge = format!("X-Huge: {}\r\n", "x".repeat(1 << 20));
    let server =
        Server::behind_a_greeting(move |_, stream| send(stream, &answer("200 OK", &huge, b"")));
    run_with_reports("a header of 1 MiB", &server, &[], 30);
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
    run_with_reports("Location and Link of 100 kB", &server, &DISCOVERY, 60);
    let names: String = (0..10_000).map(|n| format!("X-{n}: v\r\n")).collect();
    let server =
        Server::behind_a_greeting(move |_, stream| send(stream, &answer("200 OK", &names, b"")));
    run_with_reports("10,000 names of headers", &server, &DISCOVERY, 30);
}

/// Everything that is kept of headers is bounded, as bodies are.
#[test]
#[ignore = "long: run by .ci/run"]
fn enormous_headers_that_are_kept() {
    let fill = "x".repeat(60_000);
    let pages = registry(move |asked| {
        let link = format!(
            "Link: </v2/x/tags/list?n=1&last={}>; rel=\"next\"\r\nX-Fill: {fill}\r\nX-More: {fill}\r\nX-Other: {fill}\r\n",
            asked.number
        );
        let tag = asked.number;
        let body = format!(r#"{{"name":"x","tags":["t{tag}"],"manifests":[]}}"#);
        (link, body.into_bytes())
    });
    let more = ["--deadline", "40s", DISCOVERY[0], DISCOVERY[1]];
    run_with_reports("pages with headers of 180 kB", &pages, &more, 60);
    let long = "x".repeat(390_000);
    let server = Server::behind_a_greeting(move |asked, stream| {
        let status = match asked.method.as_str() {
            "POST" => "202 Accepted",
            "GET" => "206 Partial Content",
            _ => "201 Created",
        };
        let number = asked.number;
        let long = match asked.method.as_str() {
            "GET" => format!("Content-Encoding: {long}"),
            _ => format!("Location: /uploads/{number}/{long}"),
        };
        send(stream, &answer(status, &format!("{long}\r\n"), b"x"))
    });
    let outcome = run_with_reports("a coding and Locations of 390 kB", &server, &[], 60);
    assert!(outcome.file("report.json").len() < 64 * 1024 * 1024);
}

/// Neither the terminal nor a report shows them.
#[test]
fn control_characters_anywhere() {
    let server = Server::behind_a_greeting(|_, stream| {
        let body = "{\"errors\":[{\"code\":\"\u{1b}[2J\",\"message\":\"\u{202e}\u{9b}31m\"}]}";
        let headers =
            "Content-Type: \u{80}/json\r\nWarning: 299 - \"\u{9b}2J\"\r\nLocation: /\u{202e}\r\n";
        send(stream, &answer("400 Bad", headers, body.as_bytes()))
    });
    let outcome = run_with_reports("control characters anywhere", &server, &DISCOVERY, 30);
    let files = ["report.json", "junit.xml", "report.html"].map(|name| outcome.file(name));
    for text in files.iter().chain([&outcome.text]) {
        let shown = |c: char| c == '\n' || !c.is_control();
        let odd = text.chars().find(|&c| !shown(c) || c == '\u{202e}');
        assert_eq!(odd, None, "{text}");
    }
}

#[test]
#[ignore = "long: run by .ci/run"]
fn locations_that_are_not_followed() {
    for (name, location) in [
        ("file:", "file:///etc/passwd"),
        (
            "a port that nobody listens at",
            "http://me:hunter2hunter2@127.0.0.1:9/?sig=hunter2hunter2",
        ),
        ("no address at all", "http://[::1"),
    ] {
        let headers = format!("Location: {location}\r\n");
        let server = Server::behind_a_greeting(move |asked, stream| {
            let status = match asked.method.as_str() {
                "POST" | "PATCH" => "202 Accepted",
                _ => "307 Temporary Redirect",
            };
            send(stream, &answer(status, &headers, b""))
        });
        let outcome = run_with_reports(&format!("Location to {name}"), &server, &DISCOVERY, 30);
        assert!(!outcome.file("report.json").contains("hunter2"));
        assert!(!outcome.text.contains("hunter2"));
    }
    let server = Server::behind_a_greeting(|asked, stream| {
        let headers = format!("Location: {}&q={}\r\n", asked.target, "y".repeat(3000));
        send(stream, &answer("307 Temporary Redirect", &headers, b""))
    });
    let outcome = run_with_reports("Location that grows", &server, &DISCOVERY, 30);
    assert_eq!(outcome.status, 3);
}

#[test]
#[ignore = "long: run by .ci/run"]
fn endless_provisional_responses() {
    let server = Server::behind_a_greeting(|_, stream| {
        repeat(
            stream,
            b"HTTP/1.1 102 Processing\r\n\r\n",
            Duration::from_millis(1),
        )
    });
    let outcome = run_with_reports("1xx, endless", &server, &[], 30);
    assert_eq!(outcome.status, 3);
    // The HTTP library discards them without a limit, so only the time-out of the request ends this. It fires late, since the
    // library reads for about a second, in a debug build, before it yields.
    let many = b"HTTP/1.1 102 Processing\r\n\r\n".repeat(1000);
    let server = Server::behind_a_greeting(move |_, stream| repeat(stream, &many, NO_PAUSE));
    let outcome = run_with_reports("1xx, endless, at full speed", &server, &[], 30);
    assert_eq!(outcome.status, 3);
}

#[test]
#[ignore = "long: run by .ci/run"]
fn endless_redirects() {
    let server = Server::behind_a_greeting(|asked, stream| {
        let location = format!("Location: /x{}\r\n", asked.number);
        send(stream, &answer("307 Temporary Redirect", &location, b""))
    });
    let outcome = run_with_reports("redirects without end", &server, &[], 30);
    assert_eq!(outcome.status, 3);
    assert!(
        outcome
            .file("report.json")
            .contains("more than 5 redirects")
    );
    let server = Server::behind_a_greeting(|_, stream| {
        send(
            stream,
            &answer("302 Found", "Location: gopher://x/\r\n", b""),
        )
    });
    run_with_reports("redirects to another scheme", &server, &[], 30);
}

#[test]
#[ignore = "long: run by .ci/run"]
fn endless_pagination() {
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
    let outcome = run_with_reports(
        "pages without end, each new",
        &new,
        &["--deadline", "40s", DISCOVERY[0], DISCOVERY[1]],
        60,
    );
    assert_eq!(outcome.status, 1, "other requirements are violated");
    let same = registry(|_| {
        let link = "Link: </v2/x/tags/list>; rel=\"next\"\r\n".to_owned();
        (link, br#"{"name":"x","tags":["t"]}"#.to_vec())
    });
    run_with_reports("a page that leads to itself", &same, &DISCOVERY, 60);
    let empty = registry(|asked| {
        let link = format!(
            "Link: </v2/x/tags/list?last={}>; rel=\"next\"\r\n",
            asked.number
        );
        (link, br#"{"name":"x","tags":[]}"#.to_vec())
    });
    run_with_reports(
        "empty pages without end",
        &empty,
        &["--deadline", "40s", DISCOVERY[0], DISCOVERY[1]],
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
    run_with_reports(
        "large pages without end",
        &large,
        &["--deadline", "40s", DISCOVERY[0], DISCOVERY[1]],
        60,
    );
}

#[test]
#[ignore = "long: run by .ci/run"]
fn extreme_minimum_chunk_lengths() {
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
        run_with_reports(&format!("smallest chunk {name}"), &server, &[], 150);
    }
}
