//! Targets and clients that break off, stand still, or send what is no request.

use std::io::Write;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use super::{Proxy, length, read};
use crate::support::registry::sound;
use crate::support::server::{Server, answering_bytes};
use crate::support::signals::interrupt;

const GET: &[u8] = b"GET /v2/ HTTP/1.1\r\nHost: h\r\nUser-Agent: tea\r\nConnection: close\r\n\r\n";

#[test]
fn a_target_that_is_down_is_a_502_and_an_error() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let target = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let proxy = Proxy::start(&target, &[]);
    let response = proxy.raw(GET);
    assert!(response.starts_with("HTTP/1.1 502"), "{response}");
    assert!(response.contains("gave no response"), "{response}");
    let outcome = proxy.ends();
    outcome.expect(3, &["1 of 1 requests got no whole response"]);
    assert_eq!(outcome.cases("error"), ["traffic-answered"]);
}

#[test]
fn a_target_that_breaks_off_violates_nothing() {
    let digest = format!("sha256:{}", "0".repeat(64));
    let target = answering_bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ntea");
    let proxy = Proxy::start(&target, &[]);
    let get = format!(
        "GET /v2/a/blobs/{digest} HTTP/1.1\r\nHost: h\r\nUser-Agent: tea\r\nConnection: close\r\n\r\n"
    );
    let response = proxy.raw(get.as_bytes());
    assert!(response.ends_with("tea"), "{response}");
    let outcome = proxy.ends();
    outcome.expect(3, &["broke off"]);
    assert!(outcome.cases("fail").is_empty());
}

#[test]
fn what_is_no_request_of_a_registry_ends_nothing() {
    let registry = sound();
    let proxy = Proxy::start(&registry.url, &[]);
    for (request, status) in [
        (&b"GET /v2/ HTTP/1.0\r\n\r\n"[..], "HTTP/1.0 200"),
        (b"CONNECT h:1 HTTP/1.1\r\nHost: h:1\r\nConnection: close\r\n\r\n", "HTTP/1.1 400"),
        (b"OPTIONS * HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "HTTP/1.1 400"),
        (b"GET /v2/ HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: close, Upgrade\r\n\r\n", "HTTP/1.1 200"),
        (b"GET http://h/v2/ HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "HTTP/1.1 200"),
        (b"GET /v2/ HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n", "HTTP/1.1 400"),
        (b"GET /v2/ HTTP/1.1\r\nHost: h\xff\r\nConnection: close\r\n\r\n", "HTTP/1.1 400"),
        (b"nonsense\r\n\r\n", "HTTP/1.1 400"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", "HTTP/1.1 400"),
    ] {
        let response = proxy.raw(request);
        let shown = String::from_utf8_lossy(request);
        assert!(response.starts_with(status), "{shown}: {response}");
    }
    assert!(proxy.raw(GET).starts_with("HTTP/1.1 200"));
    // What the proxy refuses does not pass.
    assert_eq!(proxy.ends().report()["requests"], 4);
}

#[test]
fn a_client_that_breaks_off_is_no_error_of_the_target() {
    let registry = sound();
    let proxy = Proxy::start(&registry.url, &[]);
    let mut stream = proxy.connect();
    let head = "PUT /v2/a/manifests/x HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\nContent-Type: a/b\r\n\r\nte";
    stream.write_all(head.as_bytes()).unwrap();
    drop(stream);
    assert!(proxy.raw(GET).starts_with("HTTP/1.1 200"));
    let outcome = proxy.ends();
    assert_eq!(outcome.status, 0, "{}", outcome.text);
}

#[test]
fn who_stands_still_is_left() {
    let target = Server::start(|_, _| {
        std::thread::sleep(Duration::from_secs(30));
        Ok(false)
    });
    let proxy = Proxy::start(&target.url, &["--timeout", "300ms"]);
    let began = Instant::now();
    assert!(proxy.raw(GET).starts_with("HTTP/1.1 502"));
    let mut slow = proxy.connect();
    slow.write_all(b"PUT /v2/a/manifests/x HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nte")
        .unwrap();
    read(&mut slow);
    assert!(began.elapsed() < Duration::from_secs(15));
    proxy.ends().expect(3, &["nothing passed for 300ms"]);
}

#[test]
fn a_client_that_stands_still_is_no_error_of_the_target() {
    let registry = sound();
    let proxy = Proxy::start(&registry.url, &["--timeout", "200ms"]);
    let mut slow = proxy.connect();
    slow.write_all(b"PUT /v2/a/manifests/x HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nte")
        .unwrap();
    let response = read(&mut slow);
    assert!(
        response.is_empty() || response.starts_with("HTTP/1.1 408"),
        "{response}"
    );
    assert!(proxy.raw(GET).starts_with("HTTP/1.1 200"));
    let outcome = proxy.ends();
    assert_eq!(outcome.status, 0, "{}", outcome.text);
}

#[test]
fn a_client_that_stops_reading_is_left() {
    let (ended, end) = std::sync::mpsc::channel();
    let target = Server::start(move |_, stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")?;
        while stream.write_all(&[b' '; 65536]).is_ok() {}
        ended.send(()).unwrap();
        Ok(false)
    });
    let proxy = Proxy::start(&target.url, &["--timeout", "300ms"]);
    let mut client = proxy.connect();
    client.write_all(GET).unwrap();
    end.recv_timeout(Duration::from_secs(20)).unwrap();
    let outcome = proxy.ends();
    assert_eq!(outcome.status, 0, "{}", outcome.text);
}

#[test]
fn an_endless_body_takes_no_memory() {
    let target = Server::start(|_, stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")?;
        let spaces = [b' '; 65536];
        for _ in 0..1600 {
            stream.write_all(&spaces)?;
        }
        Ok(false)
    });
    let proxy = Proxy::start(&target.url, &[]);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let get = b"GET /v2/a/tags/list HTTP/1.1\r\nHost: h\r\nUser-Agent: tea\r\nConnection: close\r\n\r\n";
                let mut client = proxy.connect();
                client.write_all(get).unwrap();
                assert!(length(&mut client) > 100 * 1024 * 1024);
            });
        }
    });
    interrupt(&proxy.running);
    let (outcome, measure) = proxy.running.measured();
    assert_eq!(outcome.status, 0, "{}", outcome.text);
    assert!(measure.peak < 90, "{} MB", measure.peak);
}
