//! `assay certify`, as who prepares the pull request would use it.

use std::path::Path;
use std::process::Output;

use oci_assay::internals::data::{Document, File};

const PRODUCT: [&str; 4] = ["--product", "Example: \"Hub\"", "--vendor", "Yes"];
const FOLDER: &str = "distribution-spec/v1.1/example-hub";

fn assay(args: &[&str]) -> Output {
    let mut command = crate::support::run::assay();
    command.env_clear().arg("certify").args(args);
    command.output().unwrap()
}

fn outcome(output: &Output) -> (Option<i32>, String) {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    (output.status.code(), String::from_utf8(text).unwrap())
}

fn certify(out: &Path, more: &[&str]) -> (Option<i32>, String) {
    let out = ["--out", out.to_str().unwrap()];
    outcome(&assay(&[&PRODUCT[..], &out[..], more].concat()))
}

fn check(folder: &Path) -> (Option<i32>, String) {
    outcome(&assay(&["--check", folder.to_str().unwrap()]))
}

fn replace(path: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{from}");
    std::fs::write(path, text.replace(from, to)).unwrap();
}

#[test]
fn the_folder_is_what_a_reviewer_wants() {
    let out = tempfile::tempdir().unwrap();
    let (status, text) = certify(out.path(), &["--product-version", "1.10"]);
    assert_eq!(status, Some(0), "{text}");
    assert!(
        text.contains("PRODUCT.yaml has no website_url yet"),
        "{text}"
    );
    let folder = out.path().join(FOLDER);
    let entries = std::fs::read_dir(&folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    let five = [
        "PRODUCT.yaml",
        "README.md",
        "junit.xml",
        "report.html",
        "results.yaml",
    ];
    assert_eq!(names, five);

    let product = std::fs::read_to_string(folder.join("PRODUCT.yaml")).unwrap();
    let file = File {
        path: String::new(),
        shown: String::new(),
        text: product.into(),
    };
    let product = Document::parse(&file).unwrap().value();
    let value = |key: &str| product.get(key).and_then(|value| value.as_str());
    assert_eq!(value("name"), Some("Example: \"Hub\""));
    assert_eq!(value("vendor"), Some("Yes"));
    assert_eq!(value("version"), Some("1.10"));
    let readme = std::fs::read_to_string(folder.join("README.md")).unwrap();
    assert!(readme.contains("assay run --spec 1.1 --repo "), "{readme}");

    assert_eq!(check(&folder).0, Some(0));
    what_is_missing_is_named(&folder);
}

/// Spoils a good folder step by step, and mends it again.
fn what_is_missing_is_named(folder: &Path) {
    for name in [
        "README.md",
        "PRODUCT.yaml",
        "results.yaml",
        "report.html",
        "junit.xml",
    ] {
        let (path, aside) = (folder.join(name), folder.with_extension("aside"));
        std::fs::rename(&path, &aside).unwrap();
        let (status, text) = check(folder);
        assert_eq!(status, Some(2), "{text}");
        assert!(text.contains(&format!("{name} is missing")), "{text}");
        std::fs::rename(&aside, &path).unwrap();
    }
    let spoiled = [
        ("report.html", "All tests passed", "Some tests passed", 2),
        (
            "report.html",
            "OCI Distribution 1.1",
            "OCI Distribution 1.0",
            2,
        ),
        ("PRODUCT.yaml", "Example: ", "OCI ", 2),
        ("PRODUCT.yaml", "vendor: \"", "vendor: \"\" \"", 2),
        (
            "results.yaml",
            "Blobs sha256: Pass",
            "Blobs sha256: Skip",
            2,
        ),
        ("junit.xml", "</testsuites>", "", 2),
        (
            "junit.xml",
            "</testsuites>",
            "<testcase><failure/></testcase></testsuites>",
            1,
        ),
        (
            "junit.xml",
            "</testsuites>",
            "<testcase><skipped type=\"skipped\"/></testcase></testsuites>",
            3,
        ),
    ];
    for (name, from, to, expected) in spoiled {
        let path = folder.join(name);
        let good = std::fs::read_to_string(&path).unwrap();
        replace(&path, from, to);
        let (status, text) = check(folder);
        assert_eq!(status, Some(expected), "{name}, {to}: {text}");
        assert!(text.contains(name), "{text}");
        std::fs::write(&path, good).unwrap();
    }
    std::fs::write(folder.join("report.json"), "{}").unwrap();
    let (status, text) = check(folder);
    assert_eq!(status, Some(2), "{text}");
    assert!(text.contains("report.json does not belong"), "{text}");
}

#[test]
fn the_file_of_options_is_read_and_may_not_make_it_less() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("certify.toml");
    let config = ["--config", file.to_str().unwrap()];
    // Nothing listens there: the run ends before it begins.
    let target = "target = \"http://127.0.0.1:1\"\nrepo = \"team/one\"\nformat = [\"json\"]\n";
    std::fs::write(&file, target).unwrap();
    let (status, text) = certify(folder.path(), &config);
    assert_eq!(status, Some(3), "{text}");
    assert!(text.contains("127.0.0.1:1"), "{text}");
    for (line, option) in [
        ("baseline = \"known.yaml\"", "baseline"),
        ("skip = [\"tags-*\"]", "skip"),
        ("as-of = \"0.1\"", "as-of"),
        ("spec = \"dev\"", "spec"),
    ] {
        std::fs::write(&file, format!("{target}{line}\n")).unwrap();
        let (status, text) = certify(folder.path(), &config);
        assert_eq!(status, Some(2), "{text}");
        assert!(text.contains(&format!("`{option}` (")), "{text}");
        let says = "certify.toml:4) cannot be used in a certification";
        assert!(text.contains(says), "{text}");
    }
}

#[test]
fn what_has_no_place_in_a_certification_is_refused() {
    let out = tempfile::tempdir().unwrap();
    let refused: [(&[&str], &str); 7] = [
        (&["--only", "x"], "--only"),
        (&["--skip", "x"], "--skip"),
        (&["--baseline", "known.yaml"], "--baseline"),
        (&["--no-push", "--seed", "1"], "--no-push"),
        (&["--spec", "dev"], "--spec cannot be used"),
        (&["--format", "json"], "--format"),
        (&["--website", "nowhere"], "--website"),
    ];
    for (args, named) in refused {
        let (status, text) = certify(out.path(), args);
        assert_eq!(status, Some(2), "{text}");
        assert!(text.contains(named), "{text}");
    }
    let (status, text) = outcome(&assay(&["--product", "OCI Hub", "--vendor", "V"]));
    assert_eq!(status, Some(2), "{text}");
    assert!(text.contains("OCI"), "{text}");
    assert_eq!(std::fs::read_dir(out.path()).unwrap().count(), 0);
}
