//! What passes is unchanged.

use std::io::Write;

use super::{Proxy, read};
use crate::support::folder::Folder;
use crate::support::registry::sound;
use crate::support::server::{Server, answer, recorder};

#[test]
fn requests_and_responses_pass_as_they_are() {
    let registry = recorder(|_, _| {
        let headers =
            "X-Odd-Case: 1\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nConnection: close\r\n";
        answer("299 Odd", headers, b"tea")
    });
    let proxy = Proxy::start(&registry.url, &[]);
    let request = "POST /v2/a%2Fb/x?digest=sha256:0&A=%20b HTTP/1.1\r\nHost: any.example:77\r\n\
                   X-Own-Case: 2\r\nContent-Length: 3\r\nConnection: close\r\n\r\nmug";
    let response = proxy.raw(request.as_bytes());
    assert!(response.starts_with("HTTP/1.1 299"), "{response}");
    for part in [
        "X-Odd-Case: 1",
        "a=1",
        "b=2",
        "Content-Length: 3",
        "\r\n\r\ntea",
    ] {
        assert!(response.contains(part), "{part}: {response}");
    }
    let asked = registry.requests("").remove(0);
    assert_eq!(
        (asked.method.as_str(), asked.target.as_str()),
        ("POST", "/v2/a%2Fb/x?digest=sha256:0&A=%20b")
    );
    for line in ["any.example:77", "X-Own-Case: 2", "Content-Length: 3"] {
        assert!(asked.headers.contains(line), "{line}: {}", asked.headers);
    }
    for added in ["accept", "user-agent", "via", "x-forwarded", "connection"] {
        assert!(
            asked
                .header(added)
                .is_none_or(|value| added == "connection" && value == "close"),
            "{added}"
        );
    }
    proxy.ends();
}

#[test]
fn chunked_bodies_and_trailers_pass() {
    let registry = Server::start(|_, stream| {
        stream.write_all(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n\
              3\r\ntea\r\n2\r\npt\r\n0\r\nX-Sum: 5\r\n\r\n",
        )?;
        Ok(true)
    });
    let proxy = Proxy::start(&registry.url, &[]);
    let get = "GET /v2/ HTTP/1.1\r\nHost: h\r\nTE: trailers\r\nConnection: close, TE\r\n\r\n";
    let response = proxy.raw(get.as_bytes());
    assert!(
        response
            .to_ascii_lowercase()
            .contains("transfer-encoding: chunked"),
        "{response}"
    );
    assert!(
        response.contains("tea") && response.contains("pt"),
        "{response}"
    );
    assert!(
        response.to_ascii_lowercase().contains("x-sum: 5"),
        "{response}"
    );
    proxy.ends();
}

#[test]
fn pipelined_requests_get_their_responses_in_order() {
    let registry =
        recorder(|asked, _| answer("200 OK", "Connection: close\r\n", asked.target.as_bytes()));
    let proxy = Proxy::start(&registry.url, &[]);
    let mut stream = proxy.connect();
    let get = |path: &str, close: &str| format!("GET {path} HTTP/1.1\r\nHost: h\r\n{close}\r\n");
    let both = get("/v2/1", "") + &get("/v2/2", "Connection: close\r\n");
    stream.write_all(both.as_bytes()).unwrap();
    let responses = read(&mut stream);
    let first = responses.find("/v2/1").unwrap();
    assert!(responses[first..].contains("/v2/2"), "{responses}");
    proxy.ends();
}

#[test]
fn tls_is_spoken_on_both_sides() {
    let folder = Folder::new();
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    folder.write("server.pem", &made.cert.pem());
    folder.write("server.key", &made.signing_key.serialize_pem());
    let registry = crate::support::registry::secure(folder.path(), true, None);
    let cert = folder.at("server.pem");
    let key = folder.at("server.key");
    let args = ["--tls-cert", &cert, "--tls-key", &key, "--ca", &cert];
    let proxy = Proxy::start_in(&folder, &registry.url, &args);
    assert!(proxy.url.starts_with("https://"), "{}", proxy.url);
    let small = crate::support::assay::SMALL;
    let through = crate::support::assay::run(&[&[&*proxy.url, "--ca", &cert], &small[..]].concat());
    assert_eq!(through.status, 0, "{}", through.text);
    proxy.ends().expect(0, &["Conformant."]);
    let untrusting = Proxy::start(&registry.url, &[]);
    let response = untrusting.raw(b"GET /v2/ HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    assert!(response.starts_with("HTTP/1.1 502"), "{response}");
    assert!(response.contains("certificate"), "{response}");
    untrusting.ends().expect(3, &["certificate"]);
    let insecure = Proxy::start(&registry.url, &["--insecure"]);
    let response = insecure.raw(b"GET /v2/ HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    assert!(response.starts_with("HTTP/1.1 200"), "{response}");
    insecure.ends();
}

#[test]
fn large_bodies_pass_both_ways() {
    let registry = sound();
    let proxy = Proxy::start(&registry.url, &["--party", "registry"]);
    let bytes = vec![7; 20 * 1024 * 1024];
    let digest = "sha256:".to_owned() + &sha256(&bytes);
    let opened = proxy.raw(b"POST /v2/a/blobs/uploads/ HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    let location = opened.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("location")
            .then(|| value.to_owned())
    });
    let location = location.unwrap();
    let path = location.trim_start_matches("http://h");
    let mark = if path.contains('?') { "&" } else { "?" };
    let head = format!(
        "PUT {path}{mark}digest={digest} HTTP/1.1\r\nHost: h\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        bytes.len()
    );
    let put = proxy.raw(&[head.as_bytes(), &bytes].concat());
    assert!(put.starts_with("HTTP/1.1 201"), "{put}");
    let get = format!("GET /v2/a/blobs/{digest} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    let got = proxy.raw(get.as_bytes());
    assert_eq!(got.split_once("\r\n\r\n").unwrap().1.as_bytes(), bytes);
    let outcome = proxy.ends();
    assert_eq!(outcome.status, 0, "{}", outcome.text);
    assert!(
        outcome
            .cases("pass")
            .contains(&"every-blob-pulled".to_owned())
    );
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    hex::encode(sha2::Sha256::digest(bytes))
}

#[test]
fn a_target_with_credentials_is_refused() {
    let target = "http://me:secret@127.0.0.1:1";
    let outcome = crate::support::assay::assay(&["proxy", "--target", target]);
    outcome.expect(2, &["the proxy passes on those of the client"]);
    assert!(!outcome.text.contains("--username"), "{}", outcome.text);
}
