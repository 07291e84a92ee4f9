//! What an author of cases uses: skeletons, and runs after each save.

#[cfg(unix)]
use crate::support::assay::Assay;
use crate::support::folder::Folder;
#[cfg(unix)]
use crate::support::signals::interrupt;

#[test]
fn a_new_suite_and_a_new_case_are_right_and_pass() {
    let here = Folder::new();
    here.write("suites/.keep", "");
    let made = here.assay(&[
        "new",
        "suite",
        "pull/tea",
        "--requirement",
        "blob-get-status",
    ]);
    made.expect(
        0,
        &[
            "wrote suite `pull/tea`: suites/pull/tea.yaml",
            "assay lint suites",
        ],
    );
    let again = here.assay(&["new", "suite", "pull/tea"]);
    again.expect(2, &["the case `tea-first` exists"]);
    let added = here.assay(&["new", "case", "tea-second", "--suite", "pull/tea"]);
    added.expect(0, &["case `tea-second`: suites/pull/tea.yaml:"]);
    let before = here.read("suites/pull/tea.yaml");
    for (id, says) in [("tea-second", "exists"), ("Bad Id", "is not an id")] {
        here.assay(&["new", "case", id, "--suite", "pull/tea"])
            .expect(2, &[says]);
    }
    assert_eq!(here.read("suites/pull/tea.yaml"), before);
    here.run(&["--suites", "suites", "--only", "tea-*"])
        .expect(0, &["2 pass"]);
    // The sentences of the skeletons are replaced by their author.
    let lint = || here.assay(&["lint", "suites"]);
    let still = "`title` is still the one that `assay new` wrote";
    lint().expect(2, &["3 mistakes", "tea.yaml:1:8", still]);
    let written = here.read("suites/pull/tea.yaml");
    let written = written.replace("Say in a few words what the suite is about", "Tea");
    let written = written.replace("Say in one sentence what a registry does", "Tea is hot");
    here.write("suites/pull/tea.yaml", &written);
    lint().expect(0, &["2 cases"]);
}

#[test]
fn what_does_not_exist_is_named_with_the_way_out() {
    let here = Folder::new();
    let new = |args: &[&str]| here.assay(&[&["new"], args].concat());
    new(&["case", "a", "--suite", "pull/x"]).expect(2, &["--suites DIR"]);
    here.write("suites/pull/x.yaml", "title: T\nsection: pull\ncases: []\n");
    new(&["case", "a", "--suite", "pull/y"]).expect(2, &["assay new suite pull/y"]);
    new(&["case", "a", "--suite", "x"]).expect(2, &["CATEGORY/NAME"]);
    new(&["case", "a", "--suite", "pull/x", "--requirement", "no-such"])
        .expect(2, &["assay list requirements"]);
    new(&["requirement", "a", "--category", "pull"]).expect(2, &["source tree"]);
    new(&["fault", "a", "--suite", "pull/x", "--requirement", "b"]).expect(2, &["source tree"]);
}

#[test]
fn lint_reads_scenarios_too_and_names_a_folder_without_files() {
    let here = Folder::new();
    here.write("suites/notes.txt", "no suite");
    let lint = || here.assay(&["lint", "suites"]);
    lint().expect(2, &["has no YAML file", "assay new suite"]);
    let scenario = concat!(env!("CARGO_MANIFEST_DIR"), "/suites/client/courtesy.yaml");
    let text = std::fs::read_to_string(scenario).unwrap();
    here.write("suites/client/courtesy.yaml", &text);
    lint().expect(0, &["0 cases", "scenarios"]);
    let wrong = text.replacen("endpoint: uploads", "endpoint: uploadz", 1);
    here.write("suites/client/courtesy.yaml", &wrong);
    lint().expect(2, &["courtesy.yaml", "uploadz"]);
}

#[test]
fn a_new_requirement_and_a_new_fault_stand_at_the_end_of_their_lists() {
    let here = Folder::new();
    let requirements = concat!(env!("CARGO_MANIFEST_DIR"), "/suites/requirements");
    for file in std::fs::read_dir(requirements).unwrap() {
        let file = file.unwrap();
        let name = file.file_name().into_string().unwrap();
        let text = std::fs::read_to_string(file.path()).unwrap();
        here.write(&format!("suites/requirements/{name}"), &text);
    }
    let made = here.assay(&["new", "requirement", "tea-is-served", "--category", "pull"]);
    made.expect(
        0,
        &["requirement `tea-is-served`: suites/requirements/pull.yaml:"],
    );
    here.assay(&["lint", "suites"])
        .expect(2, &["`says` is still the one", "`why` is still the one"]);
    here.assay(&["new", "requirement", "tea-is-served", "--category", "push"])
        .expect(2, &["exists: suites/requirements/pull.yaml:"]);
    // The requirement exists in the draft alone: the command that runs its case says so.
    let served = ["--requirement", "tea-is-served"];
    here.assay(&[&["new", "suite", "pull/tea"], &served[..]].concat())
        .expect(0, &["--only tea-first --spec dev --watch"]);
    let case = ["new", "case", "tea-second", "--suite", "pull/tea"];
    here.assay(&[&case, &served[..]].concat())
        .expect(0, &["--only tea-second --spec dev --watch"]);
    let faults = "use x::{At, fault, on};\npub const FAULTS: &[Fault] = &[\n];\n";
    here.write("src/registry/faults/pull/tea_time.rs", faults);
    let fault = [
        "new",
        "fault",
        "tea-203",
        "--suite",
        "pull/tea-time",
        "--requirement",
        "tea-is-served",
    ];
    here.assay(&fault).expect(
        0,
        &[
            "fault `tea-203`: src/registry/faults/pull/tea_time.rs:3",
            "self-test --faults --only tea-203",
        ],
    );
    let text = here.read("src/registry/faults/pull/tea_time.rs");
    let row = "fault(\"tea-203\")\n        .violates(&[\"tea-is-served\"])\n";
    assert!(text.contains(row), "{text}");
    here.assay(&fault).expect(2, &["exists"]);
}

#[cfg(unix)]
#[test]
fn a_save_runs_the_selection_again() {
    let here = Folder::new();
    here.write("suites/.keep", "");
    here.assay(&["new", "suite", "pull/tea"]).expect(0, &[]);
    let mut running = Assay::new_in(&here)
        .args([
            "run",
            "--suites",
            "suites",
            "--only",
            "tea-first",
            "--watch",
        ])
        .start();
    running.line("watching suites");
    let text = here.read("suites/pull/tea.yaml");
    here.write(
        "suites/pull/tea.yaml",
        &text.replace("status: 200", "status: 204"),
    );
    running.line("suites/pull/tea.yaml changed");
    running.line("Not conformant.");
    running.line("watching suites");
    here.write("suites/pull/tea.yaml", &text.replace("status", "stats"));
    running.line("watching suites");
    here.write("suites/pull/tea.yaml", &text);
    running.line("The tested part violates no requirement");
    running.line("watching suites");
    interrupt(&running);
    running.ends().expect(130, &["unknown key `stats`"]);
}

#[test]
fn nothing_to_watch_is_2() {
    let outcome = Folder::new().run(&["--watch"]);
    outcome.expect(2, &["--suites DIR"]);
}
