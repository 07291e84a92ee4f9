//! How to connect: time-outs, bounds, TLS.

use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;
use url::Url;

use super::Credentials;
use super::address::is_loopback;
use super::send_once::said;

/// How the client behaves.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How long one request may take, its whole answer included.
    pub timeout: Duration,
    /// The most requests in flight.
    pub jobs: usize,
    /// The most bytes of an answer's body that are read.
    pub largest_body: usize,
    /// How to log in.
    pub credentials: Option<Credentials>,
    /// Whether credentials may go to a token server that speaks plain HTTP, wherever it is.
    pub plain_realm: bool,
    /// What else must not be shown: the passwords of proxies.
    pub secrets: Vec<String>,
    /// Whom to trust, and as whom.
    pub tls: Tls,
    /// Where pauses are told that the target asks for.
    pub pauses: Option<UnboundedSender<Duration>>,
}

/// TLS: whom to trust, and as whom.
#[derive(Debug, Clone, Default)]
pub struct Tls {
    /// Certificates to trust beside the system's.
    pub ca: Option<PathBuf>,
    /// The client's certificate.
    pub cert: Option<PathBuf>,
    /// Its key.
    pub key: Option<PathBuf>,
    /// Whether any certificate will do.
    pub insecure: bool,
}

/// Settings that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A file cannot be read.
    #[error("cannot read {path}: {source}", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file holds no certificate or key.
    #[error("{path} holds no certificate or key in PEM form: {reason}", path = path.display())]
    Pem {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The client cannot be made.
    #[error("the HTTP client cannot be set up: {0}")]
    Client(String),
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            jobs: 64,
            largest_body: 28 * 1024 * 1024,
            credentials: None,
            plain_realm: false,
            secrets: Vec::new(),
            tls: Tls::default(),
            pauses: None,
        }
    }
}

/// The HTTP client: no redirects, no decompression, no cookies, all of which the suites have a say in.
///
/// # Errors
/// When a certificate or key cannot be used.
pub fn client(settings: &Settings, base: &Url) -> Result<reqwest::Client, SettingsError> {
    build(settings, base, |builder| builder)
}

/// The same, speaking nothing but HTTP/1.1.
///
/// # Errors
/// Like [`client`].
pub fn http1_client(settings: &Settings, base: &Url) -> Result<reqwest::Client, SettingsError> {
    build(settings, base, reqwest::ClientBuilder::http1_only)
}

/// Trusts the system's certificates and those that are named; those alone where the system has none, as in many
/// containers.
fn build(
    settings: &Settings,
    base: &Url,
    finish: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder,
) -> Result<reqwest::Client, SettingsError> {
    // A provider that is installed already is the same one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let named = named(&settings.tls)?;
    let builder = || Ok(finish(builder(settings, base)?));
    let beside = builder()?.tls_certs_merge(named.clone()).build();
    match beside {
        Ok(client) => Ok(client),
        Err(_) => {
            let alone = builder()?.tls_certs_only(named).build();
            alone.map_err(|error| SettingsError::Client(said(&error)))
        }
    }
}

/// The certificates that are to be trusted beside the system's.
fn named(tls: &Tls) -> Result<Vec<reqwest::Certificate>, SettingsError> {
    let Some(path) = &tls.ca else {
        return Ok(Vec::new());
    };
    let certificates = reqwest::Certificate::from_pem_bundle(&read(path)?);
    let certificates = certificates.map_err(|error| wrong(path, &error))?;
    if certificates.is_empty() {
        return Err(wrong(path, &"it is empty"));
    }
    Ok(certificates)
}

fn builder(settings: &Settings, base: &Url) -> Result<reqwest::ClientBuilder, SettingsError> {
    let mut builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(settings.timeout.min(Duration::from_secs(10)))
        .pool_max_idle_per_host(settings.jobs)
        .user_agent(concat!("assay/", env!("CARGO_PKG_VERSION")));
    if is_loopback(base) {
        // No proxy leads back to this machine.
        builder = builder.no_proxy();
    }
    let tls = &settings.tls;
    if tls.insecure {
        builder = builder.tls_danger_accept_invalid_certs(true);
    }
    if let (Some(cert), Some(key)) = (&tls.cert, &tls.key) {
        let mut pem = read(cert)?;
        pem.push(b'\n');
        pem.extend(read(key)?);
        let identity = reqwest::Identity::from_pem(&pem).map_err(|error| wrong(cert, &error))?;
        builder = builder.identity(identity);
    }
    Ok(builder)
}

fn read(path: &Path) -> Result<Vec<u8>, SettingsError> {
    std::fs::read(path).map_err(|source| SettingsError::File {
        path: path.to_path_buf(),
        source,
    })
}

fn wrong(path: &Path, reason: &dyn std::fmt::Display) -> SettingsError {
    SettingsError::Pem {
        path: path.to_path_buf(),
        reason: reason.to_string(),
    }
}
