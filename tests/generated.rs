//! What is generated in the documentation is what the tool says. `UPDATE_DOCS=1 cargo test --test generated`
//! writes it anew.
#![allow(clippy::unwrap_used)]

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
        "{file}: what stands under `{name}` is not what is true now: run `UPDATE_DOCS=1 cargo test --test generated`"
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
