//! One test for each exit status, on every path that leads to it, as a script would see it.

use std::net::TcpListener;
use std::process::{Child, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::support::run::{Printed, assay, printed};
use crate::support::serve::Served;
use crate::support::server::{Server, answering_bytes};
use crate::support::signals::{interrupt, wait_for_handler};

/// `assay run` with its reports in a folder that is deleted afterwards.
fn run(args: &[&str]) -> (i32, String) {
    let out = tempfile::tempdir().unwrap();
    let out = ["--out", out.path().to_str().unwrap()];
    let printed = printed(&[&["run", "--progress", "never"], &out[..], args].concat());
    (printed.status, printed.text())
}

#[test]
fn a_registry_that_conforms_is_0() {
    let (status, text) = run(&[]);
    assert_eq!(status, 0, "{text}");
    assert!(text.contains("Conformant"), "{text}");
}

#[test]
fn a_part_of_the_run_that_passes_is_0() {
    let (status, text) = run(&["--only", "manifest-by-tag"]);
    assert_eq!(status, 0, "{text}");
}

#[test]
fn a_violated_requirement_is_1() {
    let url = answering_bytes(
        b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    );
    let (status, text) = run(&[&url, "--settle", "0s"]);
    assert_eq!(status, 1, "{text}");
}

#[test]
fn wrong_arguments_are_2_and_say_what_to_do() {
    let wrong: [(&[&str], &str); 11] = [
        (&["--no-such-option"], "--no-such-option"),
        (&["--spec", "9.9"], "use 1.0, 1.1 or dev"),
        (&["--only", "no-such-case"], "nothing is selected"),
        (&["--only", "["], "is not a valid pattern"),
        (&["--category", "nothing"], "use pull, push"),
        (&["--timeout", "soon"], "500ms"),
        (&["--format", "pdf"], "json, junit, html"),
        (&["--repo", "UPPER"], "is not a repository name"),
        (&["--repo", "a", "--repo2", "a"], "two repositories"),
        (&["http://localhost/v2/x"], "leave `/v2/` out"),
        (&["https://me:hunter2@localhost/"], "--username"),
    ];
    for (args, hint) in wrong {
        let (status, text) = run(args);
        assert_eq!(status, 2, "{args:?}: {text}");
        assert!(text.contains(hint), "{args:?}: {text}");
        assert!(!text.contains("hunter2"), "{text}");
    }
}

#[test]
fn a_password_that_is_not_there_is_2() {
    let (status, text) = run(&["http://127.0.0.1:9", "--username", "me"]);
    assert_eq!(status, 2, "{text}");
    assert!(text.contains("ASSAY_PASSWORD"), "{text}");
}

#[test]
fn every_mistake_in_a_suite_is_shown_and_is_2() {
    let dir = tempfile::tempdir().unwrap();
    let suite = "title: T\nsection: s\ncases:\n  - id: Bad Id\n    title: t\n    stepz: []\n    steps:\n      - get: /v2/{rep}/x\n        expect: { no-such-requirement: { status: 2000 } }\n";
    std::fs::create_dir(dir.path().join("pull")).unwrap();
    std::fs::write(dir.path().join("pull/x.yaml"), suite).unwrap();
    let (status, text) = run(&["--suites", dir.path().to_str().unwrap()]);
    assert_eq!(status, 2, "{text}");
    assert!(text.contains("x.yaml:6:5"), "{text}");
    assert!(text.contains("unknown key `stepz`"), "{text}");
    let suite = suite.replace("    stepz: []\n", "").replace("2000", "200");
    std::fs::write(dir.path().join("pull/x.yaml"), suite).unwrap();
    let (status, text) = run(&["--suites", dir.path().to_str().unwrap()]);
    assert_eq!(status, 2, "{text}");
    for diagnostic in [
        "is no name",
        "`{rep}` is not known here",
        "unknown requirement `no-such-requirement`",
    ] {
        assert!(text.contains(diagnostic), "{diagnostic}: {text}");
    }
}

#[test]
fn a_folder_that_cannot_be_written_to_is_2() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let folder = file.path().join("reports");
    printed(&["run", "--out", folder.to_str().unwrap()]).expect(2, &["--out"]);
}

#[test]
fn a_missing_suites_folder_is_2() {
    let (status, text) = run(&["--suites", "no/such/folder"]);
    assert_eq!(status, 2, "{text}");
}

#[test]
fn a_target_that_is_down_is_3_within_seconds() {
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let began = Instant::now();
    let (status, text) = run(&[&format!("http://{free}")]);
    assert_eq!(status, 3, "{text}");
    assert!(began.elapsed() < Duration::from_secs(25));
    assert!(text.contains("cannot be reached"), "{text}");
}

#[test]
fn a_name_that_nobody_has_is_3() {
    let (status, text) = run(&["http://no-such-host.invalid"]);
    assert_eq!(status, 3, "{text}");
}

#[test]
fn tls_to_a_plain_port_is_3_and_named_as_such() {
    let url = answering_bytes(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    let (status, text) = run(&[&url.replace("http", "https")]);
    assert_eq!(status, 3, "{text}");
    assert!(text.contains("does not speak TLS"), "{text}");
}

#[test]
fn a_target_that_never_answers_is_3_within_the_timeout() {
    let server = Server::start(|_, _| Ok(true));
    let began = Instant::now();
    let (status, text) = run(&[&server.url, "--timeout", "1s"]);
    assert_eq!(status, 3, "{text}");
    assert!(began.elapsed() < Duration::from_secs(25));
}

#[test]
fn access_refused_is_3() {
    let url = answering_bytes(b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"r\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    let (status, text) = run(&[&url]);
    assert_eq!(status, 3, "{text}");
    assert!(text.contains("--username"), "{text}");
}

#[test]
fn no_report_is_left_half_written() {
    let out = tempfile::tempdir().unwrap();
    let folder = ["--out", out.path().to_str().unwrap()];
    printed(&[&["run", "--only", "api-base"], &folder[..]].concat()).expect(0, &[]);
    let mut names: Vec<String> = std::fs::read_dir(out.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["junit.xml", "report.html", "report.json"]);
    let report = out.path().join("report.json").metadata().unwrap();
    assert!(report.len() > 100);
}

/// A registry that answers GET /v2/ if `greets`, and lets all other requests wait for ever; and a channel on which
/// it tells of each waiting request.
#[cfg(unix)]
fn unresponsive(greets: bool) -> (Server, mpsc::Receiver<()>) {
    let (waiting, requests) = mpsc::channel();
    let wait = move |_: &crate::support::server::Asked, _: &mut std::net::TcpStream| {
        // The test may be over.
        let _ = waiting.send(());
        Ok(true)
    };
    let server = match greets {
        true => Server::behind_a_greeting(wait),
        false => Server::start(wait),
    };
    (server, requests)
}

#[cfg(unix)]
fn start(args: &[&str]) -> (Child, tempfile::TempDir) {
    let out = tempfile::tempdir().unwrap();
    let mut command = assay();
    command.args(["run", "--progress", "never", "--out"]);
    command.arg(out.path()).args(args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    (command.stderr(Stdio::piped()).spawn().unwrap(), out)
}

#[cfg(unix)]
fn interrupted(child: Child) -> Printed {
    interrupt(&child);
    Printed::from(&child.wait_with_output().unwrap())
}

const WAIT: Duration = Duration::from_secs(60);

#[cfg(unix)]
#[test]
fn an_interrupted_run_is_130_and_reported() {
    let (server, requests) = unresponsive(true);
    // With a seed of the user's, the right to push is not checked first: a waiting request is one of a case.
    let (child, out) = start(&[&server.url, "--seed", "1"]);
    requests.recv_timeout(WAIT).unwrap();
    interrupted(child).expect(130, &[]);
    let report = std::fs::read(out.path().join("report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_slice(&report).unwrap();
    assert_eq!(report["interrupted"], true);
}

#[cfg(unix)]
#[test]
fn an_interrupt_before_the_first_case_is_130_with_a_sentence() {
    let says = "interrupted before the first case started: no report is written";
    // During preflight.
    let (server, requests) = unresponsive(false);
    let (child, out) = start(&[&server.url]);
    requests.recv_timeout(WAIT).unwrap();
    interrupted(child).expect(130, &[says]);
    assert!(!out.path().join("report.json").exists());
    // While suites are loaded, or standard input is read: its end never comes.
    let login = ["http://127.0.0.1:9", "--username", "me", "--password-stdin"];
    let (mut child, _out) = start(&login);
    let input = child.stdin.take();
    wait_for_handler(&child);
    interrupted(child).expect(130, &[says]);
    drop(input);
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_the_bundled_registry_with_0() {
    let served = Served::start(&[]);
    interrupt(served.process());
    assert_eq!(served.wait(), Some(0));
}
