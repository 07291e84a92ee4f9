//! `assay fleet`: many targets in processes of their own, results that are whole or missing, and the site of them.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::assay::{Assay, Outcome};
use crate::support::folder::Folder;
use crate::support::registry::{Registry, faulty, registry, sound, varied};
use crate::support::server::Server;
#[cfg(unix)]
use crate::support::signals::wait_for_handler;

const DATE: &str = "2026-01-02";

/// A table of a fleet file that tests the small suites.
fn target(name: &str, url: &str, more: &str) -> String {
    format!("[[target]]\nname = \"{name}\"\ntarget = \"{url}\"\n{more}\n")
}

/// A fleet file with the small suites as default.
fn fleet(targets: &[String]) -> Folder {
    let folder = Folder::new();
    let suites = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/suites");
    let head = format!("at_once = 2\n[defaults]\nsuites = \"{suites}\"\n\n");
    folder.write("fleet.toml", &(head + &targets.concat()));
    folder
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

#[test]
fn each_target_has_a_result_and_one_that_is_down_harms_no_other() {
    let (sound, faulty) = (sound(), faulty(&["manifest-get-203"]));
    let folder = three(&sound, &faulty);
    let done = dated(&folder, &[]);
    done.expect(
        1,
        &[
            "sound: conforms",
            "faulty: violates a MUST",
            "down: http://127.0.0.1:1 cannot be reached",
        ],
    );
    let outcome = |name: &str| json(&folder, &format!("results/{name}/{DATE}/outcome.json"));
    assert_eq!(outcome("sound")["status"], 0);
    assert_eq!(outcome("faulty")["status"], 1);
    assert_eq!(outcome("down")["report"], false);
    assert!(folder.has(&format!("results/faulty/{DATE}/report.html")));
    // What has a verdict is not tested again; what was down is.
    let again = dated(&folder, &[]);
    again.expect(
        1,
        &[
            "sound: conforms (has a result of this date",
            "faulty: violates a MUST (has a",
        ],
    );
    assert!(
        !again
            .stdout
            .contains("down: http://127.0.0.1:1 cannot be reached (has"),
        "{}",
        again.stdout
    );
}

#[test]
fn one_target_is_chosen_by_index_or_name() {
    let (sound, faulty) = (sound(), faulty(&["manifest-get-203"]));
    let folder = three(&sound, &faulty);
    dated(&folder, &["--index", "0"]).expect(0, &["sound: conforms"]);
    assert!(!folder.has("results/faulty"));
    dated(&folder, &["--only", "faulty"]).expect(1, &["faulty: violates"]);
    dated(&folder, &["--index", "3"]).expect(2, &["has 3 targets, from 0 to 2"]);
    dated(&folder, &["--only", "fault"]).expect(2, &["did you mean `faulty`?"]);
}

#[test]
fn each_target_has_its_own_login_claims_and_baseline() {
    let login = registry(|options| {
        options.login.user("me", "hunter2");
        options.login.scheme = oci_assay::internals::registry::Scheme::Basic;
    });
    let without = varied("no-referrers");
    let folder = Folder::new();
    let few = "only = [\"api-base\"]";
    let one = |name: &str, url: &str, more: &str| target(name, url, &format!("{few}\n{more}"));
    let targets = [
        one(
            "login",
            &login.url,
            "username = \"me\"\nlogin = \"env:ZOT_LOGIN\"",
        ),
        one("refused", &login.url, "anonymous = true"),
        one("claimed", &without.url, "[target.claims]\nreferrers = true"),
        one(
            "declined",
            &without.url,
            "[target.claims]\nreferrers = false",
        ),
    ];
    // One after another: two of them are the same registry.
    folder.write("fleet.toml", &format!("at_once = 1\n{}", targets.concat()));
    let call = || {
        let call = Assay::new_in(&folder).args(["fleet", "run", "fleet.toml", "--out", "results"]);
        // The credentials of the fleet's own process are for none of the targets.
        let call = call
            .env("ASSAY_USERNAME", "me")
            .env("ASSAY_PASSWORD", "hunter2");
        call.env("ZOT_LOGIN", "hunter2").ends()
    };
    let done = call();
    done.expect(
        1,
        &[
            "login: conforms",
            "refused: ",
            "claimed: violates a MUST",
            "declined: conforms",
        ],
    );
    assert!(!done.stdout.contains("refused: conforms"), "{}", done.text);
    for (path, bytes) in folder.files("results") {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(!text.contains("hunter2"), "{}", path.display());
    }
}

#[test]
fn a_target_has_known_failures() {
    let faulty = faulty(&["manifest-get-203"]);
    let folder = fleet(&[
        target("known", &faulty.url, "baseline = \"known.yaml\""),
        target("new", &faulty.url, "baseline = \"other.yaml\""),
    ]);
    let file = |id: &str| format!("known:\n  - id: {id}\n    reason: R\n");
    folder.write("known.yaml", &file("manifest-get-status"));
    folder.write("other.yaml", &file("blob-get-status"));
    let done = dated(&folder, &[]);
    done.expect(1, &["known: conforms", "new: violates a MUST"]);
}

#[cfg(unix)]
#[test]
fn a_credential_helper_is_asked_for_the_target_alone() {
    let login = registry(|options| {
        options.login.user("me", "hunter2hunter2");
        options.login.scheme = oci_assay::internals::registry::Scheme::Basic;
    });
    let folder = fleet(&[
        target("login", &login.url, "login = \"helper:mine\""),
        target("without", &login.url, ""),
        target("missing", &login.url, "login = \"helper:none\""),
    ]);
    let script = format!(
        "test \"$1\" = get && test \"$(cat)\" = {} && echo '{{\"Username\":\"me\",\"Secret\":\"hunter2hunter2\"}}'",
        login.host()
    );
    let call = Assay::new_in(&folder).helper("mine", &script);
    let call = call.args([
        "fleet",
        "run",
        "fleet.toml",
        "--out",
        "results",
        "--date",
        DATE,
    ]);
    let done = call.ends();
    done.expect(
        3,
        &[
            "login: conforms",
            "without: ",
            "`login` of the fleet's file names a credential helper",
            "docker-credential-none cannot be run",
            "or name another in `login`",
        ],
    );
    assert!(!done.stdout.contains("without: conforms"), "{}", done.text);
    for (path, bytes) in folder.files("results") {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(!text.contains("hunter2"), "{}", path.display());
    }
}

#[test]
fn a_target_that_takes_too_long_is_a_row_with_the_reason_and_harms_no_other() {
    let sound = sound();
    // It greets, and answers nothing else.
    let silent = Server::behind_a_greeting(|_, _| {
        std::thread::sleep(Duration::from_secs(60));
        Ok(false)
    });
    let folder = fleet(&[
        target("silent", &silent.url, "time = \"2s\""),
        target("sound", &sound.url, ""),
    ]);
    let began = Instant::now();
    let done = dated(&folder, &[]);
    assert!(
        began.elapsed() < Duration::from_secs(30),
        "{:?}",
        began.elapsed()
    );
    done.expect(3, &["sound: conforms", "silent: "]);
    let outcome = json(&folder, &format!("results/silent/{DATE}/outcome.json"));
    assert_eq!(outcome["status"], 3);
    let reason = outcome["reason"].as_str().unwrap();
    assert!(reason.contains("2s"), "{reason}");
}

#[test]
fn a_mistake_in_the_file_is_named_and_nothing_is_run() {
    let zot = || target("zot", "http://127.0.0.1:1", "");
    for (targets, line, says) in [
        (vec![zot(), zot()], 10, "two targets have the name `zot`"),
        (
            vec![target("zot", "http://127.0.0.1:1", "spek = \"1.0\"")],
            8,
            "did you mean `spec`?",
        ),
        (
            vec![target("zot", "http://127.0.0.1:1", "spec = \"9.9\"")],
            8,
            "spec",
        ),
        (
            vec![target(
                "zot",
                "http://127.0.0.1:1",
                "password = \"hunter2\"",
            )],
            8,
            "`password`: passwords are not allowed",
        ),
        (
            vec![target("zot", "http://127.0.0.1:1", "login = \"hunter2\"")],
            8,
            "passwords are not allowed",
        ),
        (
            vec![target("zot", "http://me:hunter2@127.0.0.1:1", "")],
            7,
            "passwords are not allowed",
        ),
        (
            vec![target(
                "zot",
                "http://127.0.0.1:1",
                "login = \"env:NOT_SET\"",
            )],
            8,
            "NOT_SET is not set",
        ),
        (
            vec![target("../zot", "http://127.0.0.1:1", "")],
            6,
            "cannot be the name of a folder",
        ),
        (
            vec![target(
                "zot",
                "http://127.0.0.1:1",
                "[target.claims]\nreferers = true",
            )],
            9,
            "did you mean `referrers`?",
        ),
        (
            vec![target("zot", "http://127.0.0.1:1/v2/", "")],
            7,
            "leave `/v2/` out",
        ),
        (
            vec![target("zot", "http://127.0.0.1:1", "out = \"x\"")],
            8,
            "unknown key `out`",
        ),
        (
            vec![target("zot", "http://127.0.0.1:1", "time = \"soon\"")],
            8,
            "90s, 30m, 2h",
        ),
        (
            vec![target(
                "zot",
                "http://127.0.0.1:1",
                "baseline = \"none.yaml\"",
            )],
            8,
            "none.yaml",
        ),
        (
            vec![target("zot", "http://127.0.0.1:1", "ca = \"none.pem\"")],
            8,
            "none.pem",
        ),
        (
            vec![target(
                "zot",
                "http://127.0.0.1:1",
                "only = [\"nothing-of-it\"]",
            )],
            8,
            "nothing-of-it",
        ),
        (vec![String::new()], 1, "names no target"),
    ] {
        let folder = fleet(&targets);
        let refused = run(&folder, &[]);
        refused.expect(2, &[says, &format!("fleet.toml:{line}:")]);
        assert!(!refused.text.contains("hunter2"), "{}", refused.text);
        assert!(!folder.has("results"), "nothing is run");
    }
    run(&Folder::new(), &[]).expect(2, &["fleet.toml cannot be read"]);
}

#[test]
fn at_once_is_at_least_one() {
    let folder = fleet(&[target("zot", "http://127.0.0.1:1", "")]);
    let text = folder.read("fleet.toml");
    folder.write("fleet.toml", &text.replace("at_once = 2", "at_once = 0"));
    let says = "`at_once`: expected a number of at least 1, found 0";
    run(&folder, &[]).expect(2, &[says, "fleet.toml:1:"]);
}

#[test]
fn only_the_chosen_targets_need_their_passwords() {
    let sound = sound();
    let folder = fleet(&[
        target("sound", &sound.url, ""),
        target("other", &sound.url, "login = \"env:NOT_SET\""),
    ]);
    dated(&folder, &["--only", "sound"]).expect(0, &["sound: conforms"]);
    dated(&folder, &["--index", "0"]).expect(0, &["sound: conforms"]);
    dated(&folder, &["--only", "other"]).expect(2, &["set NOT_SET to the password of `other`"]);
}

#[test]
fn output_and_reports_of_a_run_name_the_folder_of_its_result() {
    let faulty = faulty(&["manifest-get-203"]);
    let folder = fleet(&[target("faulty", &faulty.url, "")]);
    dated(&folder, &[]).expect(1, &["faulty: violates"]);
    let command = format!("assay reproduce results/faulty/{DATE}/report.json ");
    for file in ["output.txt", "junit.xml", "report.html"] {
        let text = folder.read(&format!("results/faulty/{DATE}/{file}"));
        assert!(!text.contains(".unfinished-"), "{file}");
        assert!(text.contains(&command), "{file}");
    }
}

#[cfg(unix)]
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

#[test]
fn the_site_shows_what_changed_first() {
    let (sound, faulty) = (sound(), faulty(&["manifest-get-203"]));
    let folder = three(&sound, &faulty);
    dated(&folder, &[]).expect(1, &[]);
    // The next day, the faulty registry is behind the name of the sound one.
    let text = folder.read("fleet.toml").replace(&sound.url, &faulty.url);
    folder.write("fleet.toml", &text);
    run(&folder, &["--date", "2026-01-03", "--only", "sound"]).expect(1, &[]);
    let site = || folder.assay(&["fleet", "site", "results", "--out", "site"]);
    site().expect(0, &["site/index.html: 3 targets, 4 results"]);
    let index = folder.read("site/index.html");
    assert!(index.find("New violation").unwrap() < index.find("Registries").unwrap());
    assert!(
        index.contains("cannot be reached"),
        "a target that is down is a row with the reason"
    );
    let data = json(&folder, "site/index.json");
    let named = |name: &str| {
        data.as_array()
            .unwrap()
            .iter()
            .find(|one| one["name"] == name)
            .unwrap()
            .clone()
    };
    assert!(
        !named("sound")["runs"][1]["changes"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    for file in [
        "matrix.html",
        "matrix.json",
        "feed.atom",
        "sound/index.html",
        "sound/index.json",
        "sound/2026-01-03/report.html",
    ] {
        assert!(folder.has(&format!("site/{file}")), "{file}");
    }
    let matrix = folder.read("site/matrix.html").replace("&#x2f;", "/");
    for link in ["href=\"index.html\"", "href=\"sound/index.html\""] {
        assert!(matrix.contains(link), "{link}");
    }
    // Made again, it is the same, and nothing is left beside it.
    let before = folder.files("site");
    site().expect(0, &[]);
    assert_eq!(folder.files("site"), before);
    let beside = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(beside, 3, "fleet.toml, results and site");
    // With the reports of the latest results alone, no page leads to the others.
    let latest = [
        "fleet",
        "site",
        "results",
        "--out",
        "site",
        "--reports",
        "1",
    ];
    folder.assay(&latest).expect(0, &["3 targets, 4 results"]);
    assert!(folder.has("site/sound/2026-01-03/report.html"));
    assert!(!folder.has(&format!("site/sound/{DATE}")));
    for page in ["site/index.html", "site/sound/index.html", "site/feed.atom"] {
        let earlier = match page {
            "site/sound/index.html" => format!("\"{DATE}/report"),
            _ => format!("sound/{DATE}/report"),
        };
        assert!(!folder.read(page).contains(&earlier), "{page}");
    }
}

#[test]
fn a_result_or_site_that_is_not_whole_is_refused_by_name() {
    let (sound, faulty) = (sound(), faulty(&["manifest-get-203"]));
    let folder = three(&sound, &faulty);
    dated(&folder, &[]).expect(1, &[]);
    let site = |out: &str| folder.assay(&["fleet", "site", "results", "--out", out]);
    site("site").expect(0, &[]);
    let whole = folder.files("site");
    let report = format!("results/sound/{DATE}/report.json");
    let text = folder.read(&report);
    folder.write(&report, &text[..text.len() / 2]);
    site("site").expect(2, &["sound/2026-01-02/report.json is cut off"]);
    folder.write(
        &report,
        &text.replacen("\"schema\": \"2\"", "\"schema\": \"7\"", 1),
    );
    site("site").expect(2, &["sound/2026-01-02/report.json has version \"7\""]);
    folder.write(&report, &text);
    folder.write("results/sound/2026-01-01/report.json", &text);
    site("site").expect(2, &["sound/2026-01-01 is no whole result"]);
    assert_eq!(
        folder.files("site"),
        whole,
        "the site is the last whole one"
    );
    folder.write("mine/notes.txt", "precious");
    site("mine").expect(2, &["is not a site of assay"]);
    assert_eq!(folder.read("mine/notes.txt"), "precious");
    Folder::new()
        .assay(&["fleet", "site", "nothing", "--out", "site"])
        .expect(2, &["nothing"]);
}
