//! The settings of the client: time-outs, bounds, credentials, TLS.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::credentials::Credentials;

/// How the client behaves.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The time-out of one request, its whole response included.
    pub timeout: Duration,
    /// The most requests in flight.
    pub jobs: usize,
    /// The most bytes that are read of a response body.
    pub largest_body: usize,
    /// The credentials for the registry.
    pub credentials: Option<Credentials>,
    /// Whether credentials may be sent over plain HTTP to a token server on any host.
    pub plain_realm: bool,
    /// Further secrets that no output may contain, such as the passwords of proxies.
    pub secrets: Vec<String>,
    /// Trusted certificates, and the client's own.
    pub tls: Tls,
    /// How messages name what the user can change.
    pub advice: Advice,
}

/// What messages advise: the user may have options, the keys of a file, or functions of the library.
#[derive(Debug, Clone, Copy)]
pub struct Advice {
    /// How to give credentials.
    pub log_in: &'static str,
    /// How to give the run more time.
    pub more_time: &'static str,
}

/// The settings of TLS. Files are in PEM format.
#[derive(Debug, Clone, Default)]
pub struct Tls {
    /// Certificates to trust besides those of the system: of authorities, or a server's own.
    pub ca: Option<PathBuf>,
    /// The client certificate, with its chain.
    pub cert: Option<PathBuf>,
    /// The key of the client certificate.
    pub key: Option<PathBuf>,
    /// Whether every server certificate is accepted.
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
        /// The error of the system.
        source: std::io::Error,
    },
    /// A file contains no certificate or key.
    #[error("{path} contains no certificate or key in PEM format: {reason}", path = path.display())]
    Pem {
        /// The file.
        path: PathBuf,
        /// Why it cannot be used.
        reason: String,
    },
    /// The HTTP client cannot be built.
    #[error("the HTTP client cannot be set up: {0}")]
    Client(String),
}

impl SettingsError {
    /// The file that cannot be used.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::File { path, .. } | Self::Pem { path, .. } => Some(path),
            Self::Client(_) => None,
        }
    }
}

impl Default for Advice {
    fn default() -> Self {
        Self {
            log_in: "give --username, and the password in ASSAY_PASSWORD or with --password-stdin",
            more_time: "set a longer --deadline",
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            jobs: 256,
            largest_body: 28 * 1024 * 1024,
            credentials: None,
            plain_realm: false,
            secrets: Vec::new(),
            tls: Tls::default(),
            advice: Advice::default(),
        }
    }
}
