//! `assay judge`: recorded traffic.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::support::assay::{Outcome, SMALL};
use crate::support::folder::Folder;
use crate::support::registry::sound;

fn header(name: &str, value: &str) -> Value {
    json!({ "name": name, "value": value })
}

/// An entry of a recording.
fn entry(
    method: &str,
    url: &str,
    sent: &[(&str, &str)],
    status: u16,
    received: &[(&str, &str)],
    body: &str,
) -> Value {
    let headers = |lines: &[(&str, &str)]| -> Vec<Value> {
        lines
            .iter()
            .map(|(name, value)| header(name, value))
            .collect()
    };
    json!({
        "startedDateTime": "2026-01-02T03:04:05.000Z", "time": 1.5, "cache": {}, "timings": {},
        "request": { "method": method, "url": url, "headers": headers(sent), "bodySize": 0 },
        "response": {
            "status": status, "statusText": "", "httpVersion": "HTTP/1.1", "headers": headers(received),
            "content": { "size": body.len(), "mimeType": "", "text": body },
        },
    })
}

fn judge(entries: &[Value], args: &[&str]) -> Outcome {
    let folder = Folder::new();
    folder.write(
        "traffic.har",
        &json!({ "log": { "version": "1.2", "entries": entries } }).to_string(),
    );
    folder.assay(&[&["judge", "traffic.har"], args].concat())
}

const OWN: [(&str, &str); 2] = [("Host", "r.example"), ("User-Agent", "tea")];

#[test]
fn a_recording_of_a_run_is_judged() {
    let (registry, folder) = (sound(), Folder::new());
    let args = [&*registry.url, "--format", "har", "--out", "run"];
    let run = folder.run(&[&args, &SMALL[..]].concat());
    assert_eq!(run.status, 0, "{}", run.text);
    let outcome = folder.assay(&["judge", "run/exchanges.har"]);
    assert_eq!(outcome.status, 0, "{}", outcome.text);
    let report = outcome.report();
    assert_eq!(report["target"]["url"], registry.url.as_str());
    assert!(report["requests"].as_u64().unwrap() > 1);
}

#[test]
fn wrong_bytes_in_a_recording_are_found() {
    let digest = format!("sha256:{}", "0".repeat(64));
    let url = format!("https://r.example/v2/a/blobs/{digest}");
    let received = [
        ("Docker-Content-Digest", digest.as_str()),
        ("Content-Length", "3"),
    ];
    let outcome = judge(&[entry("GET", &url, &OWN, 200, &received, "tea")], &[]);
    assert_eq!(outcome.status, 1, "{}", outcome.text);
    assert_eq!(outcome.cases("fail"), ["every-blob-pulled"]);
    // Without the bytes nothing is said about them.
    let mut silent = entry("GET", &url, &OWN, 200, &received, "");
    silent["response"]["content"] = json!({ "size": 3, "mimeType": "" });
    let outcome = judge(&[silent], &[]);
    assert_eq!(outcome.status, 0, "{}", outcome.text);
}

#[test]
fn credentials_that_leave_their_host_or_port_are_found() {
    let secret = "Basic c2VjcmV0OnRlYQ==";
    let with = |host: &'static str| {
        [
            ("Host", host),
            ("User-Agent", "tea"),
            ("Authorization", secret),
        ]
    };
    for (host, status, verdict, id) in [
        ("s.example", 1, "fail", "credentials-stay"),
        ("r.example:444", 0, "warn", "credentials-stay-on-their-port"),
    ] {
        let url = format!("https://{host}/blob?x=1");
        let leads = [("Location", url.as_str())];
        let blob = format!("https://r.example/v2/a/blobs/sha256:{}", "0".repeat(64));
        let first = entry("GET", &blob, &with("r.example"), 307, &leads, "");
        let second = entry("GET", &url, &with(host), 200, &[], "");
        let outcome = judge(&[first, second.clone()], &[]);
        assert_eq!(outcome.status, status, "{}", outcome.text);
        assert_eq!(outcome.cases(verdict), [id]);
        assert!(!outcome.file("report.json").contains("c2VjcmV0OnRlYQ"));
        // The user may have the same account there.
        let base = entry(
            "GET",
            "https://r.example/v2/",
            &with("r.example"),
            200,
            &[],
            "",
        );
        let outcome = judge(&[base, second], &[]);
        assert!(outcome.cases(verdict).is_empty(), "{}", outcome.text);
    }
}

#[test]
fn what_a_recording_leaves_out_is_not_missed() {
    let bare = entry("GET", "https://r.example/v2/", &[], 200, &[], "{}");
    let outcome = judge(&[bare], &["--deny", "warn"]);
    assert_eq!(outcome.status, 0, "{}", outcome.text);
}

#[test]
fn other_traffic_is_not_judged() {
    let page = entry(
        "GET",
        "https://r.example/index.html",
        &[],
        404,
        &[],
        "{\"errors\":[]}",
    );
    let outcome = judge(&[page], &[]);
    outcome.expect(3, &["no request to a registry passed"]);
}

#[test]
fn what_is_no_recording_is_refused_with_its_place() {
    let folder = Folder::new();
    for (text, problem) in [
        ("{\n  \"log\": 1 }", "line 2"),
        ("", "line 1"),
        ("{\"entries\": []}", "missing field `log`"),
        ("{\"log\": {\"entries\": [{}]}}", "an entry lacks `request`"),
        ("[[1]]", "no HAR file"),
        (
            "{\"log\": {\"entries\": [{\"request\": {\"meth",
            "the file ends before",
        ),
    ] {
        folder.write("x.har", text);
        folder
            .assay(&["judge", "x.har"])
            .expect(2, &["x.har", problem]);
    }
    folder
        .assay(&["judge", "none.har"])
        .expect(2, &["cannot read none.har"]);
    let odd = json!({ "log": { "entries": [
        entry("GET", "not a url", &[], 200, &[], ""),
        entry("\u{0}", "http://h/v2/", &[("a b", "\u{1}"), ("x", "é\n\n")], 0, &[], ""),
        entry("PATCH", "http://h/v2/a/blobs/uploads/x", &[("content-range", "9999999999999999999999-1")], 999, &[("location", "::")], "{"),
    ] } });
    folder.write("x.har", &odd.to_string());
    let outcome = folder.assay(&["judge", "x.har"]);
    assert_eq!(outcome.status, 3, "{}", outcome.text);
}

#[test]
fn a_password_and_a_signed_location_are_in_no_report() {
    let password = "hunter2-hunter2";
    let basic = format!("Basic {}", STANDARD.encode(format!("me:{password}")));
    // Without a User-Agent, the exchange is shown.
    let sent = [("Host", "r.example"), ("Authorization", basic.as_str())];
    let body = json!({ "errors": [{ "code": "X", "message": password }] }).to_string();
    let tags = "https://r.example/v2/a/tags/list";
    let uploads = "https://r.example/v2/a/blobs/uploads/";
    let digest = format!("sha256:{}", "0".repeat(64));
    let location = "/v2/a/blobs/uploads/1?X-Amz-Signature=signed0signed";
    let close = format!("https://r.example{location}&digest={digest}");
    let entries = [
        entry("GET", tags, &sent, 404, &[], &body),
        entry("POST", uploads, &OWN, 202, &[("Location", location)], ""),
        entry("PUT", &close, &OWN, 201, &[], ""),
    ];
    let outcome = judge(&entries, &[]);
    let report = outcome.report().to_string();
    assert!(report.contains(tags) && report.contains("X-Amz-Signature=[redacted]"));
    assert!(!report.contains("hunter2"), "{report}");
    assert!(!report.contains("signed0signed"), "{report}");
}
