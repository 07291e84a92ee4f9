//! The job summary and annotations for GitHub Actions, if its environment is present.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;

use super::CliError;
use crate::record::Run;
use crate::report::{self, Format};

/// GitHub drops the summary of a step that is larger than 1 MiB. In bytes, with room for other commands of the step.
const LARGEST: usize = 1_000_000;

/// The runner that assay was started by.
#[derive(Debug, Default)]
pub struct Actions {
    summary: Option<PathBuf>,
    /// The token that lets lines be workflow commands again; none outside of a runner.
    token: Option<String>,
}

impl Actions {
    /// Reads the environment, and stops workflow commands: the output may contain text from the target, which must
    /// not be taken for a command.
    pub fn begin() -> Self {
        let running = std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true");
        let token = running.then(|| format!("assay-{:032x}", rand::random::<u128>()));
        if let Some(word) = &token {
            println!("::stop-commands::{word}");
        }
        Self {
            summary: std::env::var_os("GITHUB_STEP_SUMMARY")
                .filter(|path| !path.is_empty())
                .map(PathBuf::from),
            token,
        }
    }

    /// Adds the run to the job's summary, and annotates the job.
    ///
    /// # Errors
    /// When the summary's file cannot be written.
    pub fn report(mut self, run: &Run) -> Result<(), CliError> {
        if self.resume() {
            super::output::output(&report::annotations(run))?;
        }
        let Some(path) = self.summary.take() else {
            return Ok(());
        };
        let text = report::render(run, Format::Markdown).map_err(CliError::usage)?;
        let file = OpenOptions::new().create(true).append(true).open(&path);
        let written =
            file.and_then(|mut file| file.write_all(truncated_to_limit(&text).as_bytes()));
        written.map_err(|error| {
            CliError::usage(format!(
                "cannot write the job's summary {} (GITHUB_STEP_SUMMARY): {error}",
                path.display()
            ))
        })
    }
}

impl Actions {
    /// Lets lines be workflow commands again. False outside of a runner.
    fn resume(&mut self) -> bool {
        match self.token.take() {
            Some(word) => {
                println!("::{word}::");
                true
            }
            None => false,
        }
    }
}

impl Drop for Actions {
    fn drop(&mut self) {
        self.resume();
    }
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
    fn a_summary_that_is_too_large_ends_with_a_line() {
        let line = "é".repeat(50) + "\n";
        let text = line.repeat(20_000);
        let kept = truncated_to_limit(&text);
        assert!(kept.len() <= LARGEST && kept.len() > LARGEST - 200);
        assert!(kept.ends_with('\n'));
        assert_eq!(truncated_to_limit("short"), "short");
    }
}
