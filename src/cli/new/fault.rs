//! New faults of the bundled registry, in a source tree of assay.

use std::path::PathBuf;

use super::insert::into_array;
use crate::catalogue::is_name;
use crate::cli::CliError;
use crate::cli::output::write;
use crate::registry;

/// The folder of the faults, in a source tree.
const FOLDER: &str = "src/registry/faults";

/// The table to which a fault belongs that changes a response.
const TABLE: &str = "pub const TABLE: &[Fault] = &[";

/// The names that the row uses, each with the path that it is imported from.
const USED: [(&str, &str); 3] = [
    ("status", "crate::registry::faults::rows::status"),
    ("At", "crate::registry::response_edit::At"),
    ("on", "crate::registry::response_edit::on"),
];

/// Adds a row to the faults of a suite. Returns its place.
///
/// # Errors
/// An id that exists or is no name, a suite without a file of faults, a folder that is no source tree of assay.
pub fn new_fault(id: &str, suite: &str, requirement: &str) -> Result<String, CliError> {
    if !is_name(id) || !is_name(requirement) {
        let wrong = if is_name(id) { requirement } else { id };
        return Err(CliError::usage(format!(
            "`{wrong}` is no name: write small letters and digits, with hyphens between"
        )));
    }
    let file = PathBuf::from(format!("{FOLDER}/{}.rs", suite.replace('-', "_")));
    let text = std::fs::read_to_string(&file).map_err(|error| {
        CliError::usage(format!(
            "cannot read {}: {error}. Faults belong to assay itself: work in its source tree, and name a suite that has a file in {FOLDER}",
            file.display()
        ))
    })?;
    if registry::fault(id).is_some() || text.contains(&format!("\"{id}\"")) {
        return Err(CliError::usage(format!(
            "the fault `{id}` exists: `assay explain {id}` shows it. Use another id"
        )));
    }
    let at = match suite.contains("blob") {
        true => "Blob",
        false => "Manifest",
    };
    let row = format!(
        "    status(\"{id}\", &[\"{requirement}\"],\n        \"Say in one sentence how the response differs.\", on(\"GET\", At::{at}, 200), 203),"
    );
    let Some((new, line)) = into_array(&text, TABLE, &row) else {
        return Err(CliError::usage(format!(
            "{} has no table `{TABLE}`: CONTRIBUTING.md shows one",
            file.display()
        )));
    };
    write(&file, &new)?;
    let imports = missing_imports(&text);
    Ok(format!("fault `{id}`: {}:{line}{imports}", file.display()))
}

/// The lines that the file lacks for the row to compile.
fn missing_imports(text: &str) -> String {
    let head = text.split(TABLE).next().unwrap_or_default();
    let imported = |name: &str| {
        let mut words = head.split(|c: char| !c.is_alphanumeric() && c != '_');
        words.any(|word| word == name)
    };
    let missing = USED.iter().filter(|(name, _)| !imported(name));
    missing
        .map(|(_, path)| format!("\nadd    use {path};"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_row_needs_and_the_file_lacks_is_named() {
        let head = "use crate::registry::faults::rows::{empty, status};\nuse crate::registry::response_edit::{At, on};\n";
        let all = format!("{head}{TABLE}\n];\n");
        assert_eq!(missing_imports(&all), "");
        let some = all.replace("{At, on}", "At");
        assert_eq!(
            missing_imports(&some),
            "\nadd    use crate::registry::response_edit::on;"
        );
    }

    #[test]
    fn ids_are_words_with_hyphens() {
        assert!(is_name("blob-get-203"));
        for wrong in ["", "-a", "a--b", "A", "a_b", "../x"] {
            assert!(!is_name(wrong), "{wrong}");
        }
    }
}
