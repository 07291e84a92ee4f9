//! Headers: without end, with what they should not hold, leading to where they should not.

use super::*;

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
    let names: String = (0..10_000).map(|n| format!("X-{n}: v\r\n")).collect();
    let server =
        Server::behind_a_greeting(move |_, stream| send(stream, &answer("200 OK", &names, b"")));
    reported("10,000 names of headers", &server, &SOME, 30);
}

/// What came of a run is shown without what a terminal would obey.
#[test]
fn control_characters_anywhere() {
    let server = Server::behind_a_greeting(|_, stream| {
        let body = "{\"errors\":[{\"code\":\"\u{1b}[2J\",\"message\":\"\u{202e}\u{9b}31m\"}]}";
        let headers =
            "Content-Type: \u{80}/json\r\nWarning: 299 - \"\u{9b}2J\"\r\nLocation: /\u{202e}\r\n";
        send(stream, &answer("400 Bad", headers, body.as_bytes()))
    });
    let outcome = reported("control characters anywhere", &server, &SOME, 30);
    let files = ["report.json", "junit.xml", "report.html"].map(|name| outcome.file(name));
    for text in files.iter().chain([&outcome.text]) {
        let shown = |c: char| c == '\n' || !c.is_control();
        let odd = text.chars().find(|&c| !shown(c) || c == '\u{202e}');
        assert_eq!(odd, None, "{text}");
    }
}

#[test]
fn locations_that_lead_astray() {
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
        let outcome = reported(&format!("Location to {name}"), &server, &SOME, 30);
        assert!(!outcome.file("report.json").contains("hunter2"));
        assert!(!outcome.text.contains("hunter2"));
    }
    let server = Server::behind_a_greeting(|asked, stream| {
        let headers = format!("Location: {}&q={}\r\n", asked.target, "y".repeat(3000));
        send(stream, &answer("307 Temporary Redirect", &headers, b""))
    });
    let outcome = reported("Location that grows", &server, &SOME, 30);
    assert_eq!(outcome.status, 3);
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
    // The HTTP library drops them unseen, and gives its user no number to bound: it is the request's own time-out that
    // ends it, late by what one turn of the library reads before anything else gets one (about a second, in debug).
    let many = b"HTTP/1.1 102 Processing\r\n\r\n".repeat(1000);
    let server = Server::behind_a_greeting(move |_, stream| for_ever(stream, &many, NONE));
    let outcome = reported("1xx for ever, at full speed", &server, &[], 30);
    assert_eq!(outcome.status, 3);
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
        reported(&format!("smallest chunk {name}"), &server, &[], 150);
    }
}
