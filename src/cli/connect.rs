//! The client of a run: how the options reach a target.

use super::Refusal;
use super::run::RunArgs;
use crate::target::{self, Address, Target};

/// A client for a target, with the credentials that the options or the user's files have for it.
///
/// # Errors
/// When they, or a certificate, cannot be used.
pub async fn connect(args: &RunArgs, address: &Address, repo: &str) -> Result<Target, Refusal> {
    let password = args.beside.password.as_ref();
    let password = password.map(|password| password.0.clone());
    let credentials = args.login.find(address, repo, password).await?;
    reach(args, address, credentials)
}

/// A client for a target, with these credentials.
///
/// # Errors
/// When a certificate cannot be used.
pub fn reach(
    args: &RunArgs,
    address: &Address,
    credentials: Option<target::Credentials>,
) -> Result<Target, Refusal> {
    Target::new(address, connection(args, credentials)?).map_err(Refusal::usage)
}

fn connection(
    args: &RunArgs,
    credentials: Option<target::Credentials>,
) -> Result<target::Settings, Refusal> {
    if args.cert.is_some() != args.key.is_some() {
        return Err(Refusal::usage(
            "a client certificate and its key belong together: name both --cert and --key",
        ));
    }
    Ok(target::Settings {
        timeout: args.timeout,
        jobs: usize::from(args.jobs),
        credentials,
        secrets: proxy_passwords(),
        plain_realm: args.login.allow_plain_realm,
        tls: target::Tls {
            ca: args.ca.clone(),
            cert: args.cert.clone(),
            key: args.key.clone(),
            insecure: args.insecure,
        },
        ..target::Settings::default()
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
