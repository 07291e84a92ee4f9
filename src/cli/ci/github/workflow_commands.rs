//! Workflow commands of GitHub Actions: what a registry says must not be taken for one.

use std::io::Write;

/// Stops workflow commands while it exists. Outside of a runner it does nothing.
#[derive(Debug)]
pub struct StoppedCommands {
    /// The token that lets lines be workflow commands again; none outside of a runner.
    token: Option<String>,
}

impl StoppedCommands {
    pub fn begin() -> Self {
        let running = std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true");
        let token = running.then(|| format!("assay-{:032x}", rand::random::<u128>()));
        if let Some(word) = &token {
            line(&format!("::stop-commands::{word}"));
        }
        Self { token }
    }

    /// Whether there is a runner that reads workflow commands.
    pub const fn in_runner(&self) -> bool {
        self.token.is_some()
    }

    /// Lets lines be workflow commands again. False outside of a runner.
    pub fn resume(&mut self) -> bool {
        match self.token.take() {
            Some(word) => {
                line(&format!("::{word}::"));
                true
            }
            None => false,
        }
    }
}

/// Writes a line to standard output. Where nobody reads it, nothing else fails.
fn line(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

impl Drop for StoppedCommands {
    fn drop(&mut self) {
        self.resume();
    }
}
