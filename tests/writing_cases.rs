//! Every suite in `docs/writing-cases.md` is one.
#![allow(clippy::unwrap_used)]

mod support;

use std::path::Path;

#[test]
fn every_example_lints() {
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
    support::run::printed(&["lint", folder.path().to_str().unwrap()]).expect(0, &[]);
}
