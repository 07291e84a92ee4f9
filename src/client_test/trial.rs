//! One trial: a registry, a client that is asked for one action, and what came of it.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::adapter::ActionText;
use super::asked::Setup;
use super::client_environment::ClientEnvironment;
use super::content::Content;
use super::exchanges::{Listener, Seen, TrialExchanges, traffic};
use super::folders::{Address, TrialFolders, values};
use super::format::{Action, OtherHost};
use super::hosts::Hosts;
use super::landed::{Landed, changes};
use super::process::Finished;
use super::run_action::{Done, run_action};
use super::secrets::Secrets;
use super::setup::{self, Repository};
use super::trial_error::TrialError;
use crate::registry::{ApiRequest, ApiResponse, Server, StoredContent};
use crate::traffic::WireExchange;

/// A trial that is over.
#[derive(Debug)]
pub struct Trial {
    pub setup: Setup,
    pub content: Arc<Content>,
    /// The repository of the image, and the one that it is copied to.
    pub name: String,
    pub copy: String,
    pub wire: Arc<TrialExchanges>,
    pub seen: Vec<Seen>,
    /// The same, for the rules of traffic.
    pub traffic: Vec<Arc<WireExchange>>,
    pub given: Vec<u32>,
    pub hosts: Hosts,
    pub stored: StoredContent,
    /// The commands of the action, up to the first that failed.
    pub commands: Vec<Finished>,
    pub landed: Landed,
    /// What the client changed outside of its destination.
    pub outside: Vec<String>,
    pub duration: Duration,
}

impl Trial {
    /// What its registry answers to GET in a repository, when all is over.
    pub fn stored_at(&self, name: &str, path: &str) -> ApiResponse {
        let path = format!("/v2/{name}/{path}");
        let request = ApiRequest::new("GET", "http://localhost", &path);
        self.stored.request(&request)
    }

    /// Whether every command of the action succeeded.
    pub fn succeeded(&self) -> bool {
        self.commands.iter().all(Finished::succeeded)
    }

    /// Whether a command ran out of its time.
    pub fn hung(&self) -> bool {
        self.commands.iter().any(|one| one.hung)
    }

    /// Both outputs of all commands.
    pub fn output(&self) -> String {
        let outputs = self.commands.iter();
        outputs
            .map(|one| format!("{}\n{}\n", one.stdout, one.stderr))
            .collect()
    }

    /// Whether only a part of an output was kept.
    pub fn output_is_cut(&self) -> bool {
        self.commands.iter().any(|one| one.is_cut)
    }

    /// Whether the effect of its action is read from the output.
    pub const fn is_judged_by_output(&self) -> bool {
        let action = self.setup.asked.action;
        matches!(action, Action::Tags | Action::Referrers | Action::Resolve)
    }

    /// How the client ended, in words.
    pub fn ending(&self) -> String {
        let last = self.commands.last();
        last.map_or_else(|| "no command was run".to_owned(), Finished::ending)
    }

    /// The last line that a failed client printed, without secrets.
    pub fn last_line(&self) -> Option<String> {
        let last = self.commands.last().filter(|one| !one.succeeded())?;
        let last_of = |text: &str| {
            let mut lines = text.lines().filter(|line| !line.trim().is_empty());
            lines.next_back().map(str::to_owned)
        };
        let line = last_of(&last.stderr).or_else(|| last_of(&last.stdout))?;
        let line: String = line.trim().chars().take(300).collect();
        Some(self.wire.secrets.redactor.text(&line))
    }
}

/// The registry of a trial, and what it records.
struct Registry {
    server: Server,
    /// The listener at the other port. It speaks plain HTTP.
    port: Server,
    wire: Arc<TrialExchanges>,
    hosts: Hosts,
    stored: StoredContent,
    /// How long a write may take until it is seen.
    visible_after: Duration,
}

impl Registry {
    async fn start(
        client: &ClientEnvironment<'_>,
        setup: &Setup,
        content: &Arc<Content>,
        number: usize,
        folder: &Path,
    ) -> Result<Self, TrialError> {
        let secrets = Secrets::new();
        let options = setup::options(setup, &secrets);
        let visible_after = options.visibility_delay.longest();
        let wire = Arc::new(TrialExchanges::new(
            &setup.answers,
            content.clone(),
            secrets,
        ));
        let tap = |host| {
            let wire = wire.clone();
            Arc::new(Listener { wire, host })
        };
        let certificate = setup.asked.tls;
        let tls = certificate.map(|kind| client.authority.acceptor(kind, folder));
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let server = Server::start_tapped(address, options, tls.transpose()?, tap(None)).await?;
        let port = server.start_another(tap(Some(OtherHost::Port))).await?;
        let hosts = Hosts {
            name: format!("trial-{number}.other.example"),
            port: authority(&port),
        };
        let stored = server.stored_content();
        wire.connect(hosts.clone(), stored.clone());
        Ok(Self {
            server,
            port,
            wire,
            hosts,
            stored,
            visible_after,
        })
    }

    /// Puts what the action needs, and waits until it is seen.
    async fn fill(&self, setup: &Setup, content: &Content, name: &str) -> Result<(), TrialError> {
        let repository = Repository {
            stored: &self.stored,
            name,
        };
        repository.fill(setup, content).map_err(TrialError::SetUp)?;
        tokio::time::sleep(self.visible_after).await;
        Ok(())
    }

    async fn stop(self) {
        self.port.stop().await;
        self.server.stop().await;
    }
}

/// The `host:port` of a server.
fn authority(server: &Server) -> String {
    let url = server.url();
    let authority = url.split_once("://").map(|(_, authority)| authority);
    authority.unwrap_or_default().to_owned()
}

/// Makes one trial in a folder of its own; `said` is the action in the client's command line.
///
/// # Errors
/// What keeps the client from being asked.
pub async fn trial(
    client: &ClientEnvironment<'_>,
    setup: &Setup,
    said: &ActionText,
    number: usize,
    folder: &Path,
) -> Result<Trial, TrialError> {
    let folders = TrialFolders::make(folder)?;
    let content = Arc::new(Content::new(
        setup.asked.content,
        &folders.outside,
        client.adapter.text.blob_types(),
    )?);
    let registry = Registry::start(client, setup, &content, number, folder).await?;
    let wire = registry.wire.clone();
    let registered = client
        .switchboard
        .register(&registry.hosts.name, wire.clone());
    let name = format!("trial/image-{number}");
    registry.fill(setup, &content, &name).await?;
    let host = authority(&registry.server);
    let address = Address {
        host: &host,
        name: &name,
    };
    let values = values(
        client,
        &setup.asked,
        &content,
        &address,
        &folders,
        &wire.secrets,
    );
    let done = run_action(client, &setup.asked, said, &content, &values, &folders).await;
    drop(registered);
    tokio::time::sleep(registry.visible_after).await;
    // What arrived after the client's end is not its doing.
    let seen = wire.take_seen();
    let (hosts, stored) = (registry.hosts.clone(), registry.stored.clone());
    registry.stop().await;
    let Done { commands, landed } = done?;
    Ok(Trial {
        setup: setup.clone(),
        copy: format!("{name}-copy"),
        name,
        given: wire.given(),
        content,
        wire,
        traffic: traffic(&seen),
        seen,
        hosts,
        stored,
        duration: commands.iter().map(|one| one.duration).sum(),
        commands,
        landed,
        outside: changes(&folders.outside)?,
    })
}
