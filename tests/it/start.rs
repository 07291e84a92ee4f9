//! Reports of runs that do not reach their first case, and of registries that start late or fail now and then.

use std::io::Write as _;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::support::assay::{ASSAY, Assay, FEW, SMALL};
use crate::support::folder::Folder;
use crate::support::registry::{faulty, sound};
use crate::support::server::{Server, answer};

#[test]
fn no_report_of_yesterday_passes_for_one_of_today() {
    let here = Folder::new();
    here.run(&[&SMALL[..], &["--format", "json,junit,html,markdown"]].concat())
        .expect(0, &[]);
    let down = here.run(
        &[
            &SMALL[..],
            &["http://127.0.0.1:1", "--format", "json,junit"],
        ]
        .concat(),
    );
    down.expect(3, &["cannot be reached", "Reports: reports/report.json"]);
    let junit = here.read("reports/junit.xml");
    assert!(
        junit.contains(r#"tests="1" failures="0" errors="1""#),
        "{junit}"
    );
    assert!(junit.contains("cannot be reached"), "{junit}");
    let report = here.report("reports");
    assert_eq!(report["verdict"], "inconclusive");
    assert_eq!(report["cases"][0]["id"], "preflight");
    for stale in ["report.html", "summary.md"] {
        assert!(!here.has(&format!("reports/{stale}")), "{stale}");
    }
}

#[test]
fn wrong_arguments_leave_the_reports_as_they_are() {
    let here = Folder::new();
    here.run(&SMALL).expect(0, &[]);
    let before = here.files("reports");
    here.run(&[&SMALL[..], &["--only", "no-such-case"]].concat())
        .expect(2, &[]);
    assert_eq!(here.files("reports"), before);
}

#[test]
fn a_registry_that_starts_late_is_waited_for() {
    let registry = sound();
    // The port is free until the registry listens there: a proxy that forwards bytes.
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let running = Assay::run_small(&format!("http://{address}"))
        .args(["--wait", "60s"])
        .start();
    std::thread::sleep(Duration::from_millis(1500));
    let listener = TcpListener::bind(address).unwrap();
    let host = registry.host().to_owned();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            forward(stream, &host);
        }
    });
    let outcome = running.ends();
    outcome.expect(0, &[]);
    assert!(
        !outcome.notes().contains("sent again"),
        "{}",
        outcome.notes()
    );
}

/// Forwards a connection in both directions.
fn forward(stream: std::net::TcpStream, host: &str) {
    let Ok(target) = std::net::TcpStream::connect(host) else {
        return;
    };
    let pairs = [
        (stream.try_clone(), target.try_clone()),
        (Ok(target), Ok(stream)),
    ];
    for (from, to) in pairs {
        let (Ok(mut from), Ok(mut to)) = (from, to) else {
            return;
        };
        std::thread::spawn(move || {
            // A side that closes ends the copy.
            let _ = std::io::copy(&mut from, &mut to);
            let _ = to.shutdown(std::net::Shutdown::Both);
        });
    }
}

#[test]
fn a_registry_that_does_not_start_is_3_with_the_last_error() {
    let server = Server::start(|_, stream| {
        stream.write_all(&answer("502 Bad Gateway", "", b""))?;
        Ok(true)
    });
    let began = Instant::now();
    // The run has `--progress never`: what it waits for is said nevertheless, once.
    let outcome = Assay::run_small(&server.url).args(["--wait", "2s"]).ends();
    let says = "has not started within 2s: GET /v2/ returned 502";
    outcome.expect(3, &[says]);
    let waits = format!(" for {} to start: GET /v2/ returned 502", server.url);
    let lines = outcome.stderr.lines();
    let told: Vec<&str> = lines.filter(|line| line.contains(&waits)).collect();
    assert_eq!(told.len(), 1, "{}", outcome.stderr);
    // Whole seconds: nobody asked for 1.9 s.
    let rounded = told.iter().any(|line| line.contains(".0 s for "));
    assert!(rounded, "{}", outcome.stderr);
    assert!(began.elapsed() < Duration::from_secs(20));
}

#[test]
fn a_gateway_without_a_registry_is_3_and_accuses_nobody() {
    for status in [
        "502 Bad Gateway",
        "503 Service Unavailable",
        "504 Gateway Timeout",
    ] {
        let server = Server::start(move |_, stream| {
            stream.write_all(&answer(status, "", b"<html>no upstream</html>"))?;
            Ok(true)
        });
        let outcome = Assay::run_small(&server.url).ends();
        let says = format!("is not ready: GET /v2/ returned {}", &status[..3]);
        outcome.expect(3, &[&says, "Start the registry"]);
    }
}

/// macOS permits a process 256 open files unless it asks for more; the runtime alone needs more than eight.
#[cfg(unix)]
#[test]
fn a_low_limit_of_open_files_is_raised() {
    let here = Folder::new();
    let script = "ulimit -S -n 8 && exec \"$0\" run --only api-base --progress never";
    let outcome = std::process::Command::new("sh")
        .args(["-c", script, ASSAY])
        .current_dir(here.path())
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&outcome.stderr);
    assert_eq!(outcome.status.code(), Some(0), "{stderr}");
}

#[cfg(unix)]
#[test]
fn a_limit_of_open_files_that_cannot_be_raised_is_2() {
    let script = "ulimit -n 8 && exec \"$0\" list";
    let outcome = std::process::Command::new("sh")
        .args(["-c", script, ASSAY])
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&outcome.stderr);
    assert_eq!(outcome.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("ulimit -n"), "{stderr}");
}

#[test]
fn the_deadline_counts_from_the_first_request() {
    let server = Server::start(|_, _| Ok(true));
    let began = Instant::now();
    let outcome = Assay::run_small(&server.url)
        .args(["--deadline", "1s"])
        .ends();
    outcome.expect(3, &["within the deadline of the run (1s)"]);
    assert!(began.elapsed() < Duration::from_secs(20));
}

/// A case that sends one request.
const CASE: &str = "title: T\nsection: pull\ncases:\n  - id: now-and-then\n    title: GET /v2/ returns 200\n    steps:\n      - get: /v2/\n        expect: { blob-get-status: { status: 200 } }\n";

#[test]
fn a_run_with_retries_finds_out_what_the_registry_supports() {
    let registry = sound();
    let run = Assay::run(&registry.url).args(FEW);
    let retries = ["--retries", "1", "--deadline", "60s"];
    let outcome = run.args(retries).ends();
    outcome.expect(0, &[]);
    let cases = &outcome.report()["cases"];
    let probe = cases
        .as_array()
        .unwrap()
        .iter()
        .find(|case| case["id"] == "push-supported");
    assert_eq!(probe.unwrap()["verdict"], "pass");
}

#[test]
fn a_violation_that_lasts_makes_no_case_flaky() {
    let registry = faulty(&["manifest-put-no-location"]);
    let run = Assay::run(&registry.url).args([
        "--only",
        "manifest-push*",
        "--only",
        "tag-moved*",
        "--settle",
        "0s",
    ]);
    let outcome = run.args(["--retries", "1"]).ends();
    outcome.expect(1, &["manifest-put-location"]);
    let report = outcome.report();
    for case in report["cases"].as_array().unwrap() {
        assert!(case["flaky"].as_bool() != Some(true), "{case}");
        let passes = case["verdict"] == "pass";
        assert!(!passes || case["attempts"].is_null(), "{case}");
    }
}

#[test]
fn a_case_that_passes_later_is_flaky() {
    let here = Folder::new();
    here.write("suites/pull/x.yaml", CASE);
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    // The first request is the preflight, the second the first attempt at the case.
    let server = Server::start(move |_, stream| {
        let status = match count.fetch_add(1, Ordering::SeqCst) {
            1 => "404 Not Found",
            _ => "200 OK",
        };
        stream.write_all(&answer(status, "", b"{}"))?;
        Ok(true)
    });
    let outcome = here.run(&[
        &server.url,
        "--suites",
        "suites",
        "--only",
        "now-and-then",
        "--retries",
        "2",
    ]);
    outcome.expect(
        0,
        &["Flaky: 1 case failed, and passed when retried (now-and-then)"],
    );
    let case = outcome.report()["cases"]
        .as_array()
        .unwrap()
        .iter()
        .find(|case| case["id"] == "now-and-then")
        .unwrap()
        .clone();
    assert_eq!(case["verdict"], "pass");
    assert_eq!(case["flaky"], true);
    assert_eq!(case["attempts"].as_array().map(Vec::len), Some(1));
    assert_eq!(case["attempts"][0]["exchanges"][0]["status"], 404);
    let junit = outcome.file("junit.xml");
    assert!(junit.contains("<flakyFailure message="), "{junit}");
    assert!(junit.contains(r#"failures="0""#), "{junit}");
}

#[test]
fn a_case_of_another_version_is_named() {
    let outcome = Folder::new().run(&["--spec", "1.0", "--only", "referrers"]);
    outcome.expect(2, &["but cases of versions 1.1 and dev: add --spec 1.1"]);
}

/// A case whose first check is violated for ever, and whose last one may hold later.
const ENDED: &str = "title: T
section: pull
cases:
  - id: ended
    title: A deleted tag is gone
    steps:
      - get: /v2/
        expect: { blob-get-status: { status: 404 } }
      - delete: /v2/{repo}/manifests/tag
        expect: { manifest-delete-status: { status: 200 } }
      - get: /v2/{repo}/manifests/tag
        expect: { tag-delete-gone: { status: 404 } }
";

#[test]
fn a_case_that_the_deadline_ends_keeps_what_no_time_mends() {
    let here = Folder::new();
    here.write("suites/pull/x.yaml", ENDED);
    let server = Server::start(|_, stream| {
        stream.write_all(&answer("200 OK", "", b"{}"))?;
        Ok(true)
    });
    let outcome = here.run(&[
        &server.url,
        "--suites",
        "suites",
        "--only",
        "ended",
        "--settle",
        "60s",
        "--deadline",
        "3s",
    ]);
    outcome.expect(1, &["deadline"]);
    let report = outcome.report();
    let cases = report["cases"].as_array().unwrap();
    let case = cases.iter().find(|case| case["id"] == "ended").unwrap();
    let checks = case["checks"].as_array().unwrap().iter();
    let failed: Vec<&str> = checks
        .filter(|check| check["verdict"] != "pass")
        .map(|check| check["requirement"].as_str().unwrap())
        .collect();
    assert_eq!(failed, ["blob-get-status"]);
}

#[cfg(unix)]
#[test]
fn a_proxy_that_is_down_is_named_with_its_variable() {
    let run = Assay::run("http://registry.example");
    let outcome = run.env("http_proxy", "http://127.0.0.1:9").ends();
    let says = "through the proxy that http_proxy names: cannot connect";
    outcome.expect(3, &[says]);
}
