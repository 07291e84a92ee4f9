//! Signals, and processes that are gone.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::{DATE, dated, json, run, target, write_fleet};
use crate::support::assay::{Assay, Running};
use crate::support::folder::Folder;
use crate::support::registry::sound;
use crate::support::server::Server;
use crate::support::signals::{interrupt, send, wait_for_handler};

#[test]
fn a_run_stops_when_the_process_of_its_fleet_is_gone() {
    let silent = Server::behind_a_greeting(|_, _| {
        std::thread::sleep(Duration::from_secs(60));
        Ok(false)
    });
    let call = Assay::run_small(&silent.url)
        .args(["--stop-at-eof"])
        .start();
    wait_for_handler(&call);
    let began = Instant::now();
    // Its standard input ends.
    call.ends().expect(130, &[]);
    assert!(
        began.elapsed() < Duration::from_secs(25),
        "{:?}",
        began.elapsed()
    );
}

/// A fleet with the target `slow`, whose run has sent its first requests. They are not answered.
fn started(folder: &Folder) -> (Running, Server) {
    let asked = Arc::new(AtomicBool::new(false));
    let seen = asked.clone();
    let silent = Server::behind_a_greeting(move |_, _| {
        seen.store(true, Ordering::SeqCst);
        std::thread::sleep(Duration::from_secs(60));
        Ok(false)
    });
    // With a seed of the user's, the right to push is not checked first: a waiting request is one of a case.
    write_fleet(folder, &[target("slow", &silent.url, "seed = 1")]);
    let args = ["fleet", "run", "fleet.toml", "--out", "results"];
    let call = Assay::new_in(folder).args(args).args(["--date", DATE]);
    let running = call.start();
    let deadline = Instant::now() + Duration::from_secs(60);
    while !asked.load(Ordering::SeqCst) {
        assert!(Instant::now() < deadline, "the run does not begin");
        std::thread::sleep(Duration::from_millis(20));
    }
    (running, silent)
}

/// How many folders of runs that are not finished there are.
fn unfinished(folder: &Folder) -> usize {
    let entries = std::fs::read_dir(folder.path().join("results/slow")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name());
    names
        .filter(|name| name.to_string_lossy().starts_with(".unfinished-"))
        .count()
}

#[test]
fn at_a_signal_the_runs_stop_and_report() {
    let folder = Folder::new();
    let (running, _silent) = started(&folder);
    interrupt(&running);
    let stopped = running.ends_with_open_input();
    stopped.expect(130, &["slow: the run was interrupted"]);
    let outcome = json(&folder, &format!("results/slow/{DATE}/outcome.json"));
    assert_eq!(outcome["status"], 130);
    let report = json(&folder, &format!("results/slow/{DATE}/report.json"));
    assert_eq!(report["interrupted"], true);
    assert_eq!(unfinished(&folder), 0);
    // It has no verdict: it is tested again.
    let sound = sound();
    write_fleet(&folder, &[target("slow", &sound.url, "")]);
    dated(&folder, &[]).expect(0, &["slow: conforms"]);
}

#[test]
fn the_next_run_of_a_target_deletes_what_a_killed_fleet_left() {
    let folder = Folder::new();
    let (running, _silent) = started(&folder);
    send("-KILL", &running);
    running.ends_with_open_input().expect(-1, &[]);
    assert_eq!(unfinished(&folder), 1);
    let sound = sound();
    write_fleet(&folder, &[target("slow", &sound.url, "")]);
    // The run itself is not killed: it stops, and its folder stays as long as it is at work.
    let deadline = Instant::now() + Duration::from_secs(60);
    for day in 1.. {
        let date = format!("2026-02-{day:02}");
        run(&folder, &["--date", &date]).expect(0, &["slow: conforms"]);
        if unfinished(&folder) == 0 {
            break;
        }
        assert!(Instant::now() < deadline, "the folder stays");
        std::thread::sleep(Duration::from_secs(3));
    }
}
