//! A run against a bundled registry that is started for it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};

use crate::catalogue::Version;
use crate::cli::CliError;
use crate::client::{self, Address, Credentials, RegistryClient};
use crate::engine::{self, Leftovers, Plan, Settings};
use crate::record::Run;
use crate::registry::{Options, Server};
use crate::suite::Suites;

/// A fixed seed, so that a failure can be repeated.
const SEED: u32 = 1;

/// The second repository of all runs: some faults concern it alone.
const SECOND_REPOSITORY: &str = "self-test/two";

/// Starts a registry with these options, runs the plan against it, and stops it.
///
/// # Errors
/// A registry or a client that cannot be started.
pub async fn run(
    mut options: Options,
    suites: Arc<Suites>,
    plan: Plan,
    spec: Version,
    settle: Duration,
) -> Result<Run, CliError> {
    let address = SocketAddr::from(([127, 0, 0, 1], 0));
    let credentials = credentials(&options);
    options.second_repository = SECOND_REPOSITORY.to_owned();
    let server = Server::start(address, options).await.map_err(|error| {
        CliError::no_verdict(format!("the bundled registry cannot be started: {error}"))
    })?;
    let target = target(&server, credentials)?;
    let (events, _) = mpsc::unbounded_channel();
    let (_stop, stopped) = watch::channel(false);
    let run = engine::run(
        plan,
        suites,
        target,
        settings(spec, settle),
        events,
        stopped,
    )
    .await;
    server.stop().await;
    Ok(run)
}

fn target(server: &Server, credentials: Option<Credentials>) -> Result<RegistryClient, CliError> {
    let address = Address::parse(&server.url()).map_err(CliError::usage)?;
    let settings = client::Settings {
        credentials,
        // Without TLS the system's certificates are not needed.
        tls: client::Tls {
            insecure: true,
            ..client::Tls::default()
        },
        ..client::Settings::default()
    };
    RegistryClient::new(&address, settings).map_err(CliError::usage)
}

fn settings(spec: Version, settle: Duration) -> Settings {
    Settings {
        spec,
        repo: "self-test/one".to_owned(),
        repo2: SECOND_REPOSITORY.to_owned(),
        seed: SEED,
        settle,
        jobs: 16,
        deadline: Duration::from_secs(300),
        retries: 0,
        look_first: false,
        leftovers: Leftovers::Vanish,
        bundled: true,
        target_options: Vec::new(),
        no_push: false,
        existing: Vec::new(),
        claims: Vec::new(),
        as_of: None,
    }
}

/// The credentials for a registry with a login.
fn credentials(options: &Options) -> Option<client::Credentials> {
    let (username, password) = options.login.users.first()?.clone();
    Some(client::Credentials {
        secret: client::Secret::Password { username, password },
        source: "the bundled registry itself".to_owned(),
    })
}
