//! `assay serve`: the bundled registry, for tests of other tools.

use std::net::SocketAddr;
use std::path::PathBuf;

use std::fmt::Write as _;

use super::listen_address::listen_address;
use super::output::announce;
use super::signals::Interrupts;
use crate::client::quote;
use crate::library::{self, UnknownName};
use crate::registry::{self, Options, Profile, Scheme, Server, Tls, TlsError};
use clap::ValueEnum;

/// The password of a profile's users unless ASSAY_PASSWORD sets one.
const PASSWORD: &str = "open-sesame";

/// Where to listen, and how to behave.
#[derive(Debug, clap::Args)]
pub struct ServeArgs {
    /// The address to listen on; port 0 takes a free one
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:5000", value_parser = listen_address)]
    pub addr: SocketAddr,
    /// A fault, which violates the specification (repeatable): `assay list faults` names them
    #[arg(long, value_name = "ID")]
    pub fault: Vec<String>,
    /// A permitted variant (repeatable): `assay list variants` names them
    #[arg(long, value_name = "ID")]
    pub variant: Vec<String>,
    /// A mistake of deployment, which a run names as the cause of its failures (repeatable)
    #[arg(long, value_name = "ID", value_parser = clap::builder::PossibleValuesParser::new(registry::deployments().map(|one| one.id)))]
    pub deployment: Vec<String>,
    /// Speak TLS, with this certificate (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// The certificate's key (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Accept only clients with a certificate of this authority (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub client_ca: Option<PathBuf>,
    /// Require a login; the password comes from ASSAY_PASSWORD
    #[arg(long, value_name = "SCHEME", value_enum, requires = "user")]
    pub auth: Option<ServedScheme>,
    /// The user who may log in
    #[arg(long, value_name = "NAME")]
    pub user: Option<String>,
    /// Authenticate clients as a well-known registry does: `assay list profiles` names them
    #[arg(long, value_name = "NAME", conflicts_with = "auth")]
    pub like: Option<String>,
    /// The second repository of the run, for faults that concern it alone [default: conformance/repo2, or that of --like]
    #[arg(long, value_name = "NAME")]
    pub repo2: Option<String>,
}

/// An authentication scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ServedScheme {
    /// User name and password.
    Basic,
    /// Tokens that the registry itself issues (GET and POST /token).
    Bearer,
}

/// Why the registry does not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address cannot be listened on.
    #[error("cannot listen on {0}: {1}. Name another address with --addr; port 0 takes a free one")]
    Listen(SocketAddr, std::io::Error),
    /// TLS cannot be set up.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// A user without a password.
    #[error("--user needs a password: set ASSAY_PASSWORD")]
    NoPassword,
    /// No such fault, variant or profile.
    #[error(transparent)]
    Unknown(#[from] UnknownName),
}

/// Serves until Ctrl-C or SIGTERM.
///
/// # Errors
/// An unknown fault, variant or profile, or an address that is not available.
pub async fn serve(args: ServeArgs) -> Result<(), ServeError> {
    let interrupts = Interrupts::install("interrupted before the registry listened");
    let profile = args.like.as_deref().map(library::profile).transpose()?;
    let options = options(&args, profile)?;
    let started = match tls(&args) {
        None => Server::start(args.addr, options).await,
        Some(tls) => Server::start_tls(args.addr, options, tls.acceptor()?).await,
    };
    let server = started.map_err(|error| ServeError::Listen(args.addr, error))?;
    let mut stop = interrupts.stop_gracefully();
    let mut text = format!("listening on {}\n", server.url());
    if let Some(profile) = profile {
        text.push_str(&login_help(profile, &args, &server.url()));
    }
    announce(&text);
    // The sender lives as long as the process.
    let _ = stop.wait_for(|stop| *stop).await;
    server.stop().await;
    Ok(())
}

fn tls(args: &ServeArgs) -> Option<Tls> {
    Some(Tls {
        cert: args.tls_cert.clone()?,
        key: args.tls_key.clone()?,
        client_ca: args.client_ca.clone(),
        http2: true,
    })
}

/// The profile, and the command that logs in to it.
fn login_help(profile: &Profile, args: &ServeArgs, url: &str) -> String {
    let user = args.user.as_deref().or(profile.users.first().copied());
    let [repo, repo2] = profile.repositories;
    let mut text = format!("like {}", profile.title);
    for particular in profile.particulars {
        let _ = write!(text, "\n  {particular}");
    }
    text.push_str("\nto log in:\n  ");
    if std::env::var_os("ASSAY_PASSWORD").is_none() {
        let _ = write!(text, "ASSAY_PASSWORD={PASSWORD} ");
    }
    let user = quote(user.unwrap_or_default());
    let _ = write!(
        text,
        "assay run {url}/{repo} --repo2 {repo2} --username {user}"
    );
    if args.tls_cert.is_some() {
        text.push_str(" --insecure");
    }
    text.push('\n');
    text
}

fn options(args: &ServeArgs, profile: Option<&Profile>) -> Result<Options, ServeError> {
    let mut options = Options::default();
    let password = std::env::var("ASSAY_PASSWORD");
    if let Some(profile) = profile {
        profile.set(&mut options, password.as_deref().unwrap_or(PASSWORD));
    }
    if let Some(repo2) = &args.repo2 {
        options.second_repository.clone_from(repo2);
    }
    for id in &args.variant {
        (library::variant(id)?.set)(&mut options);
    }
    for deployment in args
        .deployment
        .iter()
        .filter_map(|id| registry::deployment(id))
    {
        (deployment.set)(&mut options);
    }
    for id in &args.fault {
        options.faults.push(library::fault(id)?);
    }
    if let Some(user) = &args.user {
        let password = match profile {
            Some(_) => password.unwrap_or_else(|_| PASSWORD.to_owned()),
            None => password.map_err(|_| ServeError::NoPassword)?,
        };
        options.login.user(user, &password);
        options.login.scheme = match args.auth {
            Some(ServedScheme::Basic) => Scheme::Basic,
            Some(ServedScheme::Bearer) => Scheme::Bearer,
            None if options.login.scheme == Scheme::Open => Scheme::Basic,
            None => options.login.scheme,
        };
    }
    Ok(options)
}
