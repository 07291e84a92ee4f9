//! New faults of the bundled registry, in a source tree of assay.

use std::path::{Path, PathBuf};

use super::insert::into_array;
use crate::catalogue::{is_name, not_an_id};
use crate::cli::CliError;
use crate::cli::output::write;
use crate::registry;

/// The folder of the faults, in a source tree.
const FOLDER: &str = "src/registry/faults";

/// The line that begins the list of a file.
const LIST: &str = "pub const FAULTS: &[Fault] = &[";

/// The names that the row uses, each with the path that it is imported from. Each file of faults imports `fault`.
const USED: [(&str, &str); 2] = [
    ("At", "crate::registry::response_edit::At"),
    ("on", "crate::registry::response_edit::on"),
];

/// Adds a row to the faults of a suite. Returns its place.
///
/// # Errors
/// An id that exists or is not one, a suite without a file of faults, a folder that is no source tree of assay.
pub fn new_fault(id: &str, suite: &str, requirement: &str) -> Result<String, CliError> {
    if let Some((message, help)) = [id, requirement].into_iter().find_map(not_an_id) {
        return Err(CliError::usage(format!("{message}: {help}")));
    }
    let file = file_of(Path::new(FOLDER), suite)?;
    let text = std::fs::read_to_string(&file)
        .map_err(|error| CliError::usage(format!("cannot read {}: {error}", file.display())))?;
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
        r#"    fault("{id}")
        .violates(&["{requirement}"])
        .title("Say in one sentence how the response differs.")
        .status(on("GET", At::{at}, 200), 203),"#
    );
    let Some((new, line)) = into_array(&text, LIST, &row) else {
        return Err(CliError::usage(format!(
            "{} has no list `{LIST}`: CONTRIBUTING.md shows a row",
            file.display()
        )));
    };
    write(&file, &new)?;
    let imports = missing_imports(&text);
    Ok(format!("fault `{id}`: {}:{line}{imports}", file.display()))
}

/// The file for the faults of a suite: that of its name, or that of its category, if the category has one file.
///
/// # Errors
/// A suite without such a file; the message names the files that there are.
fn file_of(folder: &Path, suite: &str) -> Result<PathBuf, CliError> {
    let name = suite.replace('-', "_");
    let category = name.split('/').next().unwrap_or_default();
    let mut files = [&*name, category]
        .map(|name| folder.join(format!("{name}.rs")))
        .into_iter();
    if is_below(suite)
        && let Some(file) = files.find(|file| file.is_file())
    {
        return Ok(file);
    }
    let dir = folder.join(category);
    let mut known: Vec<String> = std::fs::read_dir(dir)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter_map(|file| Some(file.strip_suffix(".rs")?.replace('_', "-")))
        .filter(|file| file != "mod")
        .map(|file| format!("{}/{file}", category.replace('_', "-")))
        .collect();
    known.sort();
    let folder = folder.display();
    Err(CliError::usage(
        match known.is_empty() || !is_below(suite) {
            true => format!(
                "no faults of `{suite}` in {folder}. Faults belong to assay itself: work in its source tree, and name a suite such as pull/blobs"
            ),
            false => format!(
                "no file in {folder} is named after `{suite}`. Name the file whose faults are nearest: {}",
                known.join(", ")
            ),
        },
    ))
}

/// Whether a suite is one of a category, and no path out of the folder.
fn is_below(suite: &str) -> bool {
    suite.split('/').count() == 2 && suite.split('/').all(is_name)
}

/// The lines that the file lacks for the row to compile.
fn missing_imports(text: &str) -> String {
    let head = text.split("pub const ").next().unwrap_or_default();
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
    use crate::catalogue::Category;

    #[test]
    fn what_the_row_needs_and_the_file_lacks_is_named() {
        let head = "use crate::registry::faults::rows::fault;\nuse crate::registry::response_edit::{At, on};\n";
        let all = format!("{head}{LIST}\n];\n");
        assert_eq!(missing_imports(&all), "");
        let some = all.replace("{At, on}", "At");
        assert_eq!(
            missing_imports(&some),
            "\nadd    use crate::registry::response_edit::on;"
        );
    }

    #[test]
    fn each_suite_has_a_file_of_faults_or_is_told_those_of_its_category() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folder = root.join(FOLDER);
        for category in Category::every() {
            let entries = std::fs::read_dir(root.join("suites").join(category.name()));
            for entry in entries.into_iter().flatten().flatten() {
                let name = entry.file_name().into_string().unwrap_or_default();
                let suite = format!("{category}/{}", name.trim_end_matches(".yaml"));
                match file_of(&folder, &suite) {
                    Ok(file) => {
                        let text = std::fs::read_to_string(&file).unwrap_or_default();
                        assert!(into_array(&text, LIST, "row").is_some(), "{suite}");
                    }
                    Err(error) => {
                        let named = error.message.contains(&format!(": {category}/"));
                        assert!(named, "{}", error.message);
                    }
                }
            }
        }
        assert!(file_of(&folder, "pull/remembered").is_ok());
        assert!(file_of(&folder, "docker-v2/catalog").is_ok());
        let error = file_of(&folder, "push/support");
        assert!(error.is_err_and(|error| error.message.contains("push/manifests, push/")));
        assert!(file_of(&folder, "../pull/blobs").is_err());
    }

    #[test]
    fn ids_are_words_with_hyphens() {
        assert!(is_name("blob-get-203"));
        for wrong in ["", "-a", "a--b", "A", "a_b", "../x"] {
            assert!(!is_name(wrong), "{wrong}");
        }
    }
}
