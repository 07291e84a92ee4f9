//! `assay certify`, as who prepares the pull request would use it.

use std::path::Path;

use oci_assay::internals::data::{Document, File};

use crate::support::assay::Outcome;
use crate::support::folder::Folder;
use crate::support::registry::varied;

const PRODUCT: [&str; 4] = ["--product", "Example: \"Hub\"", "--vendor", "Yes"];
const FOLDER: &str = "distribution-spec/v1.1/example-hub";

/// `assay certify` of the product in a folder.
fn certify(here: &Folder, more: &[&str]) -> Outcome {
    here.assay(&[&["certify"], &PRODUCT[..], &["--out", "out"], more].concat())
}

/// `assay certify --check` of the product's folder.
fn check(here: &Folder) -> Outcome {
    here.assay(&["certify", "--check", &format!("out/{FOLDER}")])
}

fn replace(path: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{from}");
    std::fs::write(path, text.replace(from, to)).unwrap();
}

#[test]
#[ignore = "long: run by .ci/run"]
fn the_folder_is_what_a_reviewer_wants() {
    let here = Folder::new();
    let says = "PRODUCT.yaml has no website_url yet";
    certify(&here, &["--product-version", "1.10"]).expect(0, &[says]);
    let folder = here.path().join("out").join(FOLDER);
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
    let product = Document::parse(&File::new("PRODUCT.yaml", product))
        .unwrap()
        .value();
    let value = |key: &str| product.get(key).and_then(|value| value.as_str());
    assert_eq!(value("name"), Some("Example: \"Hub\""));
    assert_eq!(value("vendor"), Some("Yes"));
    assert_eq!(value("version"), Some("1.10"));
    let readme = std::fs::read_to_string(folder.join("README.md")).unwrap();
    assert!(readme.contains("assay run --spec 1.1 --repo "), "{readme}");

    check(&here).expect(0, &[]);
    what_is_missing_is_named(&here, &folder);
    mistakes_are_named_together(&here);
}

/// Spoils a good folder step by step, and fixes it again.
fn what_is_missing_is_named(here: &Folder, folder: &Path) {
    for name in [
        "README.md",
        "PRODUCT.yaml",
        "results.yaml",
        "report.html",
        "junit.xml",
    ] {
        let (path, aside) = (folder.join(name), folder.with_extension("aside"));
        std::fs::rename(&path, &aside).unwrap();
        check(here).expect(2, &[&format!("{name} is missing")]);
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
        ("results.yaml", "Tag listing: Pass", "Tag listing: FAIL", 1),
        ("results.yaml", "Tag listing: Pass", "Tag listing: Error", 3),
        (
            "results.yaml",
            "Tag listing: Pass",
            "Tag listing: passed",
            2,
        ),
        ("results.yaml", "  Ping: Pass\n", "", 2),
        ("PRODUCT.yaml", "type: \"\"", "type: registry", 2),
        (
            "PRODUCT.yaml",
            "website_url: \"\"",
            "website_url: nowhere",
            2,
        ),
        (
            "PRODUCT.yaml",
            "documentation_url: \"\"",
            "documentation_url: ftp://docs",
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
        check(here).expect(expected, &[name]);
        std::fs::write(&path, good).unwrap();
    }
    std::fs::write(folder.join("report.json"), "{}").unwrap();
    check(here).expect(2, &["report.json does not belong"]);
}

/// Spoils the folder in several places at once: each is named with the way out, and a violation decides the status.
fn mistakes_are_named_together(here: &Folder) {
    let folder = here.path().join("out").join(FOLDER);
    let results = folder.join("results.yaml");
    replace(&results, "Tag listing: Pass", "Tag listing: FAIL");
    replace(&results, "  Ping: Pass\n", "");
    let product = folder.join("PRODUCT.yaml");
    replace(&product, "type: \"\"", "type: registry");
    replace(&product, "website_url: \"\"", "website_url: nowhere");
    check(here).expect(
        1,
        &[
            "results.yaml: `Tag listing` (apis) is FAIL: fix the registry, and run `assay certify` again",
            "results.yaml: `Ping` (apis) is missing: run `assay certify` again",
            "PRODUCT.yaml: the type `registry` is unknown: use one of distribution, hosted platform, installer",
            "PRODUCT.yaml: website_url `nowhere` is not a web address: write https://…",
        ],
    );
}

#[test]
#[ignore = "long: run by .ci/run"]
fn a_feature_that_the_registry_does_not_support_is_no_pass() {
    let server = varied("no-anonymous-mount");
    let here = Folder::new();
    certify(&here, &[&server.url]).expect(0, &[]);
    let results = here.read(&format!("out/{FOLDER}/results.yaml"));
    assert!(
        results.contains("  Blob anonymous mount: Skip\n"),
        "{results}"
    );
    assert!(results.contains("  Blob mount: Pass\n"), "{results}");
}

#[test]
fn the_file_of_options_is_read_and_may_not_make_it_less() {
    let here = Folder::new();
    let config = ["--config", "certify.toml"];
    // Nothing listens there: the run ends before it begins.
    let target = "target = \"http://127.0.0.1:1\"\nrepo = \"team/one\"\nformat = [\"json\"]\n";
    here.write("certify.toml", target);
    certify(&here, &config).expect(3, &["127.0.0.1:1"]);
    for (line, option) in [
        ("baseline = \"known.yaml\"", "baseline"),
        ("skip = [\"tags-*\"]", "skip"),
        ("as-of = \"0.1\"", "as-of"),
        ("spec = \"dev\"", "spec"),
    ] {
        here.write(
            "certify.toml",
            &format!(
                "{target}{line}
"
            ),
        );
        let says = "certify.toml:4) cannot be used in a certification";
        certify(&here, &config).expect(2, &[&format!("`{option}` ("), says]);
    }
}

#[test]
fn what_has_no_place_in_a_certification_is_refused() {
    let here = Folder::new();
    let refused: [(&[&str], &str); 8] = [
        (&["--only", "x"], "--only"),
        (&["--skip", "x"], "--skip"),
        (&["--baseline", "known.yaml"], "--baseline"),
        (&["--no-push", "--seed", "1"], "--no-push"),
        (&["--spec", "dev"], "--spec cannot be used"),
        (&["--format", "json"], "--format"),
        (&["--website", "nowhere"], "--website"),
        (&["--type", "registry"], "use one of distribution"),
    ];
    for (args, named) in refused {
        certify(&here, args).expect(2, &[named]);
    }
    let oci = ["certify", "--product", "OCI Hub", "--vendor", "V"];
    here.assay(&oci).expect(2, &["OCI"]);
    assert_eq!(std::fs::read_dir(here.path()).unwrap().count(), 0);
}
