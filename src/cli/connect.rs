//! The client of a run: how the options reach a target.

use std::path::PathBuf;
use std::time::Duration;

use super::CliError;
use super::config::Password;
use super::credentials::LoginArgs;
use super::durations::duration;
use crate::client::{self, Address, RegistryClient};

/// How to reach a target, and as whom.
#[derive(Debug, clap::Args)]
pub struct ConnectArgs {
    #[command(flatten)]
    pub login: LoginArgs,
    /// A file of certificates (PEM) to trust beside the system's
    #[arg(long, value_name = "FILE", env = "ASSAY_CA", help_heading = "Target")]
    pub ca: Option<PathBuf>,
    /// A client certificate (PEM)
    #[arg(long, value_name = "FILE", env = "ASSAY_CERT", help_heading = "Target")]
    pub cert: Option<PathBuf>,
    /// The client certificate's key (PEM)
    #[arg(long, value_name = "FILE", env = "ASSAY_KEY", help_heading = "Target")]
    pub key: Option<PathBuf>,
    /// Accept any certificate
    #[arg(long, help_heading = "Target")]
    pub insecure: bool,
    /// The most requests in flight; twice as many cases run at once, but with 1 one after the other
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..=512), env = "ASSAY_JOBS", help_heading = "How it is run")]
    pub jobs: u16,
    /// How long one request may take, its whole answer included
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = duration, env = "ASSAY_TIMEOUT", help_heading = "How it is run")]
    pub timeout: Duration,
}

/// A client for a target, with the credentials that the options or the user's files have for it;
/// `password` is what another tool's environment has.
///
/// # Errors
/// When they, or a certificate, cannot be used.
pub async fn connect(
    args: &ConnectArgs,
    password: Option<Password>,
    address: &Address,
    repo: &str,
) -> Result<RegistryClient, CliError> {
    let password = password.map(|password| password.0);
    let credentials = args.login.find(address, repo, password).await?;
    reach(args, address, credentials)
}

/// A client for a target, with these credentials.
///
/// # Errors
/// When a certificate cannot be used.
pub fn reach(
    args: &ConnectArgs,
    address: &Address,
    credentials: Option<client::Credentials>,
) -> Result<RegistryClient, CliError> {
    RegistryClient::new(address, connection(args, credentials)?).map_err(CliError::usage)
}

fn connection(
    args: &ConnectArgs,
    credentials: Option<client::Credentials>,
) -> Result<client::Settings, CliError> {
    if args.cert.is_some() != args.key.is_some() {
        return Err(CliError::usage(
            "a client certificate and its key belong together: name both --cert and --key",
        ));
    }
    Ok(client::Settings {
        timeout: args.timeout,
        jobs: usize::from(args.jobs),
        credentials,
        secrets: proxy_passwords(),
        plain_realm: args.login.allow_plain_realm,
        tls: client::Tls {
            ca: args.ca.clone(),
            cert: args.cert.clone(),
            key: args.key.clone(),
            insecure: args.insecure,
        },
        ..client::Settings::default()
    })
}

/// The passwords of the proxies that the environment names.
fn proxy_passwords() -> Vec<String> {
    let names = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];
    let names = names.iter().map(|name| (*name).to_owned());
    names
        .flat_map(|name| [name.to_lowercase(), name])
        .filter_map(|name| url::Url::parse(&std::env::var(name).ok()?).ok())
        .filter_map(|proxy| proxy.password().map(str::to_owned))
        .collect()
}
