//! The paths that the reports of a run were written to.

use std::path::PathBuf;

use super::style::{OutputStyle, Verbosity};
use crate::report::Format;

/// The paths of the reports; empty where there is none, or only the verdict is wanted.
pub fn written(paths: &[PathBuf], output: &OutputStyle) -> String {
    let shown: Vec<String> = paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    if shown.is_empty() || output.verbosity == Verbosity::Quiet {
        return String::new();
    }
    format!("Reports: {}\n", shown.join(", "))
}

/// A command that reads report.json, with the path that this report was written to.
pub(super) fn with_path(command: &str, reports: &[PathBuf]) -> String {
    let name = Format::Json.file();
    let written = reports.iter().find(|path| path.ends_with(name));
    match written {
        Some(path) => command.replace(name, &path.display().to_string()),
        None => command.to_owned(),
    }
}
