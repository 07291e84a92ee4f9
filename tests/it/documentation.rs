//! Generated parts of the documentation are up to date, and its examples are valid. `UPDATE_DOCS=1 cargo test --test it
//! documentation::` writes the generated parts.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::assay::assay;
use crate::support::folder::Folder;
use crate::support::sources::{check_generated, root};

/// Compares the text between `<!-- NAME: begin -->` and `<!-- NAME: end -->` in a file with `made`.
fn check(file: &str, name: &str, made: &str) {
    let text = std::fs::read_to_string(root().join(file)).unwrap();
    let [begin, end] = ["begin", "end"].map(|part| {
        format!(
            "<!-- {name}: {part} -->
"
        )
    });
    let (before, rest) = text.split_once(&begin).unwrap();
    let (_, after) = rest.split_once(&end).unwrap();
    let made = format!(
        "
{}

",
        made.trim_end()
    );
    let made = [before, &begin, &made, &end, after].concat();
    let command = "UPDATE_DOCS=1 cargo test --test it documentation::";
    check_generated(file, "UPDATE_DOCS", &made, command);
}

#[test]
fn the_table_of_options() {
    check(
        "docs/configuration.md",
        "options",
        &oci_assay::cli::options_table(),
    );
}

fn printed(args: &[&str]) -> String {
    let printed = assay(args);
    printed.expect(0, &[]);
    printed.stdout
}

#[test]
fn the_table_of_what_is_tested() {
    let made = printed(&["coverage", "--format", "markdown"]);
    check("docs/coverage.md", "coverage", &made);
}

#[test]
fn the_cases_that_each_version_brought() {
    let list = printed(&["list", "cases", "--format", "json"]);
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
    let text = std::fs::read_to_string(root().join("docs/writing-cases.md")).unwrap();
    let blocks = text.split("```yaml\n").skip(1);
    let suites: Vec<&str> = blocks
        .filter_map(|block| block.split("```").next())
        .collect();
    assert!(suites.len() >= 5);
    let here = Folder::new();
    for (index, suite) in suites.iter().enumerate() {
        here.write(&format!("suites/everywhere/example-{index}.yaml"), suite);
    }
    here.assay(&["lint", "suites"]).expect(0, &[]);
}

/// Adds the names of the properties below a part of a schema, and the texts that it permits.
fn add_words(part: &serde_json::Value, words: &mut BTreeSet<String>) {
    match part {
        serde_json::Value::Object(map) => {
            if let Some(properties) = map.get("properties").and_then(|one| one.as_object()) {
                words.extend(properties.keys().cloned());
            }
            words.extend(
                map.get("const")
                    .and_then(|one| one.as_str())
                    .map(str::to_owned),
            );
            map.values().for_each(|inner| add_words(inner, words));
        }
        serde_json::Value::Array(parts) => parts.iter().for_each(|inner| add_words(inner, words)),
        _ => {}
    }
}

#[test]
fn the_page_about_cases_explains_every_key() {
    let read = |file: &str| std::fs::read_to_string(root().join(file)).unwrap();
    let schema = serde_json::from_str(&read("schemas/suite.schema.json")).unwrap();
    let page = read("docs/writing-cases.md");
    let (mut words, versions) = (BTreeSet::new(), ["1.0", "1.1", "dev"]);
    add_words(&schema, &mut words);
    let is_part = |char: char| char.is_alphanumeric() || matches!(char, '_' | '-');
    let written: BTreeSet<&str> = page.split(|char| !is_part(char)).collect();
    let missing =
        |word: &&String| !written.contains(word.as_str()) && !versions.contains(&word.as_str());
    let missing: Vec<&String> = words.iter().filter(missing).collect();
    assert!(words.len() > 60, "{words:?}");
    assert_eq!(missing, Vec::<&String>::new());
}
