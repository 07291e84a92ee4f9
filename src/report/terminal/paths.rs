//! The paths that the reports of a run were written to.

use std::path::PathBuf;

use super::style::{OutputStyle, Verbosity};

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
