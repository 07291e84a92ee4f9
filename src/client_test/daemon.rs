//! The version of a client, and its daemon.

use std::path::Path;
use std::time::Duration;

use super::client_environment::{ClientEnvironment, ConnectionKind, write_file};
use super::process::{Daemon, Surroundings, run};
use super::run_error::RunError;

/// How long a daemon may take until it is ready, and the pause between two questions.
const READY: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(200);

/// The version of a client.
pub struct FoundVersion {
    pub version: String,
    pub notes: Vec<String>,
}

/// Asks a client for its version.
///
/// # Errors
/// When it is not installed.
pub async fn version(
    client: &ClientEnvironment<'_>,
    folder: &Path,
) -> Result<FoundVersion, RunError> {
    let text = &client.adapter.text;
    let values = client.values();
    let environment = client.variables(&values, folder, folder);
    let around = Surroundings {
        folder,
        environment: &environment,
        limit: client.limit,
    };
    let words = client.words(&text.version.run, &values, ConnectionKind::NONE);
    let finished = run(&words, &around)
        .await
        .map_err(|error| match error.is_missing() {
            true => RunError::NotInstalled {
                program: error.program.clone(),
                name: text.name.clone(),
            },
            false => error.into(),
        })?;
    let output = format!("{}\n{}", finished.stdout, finished.stderr);
    let found = client
        .adapter
        .version
        .captures(&output)
        .and_then(|found| found.get(1));
    let Some(version) = found.map(|found| found.as_str().to_owned()) else {
        let command = words.join(" ");
        let note = match finished.succeeded() {
            true => format!("`{command}` does not say a version that the adapter reads"),
            false => format!(
                "`{command}` does not say the version: {}",
                finished.ending()
            ),
        };
        return Ok(FoundVersion {
            version: "of an unknown version".to_owned(),
            notes: vec![note],
        });
    };
    let known = &text.version.known;
    let tried = known.is_empty()
        || known
            .iter()
            .any(|known| version.starts_with(known.as_str()));
    let note = format!(
        "{} was written for {} {}: the command line of {version} may differ",
        client.adapter.file,
        text.name,
        known.join(", ")
    );
    Ok(FoundVersion {
        version,
        notes: if tried { Vec::new() } else { vec![note] },
    })
}

/// A client whose daemon runs, if it needs one.
pub struct StartedClient(Option<Daemon>);

impl StartedClient {
    /// Starts the daemon and waits until it is ready.
    ///
    /// # Errors
    /// When it cannot be started, or is not ready in time.
    pub async fn start(client: &ClientEnvironment<'_>) -> Result<Self, RunError> {
        let Some(service) = &client.adapter.text.service else {
            return Ok(Self(None));
        };
        let values = client.values();
        for file in &service.files {
            write_file(&file.path, &file.text, &values)?;
        }
        let environment = client.variables(&values, client.service, client.service);
        let around = Surroundings {
            folder: client.service,
            environment: &environment,
            limit: client.limit,
        };
        let mut daemon = Daemon::start(
            &client.words(&service.run, &values, ConnectionKind::NONE),
            &around,
        )?;
        let ready = client.words(&service.ready, &values, ConnectionKind::NONE);
        let until = tokio::time::Instant::now() + READY;
        loop {
            if run(&ready, &around).await?.succeeded() {
                return Ok(Self(Some(daemon)));
            }
            let ended = daemon.poll_ended();
            if ended || tokio::time::Instant::now() > until {
                daemon.stop().await;
                return Err(not_ready(client, ended));
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    pub async fn stop(self) {
        if let Some(daemon) = self.0 {
            daemon.stop().await;
        }
    }
}

/// Why a daemon is not ready, with the last line of its output.
fn not_ready(client: &ClientEnvironment<'_>, ended: bool) -> RunError {
    let log = std::fs::read_to_string(client.service.join("service.log"));
    let log = log.unwrap_or_default();
    let mut lines = log.lines().filter(|line| !line.trim().is_empty());
    let last = lines.next_back().unwrap_or("none").to_owned();
    let name = client.adapter.text.name.clone();
    match ended {
        true => RunError::ServiceEnded { name, last },
        false => RunError::Service {
            name,
            seconds: READY.as_secs(),
            last,
        },
    }
}
