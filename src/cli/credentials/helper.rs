//! Credential helpers, run as docker runs them: `docker-credential-NAME get`, the server on standard input, JSON
//! on standard output.

use std::process::Stdio;
use std::time::Duration;

use serde::Deserialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;

/// How long a helper may take: some ask a cloud.
const PATIENCE: Duration = Duration::from_secs(30);

/// The most bytes of its output that are read.
const LARGEST: u64 = 1024 * 1024;

/// A helper that does not do.
#[derive(Debug, thiserror::Error)]
pub enum HelperError {
    /// Its name is none.
    #[error("`{0}` is no name of a helper")]
    Name(String),
    /// It cannot be run.
    #[error(
        "docker-credential-{name} cannot be run: {reason}. Install it, or take it out of the file"
    )]
    Run {
        /// The helper.
        name: String,
        /// What the system says.
        reason: std::io::Error,
    },
    /// It took too long.
    #[error("docker-credential-{0} did not answer within {patience}", patience = humantime::format_duration(PATIENCE))]
    Slow(String),
    /// It failed.
    #[error("docker-credential-{name} failed: {says}")]
    Failed {
        /// The helper.
        name: String,
        /// Its own words.
        says: String,
    },
    /// What it says is not understood.
    #[error("docker-credential-{0} did not answer with the JSON of credentials")]
    Answer(String),
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    username: String,
    secret: String,
}

/// Asks a helper for the user name and secret of a server. That it knows none is no error.
///
/// # Errors
/// When it cannot be run, takes too long, fails, or says something else.
pub async fn ask(name: &str, server: &str) -> Result<Option<(String, String)>, HelperError> {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if name.is_empty() || !name.chars().all(fits) {
        return Err(HelperError::Name(name.escape_debug().to_string()));
    }
    let failed = |reason| HelperError::Run {
        name: name.to_owned(),
        reason,
    };
    let run = async {
        let mut child = Command::new(format!("docker-credential-{name}"))
            .arg("get")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        if let Some(mut input) = child.stdin.take() {
            // A helper that does not read knows what it does.
            let _ = input.write_all(server.as_bytes()).await;
        }
        let mut said = Vec::new();
        if let Some(output) = child.stdout.take() {
            output.take(LARGEST).read_to_end(&mut said).await?;
        }
        Ok((child.wait().await?, said))
    };
    let ended = tokio::time::timeout(PATIENCE, run).await;
    let (status, said) = ended
        .map_err(|_| HelperError::Slow(name.to_owned()))?
        .map_err(failed)?;
    if !status.success() {
        let said = String::from_utf8_lossy(&said);
        let line = said.lines().next().unwrap_or_default().trim();
        if line.contains("credentials not found") {
            return Ok(None);
        }
        let says: String = line.chars().filter(|c| !c.is_control()).take(200).collect();
        return Err(HelperError::Failed {
            name: name.to_owned(),
            says: match says.is_empty() {
                true => status.to_string(),
                false => says,
            },
        });
    }
    let answer: Answer =
        serde_json::from_slice(&said).map_err(|_| HelperError::Answer(name.to_owned()))?;
    let known = !answer.username.is_empty() && !answer.secret.is_empty();
    Ok(known.then_some((answer.username, answer.secret)))
}
