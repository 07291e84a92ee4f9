//! `assay proxy`: judges what passes between clients and a registry.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use super::durations::time_limit;
use super::judged_traffic::JudgingArgs;
use super::listen_address::listen_address;
use super::output::announce;
use super::signals::Interrupts;
use super::{CliError, Exit};
use crate::client::{Address, Tls};
use crate::proxy::{Proxy, ProxySettings};
use crate::registry;

/// Where to listen, and what to pass on to.
#[derive(Debug, clap::Args)]
pub struct ProxyArgs {
    /// The registry: a URL or host[:port]
    #[arg(long, value_name = "URL")]
    target: String,
    /// The address to listen on; port 0 takes a free one
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:0", value_parser = listen_address)]
    listen: SocketAddr,
    /// Speak TLS with clients, with this certificate (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// The certificate's key (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// A file of certificates (PEM) to trust for the target, in addition to the system's
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// Accept any certificate of the target
    #[arg(long)]
    insecure: bool,
    /// Send the target's own name as Host instead of the proxy's; its absolute URLs then lead past the proxy
    #[arg(long)]
    target_host: bool,
    /// How long an exchange may stand still
    #[arg(long, value_name = "DURATION", default_value = "5m", value_parser = time_limit)]
    timeout: Duration,
    #[command(flatten)]
    judging: JudgingArgs,
}

/// Passes everything on until Ctrl-C, SIGTERM or SIGHUP, then writes the reports and prints the result.
///
/// # Errors
/// What keeps it from listening or reporting.
pub async fn proxy(args: ProxyArgs) -> Result<Exit, CliError> {
    let interrupts = Interrupts::install("interrupted before the proxy listened");
    let address = Address::parse(&args.target).map_err(CliError::usage)?;
    if let Some(name) = &address.repository {
        let message = format!("--target has the repository `{name}`: name the registry alone");
        return Err(CliError::usage(message));
    }
    let acceptor = match (args.tls_cert, args.tls_key) {
        (Some(cert), Some(key)) => Some(registry::Tls {
            cert,
            key,
            client_ca: None,
            http2: true,
        }),
        _ => None,
    };
    let acceptor = acceptor.map(|tls| tls.acceptor()).transpose();
    let settings = ProxySettings {
        target: address.base,
        listen: args.listen,
        acceptor: acceptor.map_err(CliError::usage)?,
        upstream_tls: Tls {
            ca: args.ca,
            insecure: args.insecure,
            ..Tls::default()
        },
        silence: args.timeout,
        target_host: args.target_host,
    };
    let (judge, reports) = args.judging.prepare()?;
    let proxy = Proxy::start(settings, judge)
        .await
        .map_err(CliError::usage)?;
    let url = proxy.url();
    let stop = interrupts.stop_gracefully();
    announce(&format!("listening on {url}\n"));
    let run = proxy.run(stop).await;
    let mut run = run.ok_or_else(|| CliError::no_verdict("the traffic could not be judged"))?;
    reports.report(&mut run)
}
