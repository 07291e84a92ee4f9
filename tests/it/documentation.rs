//! What is generated in the documentation is what the tool says. `UPDATE_DOCS=1 cargo test --test it documentation::`
//! writes it anew.

use std::collections::BTreeMap;
use std::path::Path;

/// Holds what stands between `<!-- NAME: begin -->` and `<!-- NAME: end -->` in a file against `made`.
fn check(file: &str, name: &str, made: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    let [begin, end] = ["begin", "end"].map(|part| format!("<!-- {name}: {part} -->\n"));
    let (before, rest) = text.split_once(&begin).unwrap();
    let (found, after) = rest.split_once(&end).unwrap();
    let made = format!("\n{}\n\n", made.trim_end());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, [before, &begin, &made, &end, after].concat()).unwrap();
        return;
    }
    assert!(
        found == made,
        "{file}: what stands under `{name}` is not what is true now: run `UPDATE_DOCS=1 cargo test --test it documentation::`"
    );
}

#[test]
fn the_table_of_options() {
    check(
        "docs/configuration.md",
        "options",
        &oci_assay::cli::options_table(),
    );
}

fn assay(args: &[&str]) -> String {
    let printed = crate::support::run::printed(args);
    printed.expect(0, &[]);
    printed.stdout
}

#[test]
fn the_table_of_what_is_tested() {
    let made = assay(&["coverage", "--format", "markdown"]);
    check("docs/coverage.md", "coverage", &made);
}

#[test]
fn the_cases_that_each_version_brought() {
    let list = assay(&["list", "cases", "--format", "json"]);
    let list: serde_json::Value = serde_json::from_str(&list).unwrap();
    let mut versions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for case in list
        .get("cases")
        .and_then(|cases| cases.as_array())
        .unwrap()
    {
        let text = |key: &str| {
            case.get(key)
                .and_then(|value| value.as_str())
                .unwrap()
                .to_owned()
        };
        versions
            .entry(text("since"))
            .or_default()
            .push(format!("`{}`", text("id")));
    }
    let made: Vec<String> = versions
        .iter()
        .rev()
        .map(|(version, cases)| format!("{version}: {}\n", cases.join(", ")))
        .collect();
    check("CHANGELOG.md", "cases", &made.join("\n"));
}

#[test]
fn every_example_of_writing_cases_lints() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/writing-cases.md");
    let text = std::fs::read_to_string(path).unwrap();
    let blocks = text.split("```yaml\n").skip(1);
    let suites: Vec<&str> = blocks
        .filter_map(|block| block.split("```").next())
        .collect();
    assert!(suites.len() >= 5);
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("everywhere")).unwrap();
    for (index, suite) in suites.iter().enumerate() {
        let file = folder
            .path()
            .join(format!("everywhere/example-{index}.yaml"));
        std::fs::write(file, suite).unwrap();
    }
    crate::support::run::printed(&["lint", folder.path().to_str().unwrap()]).expect(0, &[]);
}
