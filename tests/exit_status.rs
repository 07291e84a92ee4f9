//! One test for each exit status, on every path that leads to it, as a script would see it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

fn assay(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ASSAY_")) {
        command.env_remove(name);
    }
    command.args(args).output().unwrap()
}

fn run(args: &[&str]) -> (i32, String) {
    let out = tempfile::tempdir().unwrap();
    let mut all = vec!["run", "--progress", "never", "--out"];
    all.push(out.path().to_str().unwrap());
    all.extend(args);
    said(&assay(&all))
}

fn said(output: &Output) -> (i32, String) {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    let text = String::from_utf8(text).unwrap();
    assert!(!text.contains("panicked"), "{text}");
    (output.status.code().unwrap(), text)
}

/// A server that answers every request on a connection with the same bytes; nothing where there are none.
fn server(answer: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || talk(stream, answer));
        }
    });
    format!("http://{address}")
}

fn talk(mut stream: TcpStream, answer: &[u8]) {
    let mut buffer = [0; 65536];
    while let Ok(read) = stream.read(&mut buffer) {
        if read == 0 || (!answer.is_empty() && stream.write_all(answer).is_err()) {
            return;
        }
        if !answer.is_empty() {
            return;
        }
    }
}

#[test]
fn nothing_broken_is_0() {
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
fn a_broken_requirement_is_1() {
    let url = server(
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
        (&["--repo", "UPPER"], "is no repository name"),
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
    let suite = suite.replace("    stepz: []\n", "");
    std::fs::write(dir.path().join("pull/x.yaml"), suite).unwrap();
    let (status, text) = run(&["--suites", dir.path().to_str().unwrap()]);
    assert_eq!(status, 2, "{text}");
    for diagnostic in [
        "is no name",
        "no value `{rep}`",
        "no requirement `no-such-requirement`",
        "no status",
    ] {
        assert!(text.contains(diagnostic), "{diagnostic}: {text}");
    }
}

#[test]
fn a_folder_that_cannot_be_written_to_is_2() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let folder = file.path().join("reports");
    let output = assay(&[
        "run",
        "--progress",
        "never",
        "--out",
        folder.to_str().unwrap(),
    ]);
    let (status, text) = said(&output);
    assert_eq!(status, 2, "{text}");
    assert!(text.contains("--out"), "{text}");
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
    let url = server(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    let (status, text) = run(&[&url.replace("http", "https")]);
    assert_eq!(status, 3, "{text}");
    assert!(text.contains("does not speak TLS"), "{text}");
}

#[test]
fn a_target_that_never_answers_is_3_within_the_timeout() {
    let url = server(b"");
    let began = Instant::now();
    let (status, text) = run(&[&url, "--timeout", "1s"]);
    assert_eq!(status, 3, "{text}");
    assert!(began.elapsed() < Duration::from_secs(25));
}

#[test]
fn access_refused_is_3() {
    let url = server(b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"r\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    let (status, text) = run(&[&url]);
    assert_eq!(status, 3, "{text}");
    assert!(text.contains("--username"), "{text}");
}

#[test]
fn no_report_is_left_half_written() {
    let out = tempfile::tempdir().unwrap();
    let output = assay(&[
        "run",
        "--only",
        "api-base",
        "--progress",
        "never",
        "--out",
        out.path().to_str().unwrap(),
    ]);
    assert_eq!(output.status.code(), Some(0));
    let mut names: Vec<String> = std::fs::read_dir(out.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["junit.xml", "report.html", "report.json"]);
    assert!(
        Path::new(&out.path().join("report.json"))
            .metadata()
            .unwrap()
            .len()
            > 100
    );
}

#[cfg(unix)]
#[test]
fn interrupted_is_130_and_reported() {
    let out = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (tell, under_way) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        // The base answers, everything else hangs.
        for stream in listener.incoming().flatten() {
            let tell = tell.clone();
            std::thread::spawn(move || {
                let mut stream = stream;
                let mut buffer = [0; 4096];
                while let Ok(read) = stream.read(&mut buffer) {
                    if read == 0 {
                        return;
                    }
                    if buffer.starts_with(b"GET /v2/ ") {
                        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
                    } else {
                        let _ = tell.send(());
                    }
                }
            });
        }
    });
    let mut child = Command::new(env!("CARGO_BIN_EXE_assay"))
        .args([
            "run",
            &url,
            "--progress",
            "never",
            "--out",
            out.path().to_str().unwrap(),
        ])
        .spawn()
        .unwrap();
    under_way.recv_timeout(Duration::from_secs(60)).unwrap();
    let id = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let report = std::fs::read_to_string(out.path().join("report.json")).unwrap();
    assert!(report.contains("\"interrupted\": true") || report.contains("\"interrupted\":true"));
}
