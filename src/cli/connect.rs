//! The client of a target, made from the connection options.

use std::path::PathBuf;
use std::time::Duration;

use percent_encoding::percent_decode_str;

use super::CliError;
use super::config::Password;
use super::credentials::LoginArgs;
use super::durations::time_limit;
use super::numbers::within;
use super::wording::Wording;
use crate::client::{self, Address, RegistryClient};

/// The connection options.
#[derive(Debug, Clone, clap::Args)]
pub struct ConnectArgs {
    #[command(flatten)]
    pub login: LoginArgs,
    /// A file of certificates (PEM) to trust in addition to the system's
    #[arg(long, value_name = "FILE", help_heading = "Target")]
    pub ca: Option<PathBuf>,
    /// A client certificate (PEM)
    #[arg(long, value_name = "FILE", help_heading = "Target")]
    pub cert: Option<PathBuf>,
    /// The client certificate's key (PEM)
    #[arg(long, value_name = "FILE", help_heading = "Target")]
    pub key: Option<PathBuf>,
    /// Accept any certificate
    #[arg(long, help_heading = "Target")]
    pub insecure: bool,
    /// The maximum number of concurrent requests
    #[arg(long, value_name = "N", default_value_t = 256, value_parser = within(1..=512_u16), help_heading = "How it is run")]
    pub jobs: u16,
    /// The time limit of one request, including its complete response
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = time_limit, help_heading = "How it is run")]
    pub timeout: Duration,
}

/// A client for a target, with the credentials from the options or the user's files. `password` comes from the Go
/// tool's environment.
///
/// # Errors
/// Credentials or a certificate that cannot be used.
pub async fn connect(
    args: &ConnectArgs,
    password: Option<Password>,
    address: &Address,
    repo: &str,
) -> Result<RegistryClient, CliError> {
    let password = password.map(|password| password.0);
    let credentials = args.login.find(address, repo, password).await?;
    client_with(args, address, credentials)
}

/// A client for a target, with these credentials.
///
/// # Errors
/// A certificate that cannot be used.
pub fn client_with(
    args: &ConnectArgs,
    address: &Address,
    credentials: Option<client::Credentials>,
) -> Result<RegistryClient, CliError> {
    let client = RegistryClient::new(address, settings(args, credentials));
    client.map_err(|error| {
        let files = [("ca", &args.ca), ("cert", &args.cert), ("key", &args.key)];
        let named = |file: &Option<PathBuf>| file.is_some() && file.as_deref() == error.path();
        match files.into_iter().find(|(_, file)| named(file)) {
            Some((option, _)) => CliError::of_option(option, error),
            None => CliError::usage(error),
        }
    })
}

fn settings(args: &ConnectArgs, credentials: Option<client::Credentials>) -> client::Settings {
    client::Settings {
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
        advice: Wording::current().advice,
        ..client::Settings::default()
    }
}

/// The passwords of the proxies that the environment names.
fn proxy_passwords() -> Vec<String> {
    let names = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];
    let names = names.iter().map(|name| (*name).to_owned());
    names
        .flat_map(|name| [name.to_lowercase(), name])
        .filter_map(|name| password_in(&std::env::var(name).ok()?))
        .collect()
}

/// The password in a URL, without its percent-encoding.
fn password_in(url: &str) -> Option<String> {
    let url = url::Url::parse(url).ok()?;
    let password = percent_decode_str(url.password()?).decode_utf8_lossy();
    Some(password.into_owned())
}

#[cfg(test)]
mod tests {
    use super::password_in;

    #[test]
    fn the_password_of_a_proxy_is_decoded() {
        let password = password_in("http://me:p%40ss%25word@proxy.example:3128");
        assert_eq!(password.as_deref(), Some("p@ss%word"));
        assert_eq!(password_in("http://proxy.example"), None);
    }
}
