//! What a run pushed is gone afterwards, and nothing else.

use std::time::{Duration, Instant};

use oci_assay::internals::registry::Deletion;
use serde_json::Value;

use crate::support::assay::{Assay, FEW, Outcome, assay, run};
use crate::support::proxy::{Proxy, Unwell};
use crate::support::registry::{Registry, registry, sound};
#[cfg(unix)]
use crate::support::signals::send;

/// Whether the registry has something that a run left.
fn has(registry: &Registry, left: &Value) -> bool {
    let (repo, reference) = (text(left, "repository"), text(left, "reference"));
    let path = match text(left, "kind") {
        "upload" => reference.trim_start_matches(&registry.url).to_owned(),
        "blob" => format!("/v2/{repo}/blobs/{reference}"),
        _ => format!("/v2/{repo}/manifests/{reference}"),
    };
    registry.get(&path).0 < 300
}

/// Every tag of both repositories.
fn tags(registry: &Registry) -> Vec<String> {
    let lists = ["conformance/repo1", "conformance/repo2"].map(|repo| {
        let list = registry.get(&format!("/v2/{repo}/tags/list")).1;
        let list: Value = serde_json::from_str(&list).unwrap();
        let tags = list["tags"].as_array().cloned().unwrap_or_default();
        tags.iter().map(Value::to_string).collect::<Vec<_>>()
    });
    lists.concat()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap()
}

fn left(outcome: &Outcome) -> Vec<Value> {
    let report = outcome.report();
    report["leftovers"].as_array().cloned().unwrap_or_default()
}

#[test]
fn what_was_kept_is_deleted_later_by_the_report() {
    kept_and_deleted_later(&FEW);
}

#[test]
#[ignore = "long: run by .ci/run"]
fn what_every_case_kept_is_deleted_later_by_the_report() {
    kept_and_deleted_later(&[]);
}

fn kept_and_deleted_later(cases: &[&str]) {
    let registry = sound();
    let kept = run(&[&[&registry.url, "--seed", "7", "--keep"], cases].concat());
    assert_eq!(kept.status, 0, "{}", kept.text);
    let left = left(&kept);
    for kind in ["tag", "manifest", "blob"] {
        assert!(left.iter().any(|one| one["kind"] == kind), "{kind}");
    }
    let there = left.iter().filter(|one| has(&registry, one)).count();
    assert!(there * 10 > left.len() * 9, "{there} of {}", left.len());
    // The same content, pushed again: it was there before, so it is not this run's to delete.
    let again = run(&[&[&registry.url, "--seed", "7"], cases].concat());
    assert_eq!(again.status, 0, "{}", again.text);
    assert!(
        again.text.contains("existed before the run"),
        "{}",
        again.text
    );
    let still = left.iter().filter(|one| has(&registry, one)).count();
    assert_eq!(still, there, "what was there before is there");
    let clean = kept
        .folder
        .assay(&["clean", "--from", "reports/report.json"]);
    clean.expect(0, &[]);
    for one in &left {
        assert!(!has(&registry, one), "{one}");
    }
    assert_eq!(tags(&registry), Vec::<String>::new());
}

#[test]
fn what_was_there_before_stays_and_what_was_pushed_goes() {
    only_what_was_pushed_goes(&[&FEW[..], &["--only", "blob-*empty"]].concat());
}

#[test]
#[ignore = "long: run by .ci/run"]
fn what_was_there_before_stays_and_what_every_case_pushed_goes() {
    only_what_was_pushed_goes(&[]);
}

fn only_what_was_pushed_goes(cases: &[&str]) {
    let registry = sound();
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
        assert_eq!(registry.send("POST", &path, "", body).0, 201);
    }
    let outcome = run(&[&[registry.url.as_str()], cases].concat());
    assert!(matches!(outcome.status, 0 | 3), "{}", outcome.text);
    assert_eq!(left(&outcome), Vec::<Value>::new());
    assert_eq!(tags(&registry), Vec::<String>::new());
    for (_, digest) in before {
        let path = format!("/v2/conformance/repo1/blobs/sha256:{digest}");
        assert_eq!(registry.get(&path).0, 200, "{digest}");
    }
}

#[cfg(unix)]
#[test]
fn a_run_that_is_stopped_cleans_up_too() {
    let registry = sound();
    let far = Unwell {
        round_trip: Duration::from_millis(40),
        ..Unwell::default()
    };
    let proxy = registry.runtime.block_on(Proxy::start(&registry.url, far));
    for signal in ["-INT", "-TERM"] {
        let running = Assay::run(&proxy.url).args(["--jobs", "4"]).start();
        let began = Instant::now();
        while tags(&registry).is_empty() {
            assert!(
                began.elapsed() < Duration::from_secs(60),
                "nothing is pushed"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        send(signal, &running);
        let outcome = running.ends();
        assert_eq!(outcome.status, 130, "{}", outcome.text);
        assert_eq!(left(&outcome), Vec::<Value>::new());
        assert_eq!(tags(&registry), Vec::<String>::new());
    }
}

#[test]
fn a_registry_that_refuses_deletion_is_not_asked_for_ever() {
    let registry = registry(|options| {
        options.delete_tags = Deletion::Off(405);
        options.delete_manifests = Deletion::Off(405);
        options.delete_blobs = Deletion::Off(405);
    });
    let outcome = run(&[
        &registry.url,
        "--only",
        "manifest-push*",
        "--only",
        "blob-push*",
        "--only",
        "tag-*",
    ]);
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
    let said = assay(&["run", nobody, "--dry-run"]);
    assert_eq!(said.status, 0, "{}", said.stderr);
    let text = said.stdout;
    for part in [
        "POST /v2/conformance/repo1/blobs/uploads/",
        "if the response is",
        "no request was sent",
    ] {
        assert!(text.contains(part), "{part}");
    }
    assert!(!text.contains("{repo}"));
    let said = assay(&["run", nobody, "--dry-run=json"]);
    let outline: Value = serde_json::from_str(&said.stdout).unwrap();
    assert!(outline["cases"].as_array().unwrap().len() > 50);
}

#[test]
fn cleaning_takes_what_reaches_a_registry_and_nothing_else() {
    let help = assay(&["clean", "--help"]).stdout;
    for option in ["--ca", "--insecure", "--username", "--timeout", "ASSAY_CA"] {
        assert!(help.contains(option), "{option}: {help}");
    }
    for option in ["--only", "--spec", "--out", "--keep", "--suites"] {
        assert!(!help.contains(&format!("{option} ")), "{option}: {help}");
        let refused = assay(&["clean", "--from", "x", option, "1.1"]);
        assert_eq!(refused.status, 2, "{option}");
    }
}
