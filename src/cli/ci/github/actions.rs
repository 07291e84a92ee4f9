//! The job summary, annotations and step outputs for GitHub Actions, if its environment is present.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::workflow_commands::StoppedCommands;
use crate::cli::CliError;
use crate::cli::output::output;
use crate::record::{Run, Verdict};
use crate::report::{self, Format};

/// GitHub drops the summary of a step that is larger than 1 MiB. In bytes, with room for other commands of the step.
const LARGEST: usize = 1_000_000;

/// The runner that assay was started by.
#[derive(Debug)]
pub struct GitHubActions {
    summary: Option<PathBuf>,
    /// The file of the step's outputs.
    output: Option<PathBuf>,
    commands: StoppedCommands,
}

impl GitHubActions {
    /// Reads the environment, and stops workflow commands: the output may contain text from the target, which must
    /// not be taken for a command. None where the environment has nothing of a runner.
    pub fn begin() -> Option<Self> {
        let begun = Self {
            summary: file("GITHUB_STEP_SUMMARY"),
            output: file("GITHUB_OUTPUT"),
            commands: StoppedCommands::begin(),
        };
        let reads = begun.summary.is_some() || begun.output.is_some();
        (reads || begun.commands.in_runner()).then_some(begun)
    }

    /// Adds the run to the job's summary, annotates the job, and sets the outputs of the step.
    ///
    /// # Errors
    /// When one of the runner's files cannot be written.
    pub fn report(mut self, run: &Run) -> Result<(), CliError> {
        if self.commands.resume() {
            output(&report::github_annotations(run))?;
        }
        if let Some(path) = self.output.take() {
            append(&path, "GITHUB_OUTPUT", &outputs(run))?;
        }
        let Some(path) = self.summary.take() else {
            return Ok(());
        };
        let text = report::render(run, Format::Markdown).map_err(CliError::usage)?;
        append(&path, "GITHUB_STEP_SUMMARY", truncated_to_limit(&text))
    }
}

/// The file that a variable of the runner names.
fn file(variable: &str) -> Option<PathBuf> {
    let path = std::env::var_os(variable).filter(|path| !path.is_empty());
    path.map(PathBuf::from)
}

fn append(path: &Path, variable: &str, text: &str) -> Result<(), CliError> {
    let file = OpenOptions::new().create(true).append(true).open(path);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| {
        CliError::usage(format!(
            "cannot write {} ({variable}): {error}",
            path.display()
        ))
    })
}

/// The outputs of the step: the verdict, how many cases have each verdict, and how many passed only when they were retried.
/// Nothing in them comes from the target.
fn outputs(run: &Run) -> String {
    let counts = Verdict::ALL.map(|verdict| format!("{verdict}={}\n", run.summary.get(verdict)));
    let flaky = run.cases.iter().filter(|case| case.flaky).count();
    format!(
        "verdict={}\n{}flaky={flaky}\n",
        run.verdict,
        counts.concat()
    )
}

/// As many whole lines as fit into [`LARGEST`].
fn truncated_to_limit(text: &str) -> &str {
    let Some(start) = text.as_bytes().get(..LARGEST) else {
        return text;
    };
    let end = start.iter().rposition(|byte| *byte == b'\n');
    end.and_then(|end| text.get(..=end)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outputs_are_the_verdict_and_the_counts() {
        let mut run = report::sample::all_states();
        for case in run.cases.iter_mut().take(2) {
            case.flaky = true;
        }
        let outputs = outputs(&run);
        let begins = format!("verdict=non-conformant\npass={}\nfail=", run.summary.pass);
        assert!(outputs.starts_with(&begins), "{outputs}");
        let lines = outputs.lines().map(|line| line.split_once('='));
        assert!(lines.clone().all(|line| line.is_some()), "{outputs}");
        assert_eq!(lines.count(), 1 + Verdict::ALL.len() + 1);
        assert!(outputs.ends_with("\nflaky=2\n"), "{outputs}");
    }

    #[test]
    fn a_summary_that_is_too_large_ends_with_a_line() {
        let line = "é".repeat(50) + "\n";
        let text = line.repeat(20_000);
        let kept = truncated_to_limit(&text);
        assert!(kept.len() <= LARGEST && kept.len() > LARGEST - 200);
        assert!(kept.ends_with('\n'));
        assert_eq!(truncated_to_limit("short"), "short");
    }
}
