//! Credential helpers, run as docker runs them: `docker-credential-NAME get`, the server on standard input, JSON
//! on standard output.

use std::process::Stdio;
use std::time::Duration;

use serde::Deserialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;

/// Some helpers ask a cloud service.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The limit of its output, in bytes.
const LARGEST: u64 = 1024 * 1024;

/// A helper that fails.
#[derive(Debug, thiserror::Error)]
pub enum HelperError {
    /// An invalid name.
    #[error("`{0}` is not the name of a credential helper")]
    Name(String),
    /// It cannot be run.
    #[error(
        "docker-credential-{name} cannot be run: {reason}. Install it, or name another one there"
    )]
    Run {
        name: String,
        reason: std::io::Error,
    },
    /// It took too long.
    #[error("docker-credential-{0} did not finish within {timeout}", timeout = humantime::format_duration(TIMEOUT))]
    Slow(String),
    /// It failed.
    #[error(
        "docker-credential-{name} failed ({status}): `docker-credential-{name} get` with the host on its standard input shows why"
    )]
    Failed {
        name: String,
        status: std::process::ExitStatus,
    },
    /// Its output is not understood.
    #[error("docker-credential-{0} did not print credentials as JSON")]
    Answer(String),
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    username: String,
    secret: String,
}

/// Asks a helper for the user name and secret of a server; None if it does not know the server.
///
/// # Errors
/// A helper that cannot be run, takes too long, fails, or prints something else.
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
            // A helper may ignore its input.
            let _ = input.write_all(server.as_bytes()).await;
        }
        let mut stdout = Vec::new();
        if let Some(output) = child.stdout.take() {
            output.take(LARGEST).read_to_end(&mut stdout).await?;
        }
        Ok((child.wait().await?, stdout))
    };
    let ended = tokio::time::timeout(TIMEOUT, run).await;
    let (status, stdout) = ended
        .map_err(|_| HelperError::Slow(name.to_owned()))?
        .map_err(failed)?;
    if !status.success() {
        let text = String::from_utf8_lossy(&stdout);
        let line = text.lines().next().unwrap_or_default().trim();
        if line.contains("credentials not found") {
            return Ok(None);
        }
        // Its output may hold a secret: it is not shown.
        return Err(HelperError::Failed {
            name: name.to_owned(),
            status,
        });
    }
    let answer: Answer =
        serde_json::from_slice(&stdout).map_err(|_| HelperError::Answer(name.to_owned()))?;
    let known = !answer.username.is_empty() && !answer.secret.is_empty();
    Ok(known.then_some((answer.username, answer.secret)))
}
