//! What failed in a run, run again.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use serde_json::Value;
use support::run::assay;
use support::serve::Served;

const FAULTS: [&str; 4] = ["--fault", "blob-head-missing-200", "--fault", "errors-text"];

/// A case that the first of them breaks.
const CASE: &str = "blob-unknown-in-second-repository";

/// A folder in which runs are made.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// `assay run` in this folder: its exit status, and what it says.
    fn run(&self, args: &[&str]) -> (i32, String) {
        let mut command = assay();
        command.current_dir(self.0.path());
        command.args(["run", "--progress", "never"]).args(args);
        let output = command.output().unwrap();
        let text = [&output.stdout[..], &output.stderr[..]].concat();
        let text = String::from_utf8(text).unwrap();
        assert!(!text.contains("panicked"), "{text}");
        (output.status.code().unwrap(), text)
    }

    fn report(&self, folder: &str) -> Value {
        let path = self.0.path().join(folder).join("report.json");
        serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.0.path().join(name), text).unwrap();
    }
}

fn became(report: &Value) -> Vec<(String, String)> {
    let cases = report["rerun"]["cases"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    cases
        .map(|case| (text(&case["id"]), text(&case["became"])))
        .collect()
}

/// How many cases were run.
fn run(report: &Value) -> usize {
    let cases = report["cases"].as_array().unwrap().iter();
    cases.filter(|case| case["verdict"] != "skipped").count()
}

#[test]
fn what_still_fails_and_what_is_fixed_is_said() {
    let (here, broken) = (Folder::new(), Served::start(&FAULTS));
    let first = ["--category", "pull,everywhere", "--spec", "dev"];
    let (status, text) = here.run(&[&[broken.url.as_str()], &first[..]].concat());
    assert_eq!(status, 1, "{text}");
    let earlier = here.report("reports");
    let bad = |case: &&Value| {
        let verdict = case["verdict"].as_str().unwrap();
        ["fail", "warn", "blocked"].contains(&verdict)
    };
    let failed = earlier["cases"].as_array().unwrap().iter().filter(bad);
    let failed = failed.count();
    assert!(failed > 2, "{text}");

    // The same target, of which nothing is said: an invariant is judged again too.
    let (status, text) = here.run(&["--rerun", "reports/report.json"]);
    assert_eq!(status, 1, "{text}");
    assert_eq!(here.report("reports"), earlier, "the report is still there");
    let again = here.report("reports/again");
    assert_eq!(again["spec"], "dev");
    assert_eq!(again["target"]["url"], earlier["target"]["url"]);
    let still = became(&again);
    assert_eq!(still.len(), failed);
    assert!(
        still.iter().all(|(_, became)| became == "still"),
        "{still:?}"
    );
    assert!(
        still.iter().any(|(id, _)| id == "blob-head-missing"),
        "{still:?}"
    );
    assert!(run(&again) < run(&earlier), "only what is needed is run");

    // Another target, which is sound.
    let sound = Served::start(&[]);
    let args = [sound.url.as_str(), "--rerun", "reports/report.json", "-q"];
    let (status, text) = here.run(&args);
    assert_eq!(status, 0, "{text}");
    assert!(text.contains("that failed are fixed."), "{text}");
    let fixed = became(&here.report("reports/again"));
    assert!(
        fixed.iter().all(|(_, became)| became == "fixed"),
        "{fixed:?}"
    );

    // And then there is nothing.
    let (status, text) = here.run(&["--rerun", "reports/again/report.json", "--out", "never"]);
    assert_eq!(status, 0, "{text}");
    assert!(text.starts_with("nothing to run again"), "{text}");
    assert!(!here.0.path().join("never").exists());
}

#[test]
fn a_feature_that_was_required_is_required_again() {
    let here = Folder::new();
    let without = Served::start(&["--variant", "no-referrers"]);
    let first = [
        without.url.as_str(),
        "--only",
        "api-base",
        "--require",
        "referrers",
    ];
    assert_eq!(here.run(&first).0, 1);
    let (status, text) = here.run(&["--rerun", "reports/report.json"]);
    assert_eq!(status, 1, "{text}");
    assert!(text.contains("required-referrers"), "{text}");
    let sound = Served::start(&[]);
    let (status, text) = here.run(&[&sound.url, "--rerun", "reports/report.json"]);
    assert_eq!(status, 0, "{text}");
}

#[test]
fn credentials_for_one_target_are_not_sent_to_the_one_that_a_report_names() {
    let here = Folder::new();
    let broken = Served::start(&FAULTS);
    assert_eq!(here.run(&[&broken.url, "--only", "blob-head-missing"]).0, 1);
    here.write(
        "assay.toml",
        "target = \"https://registry.example\"\nusername = \"me\"\n",
    );
    let (status, text) = here.run(&["--rerun", "reports/report.json"]);
    assert_eq!(status, 2, "{text}");
    assert!(
        text.contains("https://registry.example") && text.contains(&broken.url),
        "{text}"
    );
    here.write(
        "assay.toml",
        &format!("target = {:?}\nspec = \"1.0\"\n", broken.url),
    );
    let (status, text) = here.run(&["--rerun", "reports/report.json"]);
    assert_eq!(status, 1, "{text}");
    assert_eq!(here.report("reports/again")["spec"], "1.1", "{text}");
}

#[test]
fn what_cannot_be_run_again_is_refused_with_its_reason() {
    let here = Folder::new();
    let broken = Served::start(&FAULTS);
    assert_eq!(here.run(&[&broken.url, "--only", CASE]).0, 1);
    let path = here.0.path().join("reports/report.json");
    let text = std::fs::read_to_string(path).unwrap();
    for (from, to, said) in [
        (CASE, "unheard-of", "none is left"),
        (&broken.url, "file:///etc/passwd", "its target"),
        ("conformance/repo1", "../../x", "its repository"),
        ("\"schema\": \"2\"", "\"schema\": \"9\"", "version \"9\""),
        ("\"spec\": \"1.1\"", "\"spec\": \"3.0\"", "line 13"),
    ] {
        assert!(text.contains(from), "{from}");
        here.write("changed.json", &text.replace(from, to));
        let (status, text) = here.run(&["--rerun", "changed.json"]);
        assert_eq!(status, 2, "{text}");
        assert!(
            text.contains(said) && text.contains("changed.json"),
            "{text}"
        );
    }
}
