//! `assay fleet`: many targets in processes of their own, results that are whole or missing, and the site of them.

mod mistakes;
mod runs;
mod site;
#[cfg(unix)]
mod stopping;

use serde_json::Value;

use crate::support::assay::Outcome;
use crate::support::folder::Folder;
use crate::support::registry::Registry;

const DATE: &str = "2026-01-02";

/// A table of a fleet file that tests the small suites.
fn target(name: &str, url: &str, more: &str) -> String {
    format!("[[target]]\nname = \"{name}\"\ntarget = \"{url}\"\n{more}\n")
}

/// A fleet file with the small suites as default.
fn fleet(targets: &[String]) -> Folder {
    let folder = Folder::new();
    write_fleet(&folder, targets);
    folder
}

fn write_fleet(folder: &Folder, targets: &[String]) {
    let suites = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/suites");
    let head = format!("at_once = 2\n[defaults]\nsuites = \"{suites}\"\n\n");
    folder.write("fleet.toml", &(head + &targets.concat()));
}

fn run(folder: &Folder, args: &[&str]) -> Outcome {
    folder.assay(&[&["fleet", "run", "fleet.toml", "--out", "results"], args].concat())
}

fn dated(folder: &Folder, args: &[&str]) -> Outcome {
    run(folder, &[&["--date", DATE], args].concat())
}

fn json(folder: &Folder, path: &str) -> Value {
    serde_json::from_str(&folder.read(path)).unwrap()
}

fn three(sound: &Registry, faulty: &Registry) -> Folder {
    fleet(&[
        target("sound", &sound.url, ""),
        target("faulty", &faulty.url, ""),
        target("down", "http://127.0.0.1:1", ""),
    ])
}
