//! Every suite in `docs/writing-cases.md` is one.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::Command;

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
    let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
    let output = command.arg("lint").arg(folder.path()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}
