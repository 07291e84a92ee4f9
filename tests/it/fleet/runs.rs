//! The runs of the targets, and their results.

use std::time::{Duration, Instant};

use super::{DATE, dated, fleet, json, target, three};
use crate::support::assay::Assay;
use crate::support::folder::Folder;
use crate::support::registry::{faulty, registry, sound, varied};
use crate::support::server::Server;

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
