//! The verdicts of what passes.

use super::Proxy;
use crate::support::assay::{SMALL, run};
use crate::support::registry::{faulty, sound};
use crate::support::server::{Server, answer};

/// The headers of a client that does everything right.
const CLIENT: &str = "Host: h:1\r\nUser-Agent: tea/1\r\nConnection: close\r\n";

#[test]
fn a_run_through_the_proxy_conforms() {
    let registry = sound();
    let proxy = Proxy::start(&registry.url, &[]);
    let through = run(&[&[&*proxy.url], &SMALL[..]].concat());
    assert_eq!(through.status, 0, "{}", through.text);
    let outcome = proxy.ends();
    outcome.expect(0, &["Conformant."]);
    let report = outcome.report();
    assert_eq!(report["target"]["url"].as_str().unwrap(), registry.url);
    assert_eq!(report["requests"], through.report()["requests"]);
    let passed = outcome.cases("pass");
    for id in ["every-manifest-digest", "requests-have-a-user-agent"] {
        assert!(passed.iter().any(|one| one == id), "{id}: {passed:?}");
    }
}

#[test]
fn a_fault_of_the_registry_is_found_in_what_passes() {
    let registry = faulty(&["blob-get-cut"]);
    let proxy = Proxy::start(&registry.url, &[]);
    // What the run finds is not what the proxy is tested for.
    run(&[&*proxy.url, "--only", "blob-by-digest"]);
    let outcome = proxy.ends();
    assert_eq!(outcome.status, 1, "{}", outcome.text);
    assert_eq!(outcome.cases("fail"), ["every-blob-pulled"]);
}

#[test]
fn a_mistake_of_the_client_is_found_in_what_passes() {
    let put = format!("PUT /v2/a/manifests/-bad HTTP/1.1\r\n{CLIENT}Content-Length: 2\r\n\r\n{{}}");
    let registry = sound();
    for (party, status, failed) in [
        ("client", 1, vec!["pushes-name-manifests"]),
        ("registry", 0, vec![]),
    ] {
        let proxy = Proxy::start(&registry.url, &["--party", party]);
        assert!(proxy.raw(put.as_bytes()).starts_with("HTTP/1.1 4"));
        let outcome = proxy.ends();
        assert_eq!(outcome.status, status, "{}", outcome.text);
        assert_eq!(outcome.cases("fail"), failed, "{}", outcome.text);
        let again = format!("assay proxy --target {}", registry.url);
        assert_eq!(
            outcome.text.contains(&again),
            status == 1,
            "{}",
            outcome.text
        );
        for text in [&outcome.text, &outcome.file("junit.xml")] {
            assert!(!text.contains("assay reproduce"), "{text}");
        }
    }
}

#[test]
fn long_content_is_compared_with_its_digest_while_it_passes() {
    let body = vec![7; 5 * 1024 * 1024];
    let right = "sha256:e2925fdd17c83c77e9a4f957fd170b2a72b48ac55968943dcf962f2b853c88a9";
    for (digest, failed) in [
        (right.to_owned(), vec![]),
        (
            format!("sha256:{}", "0".repeat(64)),
            vec!["every-blob-pulled"],
        ),
    ] {
        let (content, named) = (body.clone(), digest.clone());
        let registry = Server::start(move |_, stream| {
            let headers = format!("Docker-Content-Digest: {named}\r\nConnection: close\r\n");
            std::io::Write::write_all(stream, &answer("200 OK", &headers, &content))?;
            Ok(false)
        });
        let proxy = Proxy::start(&registry.url, &[]);
        let get = format!("GET /v2/a/blobs/{digest} HTTP/1.1\r\n{CLIENT}\r\n");
        assert!(proxy.raw(get.as_bytes()).len() > body.len());
        let outcome = proxy.ends();
        assert_eq!(outcome.cases("fail"), failed, "{}", outcome.text);
        let judged = [outcome.cases("pass"), outcome.cases("fail")].concat();
        assert!(
            judged.iter().any(|id| id == "every-blob-pulled"),
            "{judged:?}"
        );
    }
}

#[test]
fn a_refused_request_that_comes_again_too_early_is_found() {
    let registry = Server::start(|_, stream| {
        let refused = answer("429 Too Many Requests", "Retry-After: 60\r\n", b"");
        std::io::Write::write_all(stream, &refused)?;
        Ok(true)
    });
    let get = format!("GET /v2/ HTTP/1.1\r\n{CLIENT}\r\n");
    let keeps = get.replace("Connection: close\r\n", "");
    for (requests, found) in [
        (vec![format!("{keeps}{get}")], vec!["retries-wait"]),
        (vec![get.clone(), get], vec![]),
    ] {
        let proxy = Proxy::start(&registry.url, &["--party", "client"]);
        for request in requests {
            proxy.raw(request.as_bytes());
        }
        let outcome = proxy.ends();
        assert_eq!(outcome.cases("warn"), found, "{}", outcome.text);
    }
}

#[test]
fn nothing_that_passed_is_no_verdict() {
    let registry = sound();
    let outcome = Proxy::start(&registry.url, &[]).ends();
    outcome.expect(3, &["no request to a registry passed"]);
    assert_eq!(outcome.cases("error"), ["traffic-answered"]);
}

#[test]
fn a_location_past_the_proxy_is_said() {
    let registry = Server::start(|_, stream| {
        let headers = "Location: http://elsewhere.example/s/1\r\nConnection: close\r\n";
        std::io::Write::write_all(stream, &answer("202 Accepted", headers, b""))?;
        Ok(false)
    });
    let proxy = Proxy::start(&registry.url, &[]);
    let post = format!("POST /v2/a/blobs/uploads/ HTTP/1.1\r\n{CLIENT}Content-Length: 0\r\n\r\n");
    proxy.raw(post.as_bytes());
    let notes = proxy.ends().notes();
    assert!(
        notes.contains("1 responses lead to http://elsewhere.example, past the proxy"),
        "{notes}"
    );
}

#[test]
fn secrets_are_in_no_report() {
    let registry = sound();
    let proxy = Proxy::start(&registry.url, &["--format", "json,junit,html,markdown,har"]);
    let secret = "c2VjcmV0OnBhc3N3b3Jk";
    let get = format!(
        "GET /v2/a/manifests/-bad?token=hunter2hunter2 HTTP/1.1\r\nHost: h:1\r\nConnection: close\r\n\
         Authorization: Bearer {secret}\r\nX-Copy: {secret}\r\n\r\n"
    );
    proxy.raw(get.as_bytes());
    let outcome = proxy.ends();
    assert_eq!(outcome.status, 1, "{}", outcome.text);
    for (path, bytes) in outcome.files() {
        let text = String::from_utf8_lossy(&bytes);
        for secret in [secret, "hunter2hunter2"] {
            assert!(!text.contains(secret), "{secret} in {}", path.display());
        }
    }
    assert!(outcome.file("report.json").contains("[redacted]"));
}
