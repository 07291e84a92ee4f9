//! One test for each exit status, on every path that leads to it, as a script would see it.

use std::net::TcpStream;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::support::assay::{Assay, Outcome, SMALL, run};
use crate::support::folder::Folder;
use crate::support::server::{Asked, Server, answering_bytes};
#[cfg(unix)]
use crate::support::signals::{interrupt, wait_for_handler};

/// Longer than it takes to give up a target, also where other tests run at the same time.
const WAIT: Duration = Duration::from_secs(60);

/// `assay run` of the small suites.
fn run_small(args: &[&str]) -> Outcome {
    run(&[&SMALL[..], args].concat())
}

#[test]
fn a_registry_that_conforms_is_0() {
    run_small(&[]).expect(0, &["Conformant"]);
}

#[test]
fn a_part_of_the_run_that_passes_is_0() {
    run(&["--only", "manifest-by-tag"]).expect(0, &[]);
}

#[test]
fn a_violated_requirement_is_1() {
    let url = answering_bytes(
        b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    );
    run(&[&url, "--settle", "0s"]).expect(1, &[]);
}

#[test]
fn wrong_arguments_are_2_and_say_what_to_do() {
    let wrong: [(&[&str], &str); 16] = [
        (&["--no-such-option"], "--no-such-option"),
        (&["--spec", "9.9"], "use 1.0, 1.1 or dev"),
        (&["--only", "no-such-case"], "nothing is selected"),
        (&["--only", "tags-nn"], "(did you mean `tags-n`?)"),
        (
            &["--only", "tags-n", "--only", "no-such-case"],
            "no case matches --only no-such-case",
        ),
        (&["--only", "["], "is not a valid pattern"),
        (&["--category", "nothing"], "use pull, push"),
        (&["--category", "clients"], "`assay client run` tests"),
        (&["--timeout", "soon"], "500ms"),
        (&["--timeout", "0s"], "no response comes within 0 s"),
        (&["--format", "pdf"], "json, junit, html"),
        (&["--repo", "UPPER"], "is not a repository name"),
        (&["--repo", "a", "--repo2", "a"], "two repositories"),
        (&["http://localhost/v2/x"], "leave `/v2/` out"),
        (&["https://me:hunter2@localhost/"], "--username"),
        (&["https//localhost"], "write https://localhost"),
    ];
    for (args, hint) in wrong {
        let Outcome { status, text, .. } = run(args);
        assert_eq!(status, 2, "{args:?}: {text}");
        assert!(text.contains(hint), "{args:?}: {text}");
        assert!(!text.contains("hunter2"), "{text}");
    }
}

#[test]
fn a_password_that_is_not_there_is_2() {
    run_small(&["http://127.0.0.1:9", "--username", "me"]).expect(2, &["ASSAY_PASSWORD"]);
}

#[test]
fn every_mistake_in_a_suite_is_shown_and_is_2() {
    let here = Folder::new();
    let suite = "title: T\nsection: s\ncases:\n  - id: Bad Id\n    title: t\n    stepz: []\n    steps:\n      - get: /v2/{rep}/x\n        expect: { no-such-requirement: { status: 2000 } }\n";
    here.write("suites/pull/x.yaml", suite);
    here.run(&["--suites", "suites"])
        .expect(2, &["x.yaml:6:5", "unknown key `stepz`"]);
    let suite = suite
        .replace(
            "    stepz: []
",
            "",
        )
        .replace("2000", "200");
    here.write("suites/pull/x.yaml", &suite);
    let diagnostics = [
        "is not an id",
        "`{rep}` is not known here",
        "unknown requirement `no-such-requirement`",
    ];
    here.run(&["--suites", "suites"]).expect(2, &diagnostics);
}

#[test]
fn a_folder_that_cannot_be_written_to_is_2() {
    let here = Folder::new();
    here.write("file", "");
    here.run(&["--out", "file/reports"]).expect(2, &["--out"]);
}

#[test]
fn a_missing_suites_folder_is_2() {
    run(&["--suites", "no/such/folder"]).expect(2, &[]);
}

#[test]
fn a_target_that_is_down_is_3_within_seconds() {
    let began = Instant::now();
    run_small(&["http://127.0.0.1:1"]).expect(
        3,
        &["cannot be reached: cannot connect: tcp connect error: "],
    );
    assert!(began.elapsed() < WAIT);
}

#[test]
fn a_name_that_nobody_has_is_3() {
    run_small(&["http://no-such-host.invalid"]).expect(3, &[]);
}

#[test]
fn tls_to_a_plain_port_is_3_and_named_as_such() {
    let url = answering_bytes(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    run_small(&[&url.replace("http", "https")]).expect(3, &["does not speak TLS"]);
}

#[test]
fn a_target_that_never_answers_is_3_within_the_timeout() {
    let server = Server::start(|_, _| Ok(true));
    let began = Instant::now();
    run_small(&[&server.url, "--timeout", "1s"]).expect(3, &[]);
    assert!(began.elapsed() < WAIT);
}

#[test]
fn access_refused_is_3() {
    let url = answering_bytes(b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"r\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    run_small(&[&url]).expect(3, &["--username"]);
}

#[test]
fn no_report_is_left_half_written() {
    let here = Folder::new();
    here.run(&SMALL).expect(0, &[]);
    let files = here.files("reports");
    let names: Vec<_> = files.keys().map(|path| path.file_name().unwrap()).collect();
    assert_eq!(names, ["junit.xml", "report.html", "report.json"]);
    assert!(here.read("reports/report.json").len() > 100);
}

/// A registry that answers GET /v2/ if `greets`, and lets all other requests wait for ever; and a channel on which
/// it tells of each waiting request.
#[cfg(unix)]
fn unresponsive(greets: bool) -> (Server, mpsc::Receiver<()>) {
    let (waiting, requests) = mpsc::channel();
    let wait = move |_: &Asked, _: &mut TcpStream| {
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
#[test]
fn an_interrupted_run_is_130_and_reported() {
    let (server, requests) = unresponsive(true);
    // With a seed of the user's, the right to push is not checked first: a waiting request is one of a case.
    let running = Assay::run_small(&server.url).args(["--seed", "1"]).start();
    requests.recv_timeout(WAIT).unwrap();
    interrupt(&running);
    let outcome = running.ends();
    outcome.expect(130, &[]);
    assert_eq!(outcome.report()["interrupted"], true);
}

#[cfg(unix)]
#[test]
fn an_interrupt_before_the_first_case_is_130_with_a_sentence() {
    let says = "interrupted before the first case started: no report is written";
    // During preflight.
    let (server, requests) = unresponsive(false);
    let running = Assay::run_small(&server.url).start();
    requests.recv_timeout(WAIT).unwrap();
    interrupt(&running);
    let outcome = running.ends();
    outcome.expect(130, &[says]);
    assert!(outcome.files().is_empty());
    // While suites are loaded, or standard input is read: its end never comes.
    let login = ["--username", "me", "--password-stdin"];
    let running = Assay::run_small("http://127.0.0.1:9").args(login).start();
    wait_for_handler(&running);
    interrupt(&running);
    running.ends_with_open_input().expect(130, &[says]);
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_the_bundled_registry_with_0() {
    let serve = ["serve", "--addr", "127.0.0.1:0"];
    let mut served = Assay::new_in(&Folder::new()).args(serve).start();
    served.line("listening on");
    interrupt(&served);
    served.ends().expect(0, &[]);
}
