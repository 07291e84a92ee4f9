//! One trial: a registry, a client that is asked for one action, and what came of it.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::adapter::{ActionText, FileText, LOGIN, LoadedAdapter};
use super::content::{Content, write_archive};
use super::format::{LoginKind, OtherHost};
use super::hosts::Hosts;
use super::landed::Landed;
use super::placeholders::{Values, fill};
use super::process::{Finished, Surroundings, run};
use super::scenario::Setup;
use super::secrets::{Secrets, USER};
use super::setup::{self, ARTIFACT_TYPE, TAG};
use super::switchboard::Switchboard;
use super::wire::{Listener, Seen, Wire};
use crate::registry::{Server, StoredContent};

/// What all trials of a client share.
pub struct Bench<'a> {
    pub adapter: &'a LoadedAdapter,
    pub switchboard: &'a Switchboard,
    /// The folder of the client's daemon.
    pub service: &'a Path,
    /// PATH of the client's environment.
    pub path: &'a str,
    /// How long each command may run.
    pub limit: Duration,
}

/// A trial that is over.
#[derive(Debug)]
pub struct Trial {
    pub setup: Setup,
    pub content: Arc<Content>,
    /// The repository of the image, and the one that it is copied to.
    pub name: String,
    pub copy: String,
    pub wire: Arc<Wire>,
    pub seen: Vec<Seen>,
    pub given: Vec<u32>,
    pub hosts: Hosts,
    pub stored: StoredContent,
    /// The commands of the action, up to the first that failed.
    pub commands: Vec<Finished>,
    pub landed: Landed,
    pub duration: Duration,
}

/// Why a trial could not be made.
#[derive(Debug, thiserror::Error)]
pub enum TrialError {
    #[error("the trial cannot be set up: {0}")]
    SetUp(String),
    #[error("{0}")]
    Start(#[from] super::process::StartError),
    #[error("`{command}`, which prepares the action, failed: {reason}")]
    Prepare { command: String, reason: String },
}

impl From<std::io::Error> for TrialError {
    fn from(error: std::io::Error) -> Self {
        Self::SetUp(error.to_string())
    }
}

impl Trial {
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

    /// How the client ended, in words.
    pub fn ending(&self) -> String {
        let Some(last) = self.commands.last() else {
            return "no command was run".to_owned();
        };
        match (last.status, last.hung) {
            (_, true) => format!("still running after {} s", last.duration.as_secs()),
            (Some(status), false) => format!("exit status {status}"),
            (None, false) => "ended by a signal".to_owned(),
        }
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

/// Makes one trial in a folder of its own.
///
/// # Errors
/// What keeps the client from being asked.
pub async fn trial(
    bench: &Bench<'_>,
    setup: &Setup,
    number: usize,
    folder: &Path,
) -> Result<Trial, TrialError> {
    let content = Arc::new(Content::new(setup.content)?);
    let secrets = Secrets::new();
    let options = setup::options(setup, &secrets);
    let visible_after = options.visibility_delay.longest();
    let wire = Arc::new(Wire::new(&setup.answers, content.clone(), secrets));
    let tap = |host| {
        Arc::new(Listener {
            wire: wire.clone(),
            host,
        })
    };
    let address = SocketAddr::from(([127, 0, 0, 1], 0));
    let server = Server::start_tapped(address, options, tap(None)).await?;
    let port = server.start_another(tap(Some(OtherHost::Port))).await?;
    let hosts = Hosts {
        name: format!("trial-{number}.other.example"),
        port: authority(&port),
    };
    let stored = server.stored_content();
    wire.connect(hosts.clone(), stored.clone());
    let registered = bench.switchboard.register(&hosts.name, wire.clone());
    let name = format!("trial/image-{number}");
    setup::fill(&stored, &name, setup, &content).map_err(TrialError::SetUp)?;
    tokio::time::sleep(visible_after).await;
    let places = Places::make(folder)?;
    let values = values(
        bench,
        setup,
        &content,
        &authority(&server),
        &name,
        &places,
        &wire.secrets,
    );
    let asked = ask(bench, setup, &content, &values, &places).await;
    drop(registered);
    tokio::time::sleep(visible_after).await;
    // What arrived after the client's end is not its doing.
    let seen = wire.take_seen();
    port.stop().await;
    server.stop().await;
    let (commands, landed) = asked?;
    let duration = commands.iter().map(|one| one.duration).sum();
    Ok(Trial {
        setup: setup.clone(),
        copy: format!("{name}-copy"),
        name,
        given: wire.given(),
        content,
        wire,
        seen,
        hosts,
        stored,
        commands,
        landed,
        duration,
    })
}

fn authority(server: &Server) -> String {
    server.url().trim_start_matches("http://").to_owned()
}

/// The folders of a trial.
struct Places {
    home: PathBuf,
    out: PathBuf,
    layout: PathBuf,
    temporary: PathBuf,
    archive: PathBuf,
    file: PathBuf,
}

impl Places {
    fn make(folder: &Path) -> std::io::Result<Self> {
        let below = |name: &str| {
            let path = folder.join(name);
            std::fs::create_dir_all(&path).map(|()| path)
        };
        Ok(Self {
            home: below("home")?,
            out: below("out")?,
            layout: below("layout")?,
            temporary: below("tmp")?,
            archive: folder.join("image.tar"),
            file: folder.join("home/attached.txt"),
        })
    }
}

fn values(
    bench: &Bench<'_>,
    setup: &Setup,
    content: &Content,
    host: &str,
    name: &str,
    places: &Places,
    secrets: &Secrets,
) -> Values {
    let shown = |path: &Path| path.to_string_lossy().into_owned();
    let (root, media_type) = content.root();
    let repository = format!("{host}/{name}");
    let image = match setup.by_digest {
        true => format!("{repository}@{}", root.digest),
        false => format!("{repository}:{TAG}"),
    };
    Values::from([
        ("archive", shown(&places.archive)),
        ("artifact-type", ARTIFACT_TYPE.to_owned()),
        ("basic", secrets.basic()),
        ("copy", format!("{repository}-copy:{TAG}")),
        ("digest", root.digest.clone()),
        ("file", shown(&places.file)),
        ("home", shown(&places.home)),
        ("host", host.to_owned()),
        ("image", image),
        ("layout", shown(&places.layout)),
        ("manifest-type", media_type.to_owned()),
        ("name", name.to_owned()),
        ("out", shown(&places.out)),
        ("password", secrets.password().to_owned()),
        ("program", bench.adapter.text.program.clone()),
        ("repository", repository),
        ("service", shown(bench.service)),
        ("tag", TAG.to_owned()),
        ("user", USER.to_owned()),
    ])
}

/// The environment of a client.
pub fn environment(
    bench: &Bench<'_>,
    values: &Values,
    home: &Path,
    temporary: &Path,
) -> BTreeMap<String, String> {
    let shown = |path: &Path| path.to_string_lossy().into_owned();
    let proxy = bench.switchboard.url();
    let loopback = "127.0.0.1,localhost,::1".to_owned();
    let mut environment = BTreeMap::from([
        ("PATH".to_owned(), bench.path.to_owned()),
        ("HOME".to_owned(), shown(home)),
        ("TMPDIR".to_owned(), shown(temporary)),
        ("XDG_RUNTIME_DIR".to_owned(), shown(temporary)),
        ("HTTP_PROXY".to_owned(), proxy.clone()),
        ("http_proxy".to_owned(), proxy),
        ("NO_PROXY".to_owned(), loopback.clone()),
        ("no_proxy".to_owned(), loopback),
    ]);
    let own = bench.adapter.text.environment.iter();
    environment.extend(own.map(|(name, value)| (name.clone(), fill(value, values))));
    environment
}

/// Writes the files of an adapter.
///
/// # Errors
/// When one cannot be written.
pub fn write_files(files: &[FileText], values: &Values, login: bool) -> std::io::Result<()> {
    for file in files.iter().filter(|file| login || !file.login) {
        let path = PathBuf::from(fill(&file.path, values));
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(path, fill(&file.text, values))?;
    }
    Ok(())
}

/// Asks the client for the action; gives the commands up to the first that failed, and what landed.
async fn ask(
    bench: &Bench<'_>,
    setup: &Setup,
    content: &Arc<Content>,
    values: &Values,
    places: &Places,
) -> Result<(Vec<Finished>, Landed), TrialError> {
    let login = setup.login != LoginKind::None;
    write_files(&bench.adapter.text.files, values, login)?;
    std::fs::write(&places.file, "attached by a trial\n")?;
    let reference = values.get("image").map_or("", String::as_str);
    content.image.write_layout(&places.layout, TAG, reference)?;
    write_archive(&places.layout, &places.archive)?;
    let environment = environment(bench, values, &places.home, &places.temporary);
    let around = Surroundings {
        folder: &places.home,
        environment: &environment,
        limit: bench.limit,
    };
    let none = ActionText {
        prepare: Vec::new(),
        run: Vec::new(),
        by_digest: Vec::new(),
        lands: Vec::new(),
        temporary: Vec::new(),
    };
    let said = bench
        .adapter
        .text
        .actions
        .get(&setup.action)
        .unwrap_or(&none);
    let words = |command: &Vec<String>| bench.words(command, values, login);
    for command in &said.prepare {
        let finished = run(&words(command), &around).await?;
        if !finished.succeeded() {
            return Err(TrialError::Prepare {
                command: finished.words.join(" "),
                reason: finished.stderr.trim().chars().take(300).collect(),
            });
        }
    }
    let action = match setup.by_digest && !said.by_digest.is_empty() {
        true => &said.by_digest,
        false => &said.run,
    };
    let logins = bench.adapter.text.login.iter().filter(|_| login);
    let mut commands = Vec::new();
    for command in logins.chain(action) {
        let finished = run(&words(command), &around).await?;
        let over = !finished.succeeded();
        commands.push(finished);
        if over {
            break;
        }
    }
    let lands: Vec<PathBuf> = said
        .lands
        .iter()
        .map(|place| fill(place, values).into())
        .collect();
    let (temporary, content) = (said.temporary.clone(), content.clone());
    // A daemon's folders take a while.
    let search = move || Landed::search(&lands, &temporary, &content);
    let landed = tokio::task::spawn_blocking(search)
        .await
        .unwrap_or_default();
    Ok((commands, landed))
}

impl Bench<'_> {
    /// The words of a command.
    pub fn words(&self, command: &[String], values: &Values, login: bool) -> Vec<String> {
        let mut words = Vec::new();
        for word in command {
            match word == LOGIN {
                true if login => {
                    let own = self.adapter.text.login_words.iter();
                    words.extend(own.map(|word| fill(word, values)));
                }
                true => {}
                false => words.push(fill(word, values)),
            }
        }
        words
    }
}
