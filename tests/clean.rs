//! What a run pushed is gone afterwards, and nothing else.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use std::net::SocketAddr;
use std::process::Command;
use std::time::Duration;

use oci_assay::internals::registry::{Deletion, Options, Server};
use serde_json::Value;
use support::proxy::{Proxy, Unwell};
use support::run::{Outcome, assay, finish, run, start};

/// The bundled registry, with its runtime.
struct Registry {
    runtime: tokio::runtime::Runtime,
    url: String,
    client: reqwest::Client,
    _server: Server,
}

impl Registry {
    fn start(options: Options) -> Self {
        // A provider that is installed already is the same one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let server = runtime.block_on(Server::start(address, options)).unwrap();
        Self {
            url: server.url(),
            client: reqwest::Client::new(),
            _server: server,
            runtime,
        }
    }

    fn curl(&self, method: reqwest::Method, path: &str, body: &'static str) -> (u16, String) {
        let request = self.client.request(method, format!("{}{path}", self.url));
        self.runtime.block_on(async {
            let answer = request.body(body).send().await.unwrap();
            (answer.status().as_u16(), answer.text().await.unwrap())
        })
    }

    fn has(&self, left: &Value) -> bool {
        let (repo, reference) = (text(left, "repository"), text(left, "reference"));
        let path = match text(left, "kind") {
            "upload" => reference.trim_start_matches(&self.url).to_owned(),
            "blob" => format!("/v2/{repo}/blobs/{reference}"),
            _ => format!("/v2/{repo}/manifests/{reference}"),
        };
        self.curl(reqwest::Method::GET, &path, "").0 < 300
    }

    /// Every tag of both repositories.
    fn tags(&self) -> Vec<String> {
        let lists = ["conformance/repo1", "conformance/repo2"].map(|repo| {
            let path = format!("/v2/{repo}/tags/list");
            let list = self.curl(reqwest::Method::GET, &path, "").1;
            let list: Value = serde_json::from_str(&list).unwrap();
            let tags = list["tags"].as_array().cloned().unwrap_or_default();
            tags.iter().map(Value::to_string).collect::<Vec<_>>()
        });
        lists.concat()
    }
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap()
}

fn left(outcome: &Outcome) -> Vec<Value> {
    let left = outcome.report()["leftovers"].as_array();
    left.cloned().unwrap_or_default()
}

#[test]
fn what_was_kept_is_deleted_later_by_the_report() {
    let registry = Registry::start(Options::default());
    let kept = run(&[&registry.url, "--seed", "7", "--keep"]);
    assert_eq!(kept.status, 0, "{}", kept.text);
    let left = left(&kept);
    for kind in ["tag", "manifest", "blob"] {
        assert!(left.iter().any(|one| one["kind"] == kind), "{kind}");
    }
    let there = left.iter().filter(|one| registry.has(one)).count();
    assert!(there * 10 > left.len() * 9, "{there} of {}", left.len());
    // The same content, pushed again: it was there before, so it is not this run's to delete.
    let again = run(&[&registry.url, "--seed", "7"]);
    assert_eq!(again.status, 0, "{}", again.text);
    assert!(
        again.text.contains("existed before the run"),
        "{}",
        again.text
    );
    let still = left.iter().filter(|one| registry.has(one)).count();
    assert_eq!(still, there, "what was there before is there");
    let report = kept.out.path().join("report.json");
    let clean = assay()
        .args(["clean", "--from"])
        .arg(&report)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&clean.stdout).into_owned();
    assert_eq!(clean.status.code(), Some(0), "{said}");
    for one in &left {
        assert!(!registry.has(one), "{one}");
    }
    assert_eq!(registry.tags(), Vec::<String>::new());
}

#[test]
fn what_was_there_before_stays_and_what_was_pushed_goes() {
    let registry = Registry::start(Options::default());
    let before = [
        (
            "{}",
            "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
        ),
        (
            "",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        ),
    ];
    for (body, digest) in before {
        let path = format!("/v2/conformance/repo1/blobs/uploads/?digest=sha256:{digest}");
        assert_eq!(registry.curl(reqwest::Method::POST, &path, body).0, 201);
    }
    let outcome = run(&[&registry.url]);
    assert!(matches!(outcome.status, 0 | 3), "{}", outcome.text);
    assert_eq!(left(&outcome), Vec::<Value>::new());
    assert_eq!(registry.tags(), Vec::<String>::new());
    for (_, digest) in before {
        let path = format!("/v2/conformance/repo1/blobs/sha256:{digest}");
        assert_eq!(
            registry.curl(reqwest::Method::GET, &path, "").0,
            200,
            "{digest}"
        );
    }
}

#[cfg(unix)]
#[test]
fn a_run_that_is_stopped_cleans_up_too() {
    let registry = Registry::start(Options::default());
    let far = Unwell {
        round_trip: Duration::from_millis(40),
        ..Unwell::default()
    };
    let proxy = registry.runtime.block_on(Proxy::start(&registry.url, far));
    for signal in ["-INT", "-TERM"] {
        let (child, out) = start(&[&proxy.url, "--jobs", "4"]);
        while registry.tags().is_empty() {
            std::thread::sleep(Duration::from_millis(20));
        }
        let id = child.id().to_string();
        assert!(
            Command::new("kill")
                .args([signal, &id])
                .status()
                .unwrap()
                .success()
        );
        let outcome = finish(child, out);
        assert_eq!(outcome.status, 130, "{}", outcome.text);
        assert_eq!(left(&outcome), Vec::<Value>::new());
        assert_eq!(registry.tags(), Vec::<String>::new());
    }
}

#[test]
fn a_registry_that_refuses_deletion_is_not_asked_for_ever() {
    let registry = Registry::start(Options {
        delete_tags: Deletion::Off(405),
        delete_manifests: Deletion::Off(405),
        delete_blobs: Deletion::Off(405),
        ..Options::default()
    });
    let outcome = run(&[&registry.url, "--category", "push"]);
    assert_eq!(outcome.status, 0, "{}", outcome.text);
    let left = left(&outcome);
    let not_tried = |one: &&Value| text(one, "reason").starts_with("not tried");
    let refused = left.iter().filter(|one| !not_tried(one)).count();
    assert!(
        left.len() > 20 && refused <= 9,
        "{refused} of {}",
        left.len()
    );
    assert!(
        left.iter()
            .all(|one| text(one, "curl").contains("-X DELETE"))
    );
    assert!(
        outcome.text.contains("DELETE returned 405"),
        "{}",
        outcome.text
    );
    assert!(outcome.text.contains("405"), "{}", outcome.text);
}

#[test]
fn a_dry_run_sends_nothing_and_names_everything() {
    let nobody = "http://127.0.0.1:9";
    let said = assay().args(["run", nobody, "--dry-run"]).output().unwrap();
    let text = String::from_utf8(said.stdout).unwrap();
    assert_eq!(said.status.code(), Some(0));
    for part in [
        "POST /v2/conformance/repo1/blobs/uploads/",
        "if the response is",
        "no request was sent",
    ] {
        assert!(text.contains(part), "{part}");
    }
    assert!(!text.contains("{repo}"));
    let said = assay()
        .args(["run", nobody, "--dry-run=json"])
        .output()
        .unwrap();
    let outline: Value = serde_json::from_slice(&said.stdout).unwrap();
    assert!(outline["cases"].as_array().unwrap().len() > 50);
}

#[test]
fn cleaning_takes_what_reaches_a_registry_and_nothing_else() {
    let help = assay().args(["clean", "--help"]).output().unwrap();
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    for option in ["--ca", "--insecure", "--username", "--timeout", "ASSAY_CA"] {
        assert!(help.contains(option), "{option}: {help}");
    }
    for option in ["--only", "--spec", "--out", "--keep", "--suites"] {
        assert!(!help.contains(&format!("{option} ")), "{option}: {help}");
        let mut clean = assay();
        let refused = clean.args(["clean", "--from", "x", option, "1.1"]).output();
        let refused = refused.unwrap();
        assert_eq!(refused.status.code(), Some(2), "{option}");
    }
}
