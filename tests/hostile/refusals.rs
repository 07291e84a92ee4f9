//! Refusals without end, and token servers that mean it ill.

use super::*;

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

/// Token servers are read within bounds of their own.
#[test]
fn token_servers_that_mean_it_ill() {
    type Way = fn(&Asked, &mut TcpStream) -> std::io::Result<bool>;
    let ways: [(&str, Way); 5] = [
        ("100 MB", |_, stream| {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n")?;
            for_ever(stream, &[b' '; 65_536], NONE)
        }),
        ("redirects without end", |asked, stream| {
            let location = format!("Location: /token?n={}\r\n", asked.number);
            send(stream, &answer("307 Temporary Redirect", &location, b""))
        }),
        ("a drip", |_, stream| {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")?;
            for_ever(stream, b"x", Duration::from_millis(50))
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
    for (name, way) in ways {
        let server = Server::start(
            move |asked, stream| match asked.target.starts_with("/token") {
                true => way(asked, stream),
                false => {
                    let challenge = "WWW-Authenticate: Bearer realm=\"/token\",service=\"s\"\r\n";
                    send(stream, &answer("401 Unauthorized", challenge, b""))
                }
            },
        );
        let outcome = survive(&format!("token server: {name}"), &server.url, &[], 15);
        assert_eq!(outcome.status, 3, "{}", outcome.text);
        assert!(outcome.text.contains("/token"), "{}", outcome.text);
    }
    let many =
        (0..90).map(|n| format!("WWW-Authenticate: Bearer realm=\"http://127.0.0.1:9/{n}\"\r\n"));
    let many = answer("401 Unauthorized", &many.collect::<String>(), b"");
    let server = Server::start(move |_, stream| send(stream, &many));
    let outcome = survive("90 challenges", &server.url, &[], 15);
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
        assert!(outcome.text.contains("429"), "{}", outcome.text);
        let server = Server::behind_a_greeting(move |_, stream| send(stream, &refusal));
        let outcome = reported(&format!("{name}, after the greeting"), &server, &[], 30);
        assert_eq!(outcome.status, 3, "{}", outcome.text);
    }
    let refusal = answer("503 Service Unavailable", "", b"");
    let server = Server::behind_a_greeting(move |_, stream| send(stream, &refusal));
    let outcome = reported("503 for ever", &server, &[], 60);
    assert_eq!(outcome.status, 1, "a 503 that stays is the answer");
}
