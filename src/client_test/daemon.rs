//! The version of a client, and its daemon.

use std::path::Path;
use std::time::Duration;

use super::bench::{Bench, Terms, write_file};
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
pub async fn version(bench: &Bench<'_>, folder: &Path) -> Result<FoundVersion, RunError> {
    let text = &bench.adapter.text;
    let values = bench.values();
    let environment = bench.environment(&values, folder, folder);
    let around = Surroundings {
        folder,
        environment: &environment,
        limit: bench.limit,
    };
    let words = bench.words(&text.version.run, &values, Terms::NONE);
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
    let found = bench
        .adapter
        .version
        .captures(&output)
        .and_then(|found| found.get(1));
    let Some(version) = found.map(|found| found.as_str().to_owned()) else {
        return Ok(FoundVersion {
            version: "of an unknown version".to_owned(),
            notes: vec![format!(
                "`{}` does not say a version that the adapter reads",
                words.join(" ")
            )],
        });
    };
    let known = &text.version.known;
    let tried = known.is_empty()
        || known
            .iter()
            .any(|known| version.starts_with(known.as_str()));
    let note = format!(
        "{} was written for {} {}: the command line of {version} may differ",
        bench.adapter.file,
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
    pub async fn start(bench: &Bench<'_>) -> Result<Self, RunError> {
        let Some(service) = &bench.adapter.text.service else {
            return Ok(Self(None));
        };
        let values = bench.values();
        for file in &service.files {
            write_file(&file.path, &file.text, &values)?;
        }
        let environment = bench.environment(&values, bench.service, bench.service);
        let around = Surroundings {
            folder: bench.service,
            environment: &environment,
            limit: bench.limit,
        };
        let mut daemon = Daemon::start(&bench.words(&service.run, &values, Terms::NONE), &around)?;
        let ready = bench.words(&service.ready, &values, Terms::NONE);
        let until = tokio::time::Instant::now() + READY;
        loop {
            if run(&ready, &around).await?.succeeded() {
                return Ok(Self(Some(daemon)));
            }
            if daemon.poll_ended() || tokio::time::Instant::now() > until {
                daemon.stop().await;
                let log = std::fs::read_to_string(bench.service.join("service.log"));
                let log = log.unwrap_or_default();
                return Err(RunError::Service {
                    name: bench.adapter.text.name.clone(),
                    seconds: READY.as_secs(),
                    last: log.lines().next_back().unwrap_or("none").to_owned(),
                });
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
