//! Building the HTTP client.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use http::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue};
use rustls::ClientConfig;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls_platform_verifier::Verifier;
use url::Url;

use super::address::is_loopback;
use super::any_certificate::AnyCertificate;
use super::content_coding;
use super::pinned_certificates::PinnedCertificates;
use super::request_error::root_causes;
use super::settings::{Settings, SettingsError, Tls};
use crate::data::read_bounded_bytes;

/// The longest time until there is a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The largest file of certificates or of a key, in bytes: the authorities of a whole system are a quarter of a megabyte.
const MAX_PEM: u64 = 4 * 1024 * 1024;

/// The versions of HTTP that are offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HttpVersions {
    Http1,
    Http1AndHttp2,
}

/// The HTTP client. It follows no redirects, keeps no cookies, asks for no content coding and decodes none: the suites check
/// all of these.
///
/// # Errors
/// When a certificate or key cannot be used.
pub fn client(
    settings: &Settings,
    base: &Url,
    versions: HttpVersions,
) -> Result<reqwest::Client, SettingsError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    // Fails where one is installed already, which is the same.
    let _ = CryptoProvider::install_default((*provider).clone());
    let tls = &settings.tls;
    let trusted = trusted(tls)?;
    let identity = identity(tls)?;
    if let (Some(path), false) = (&tls.ca, tls.insecure) {
        let verifier = pinned(&provider, path, trusted)?;
        let mut config = config(provider, verifier, identity)?;
        config.alpn_protocols = match versions {
            HttpVersions::Http1 => vec![b"http/1.1".to_vec()],
            HttpVersions::Http1AndHttp2 => vec![b"h2".to_vec(), b"http/1.1".to_vec()],
        };
        let builder = builder(settings, base, versions).tls_backend_preconfigured(config);
        return builder.build().map_err(failed);
    }
    let builder = || -> Result<reqwest::ClientBuilder, SettingsError> {
        let mut builder = builder(settings, base, versions);
        if tls.insecure {
            builder = builder.tls_danger_accept_invalid_certs(true);
        }
        if let (Some(path), Some(identity)) = (&tls.cert, &identity) {
            let identity = reqwest::Identity::from_pem(&identity.pem);
            builder = builder.identity(identity.map_err(|error| unusable(path, &error))?);
        }
        Ok(builder)
    };
    // Many containers have no certificates of authorities, which is an error only where TLS is used.
    match builder()?.build() {
        Ok(client) => Ok(client),
        Err(_) => builder()?.tls_certs_only([]).build().map_err(failed),
    }
}

/// Whether the system has certificates of authorities: many containers have none.
pub fn system_has_authorities() -> bool {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    Verifier::new(provider).is_ok()
}

/// A client that accepts every certificate and sends none: only to see whether a server answers.
///
/// # Errors
/// When the client cannot be built.
pub fn probe_client(settings: &Settings, base: &Url) -> Result<reqwest::Client, SettingsError> {
    let tls = Tls {
        insecure: true,
        ..Tls::default()
    };
    let settings = Settings {
        tls,
        ..settings.clone()
    };
    client(&settings, base, HttpVersions::Http1)
}

fn builder(settings: &Settings, base: &Url, versions: HttpVersions) -> reqwest::ClientBuilder {
    let identity = HeaderValue::from_static(content_coding::ACCEPTED);
    let mut builder = reqwest::Client::builder()
        .default_headers(HeaderMap::from_iter([(ACCEPT_ENCODING, identity)]))
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(settings.timeout.min(CONNECT_TIMEOUT))
        .pool_max_idle_per_host(settings.jobs)
        .user_agent(concat!("assay/", env!("CARGO_PKG_VERSION")));
    if is_loopback(base) {
        // A proxy would connect to itself.
        builder = builder.no_proxy();
    }
    if versions == HttpVersions::Http1 {
        builder = builder.http1_only();
    }
    builder
}

/// The TLS of a client that is not a run's. The client says which versions of HTTP it offers.
///
/// # Errors
/// When a certificate or key cannot be used, or the system has no certificates of authorities.
pub fn tls_config(tls: &Tls) -> Result<ClientConfig, SettingsError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let trusted = trusted(tls)?;
    let verifier: Arc<dyn ServerCertVerifier> = match &tls.ca {
        _ if tls.insecure => Arc::new(AnyCertificate::new(&provider)),
        Some(path) => pinned(&provider, path, trusted)?,
        None => {
            let system = Verifier::new(provider.clone());
            Arc::new(system.map_err(|error| SettingsError::Client(error.to_string()))?)
        }
    };
    config(provider, verifier, identity(tls)?)
}

/// Trusts the certificates of the system and `trusted`, which were read from `path`.
fn pinned(
    provider: &Arc<CryptoProvider>,
    path: &Path,
    trusted: Vec<CertificateDer<'static>>,
) -> Result<Arc<dyn ServerCertVerifier>, SettingsError> {
    let verifier = Verifier::new_with_extra_roots(trusted.clone(), provider.clone());
    let verifier = verifier.map_err(|error| unusable(path, &error))?;
    Ok(Arc::new(PinnedCertificates::new(
        Arc::new(verifier),
        trusted,
    )))
}

fn config(
    provider: Arc<CryptoProvider>,
    verifier: Arc<dyn ServerCertVerifier>,
    identity: Option<Identity>,
) -> Result<ClientConfig, SettingsError> {
    let failed = |error: rustls::Error| SettingsError::Client(error.to_string());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(failed)?
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    match identity {
        Some(Identity { chain, key, .. }) => {
            config.with_client_auth_cert(chain, key).map_err(failed)
        }
        None => Ok(config.with_no_client_auth()),
    }
}

/// The certificates of `--ca`.
fn trusted(tls: &Tls) -> Result<Vec<CertificateDer<'static>>, SettingsError> {
    match &tls.ca {
        Some(path) => certificates(path, &read(path)?),
        None => Ok(Vec::new()),
    }
}

fn certificates(path: &Path, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, SettingsError> {
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let certificates = certificates.map_err(|error| unusable(path, &error))?;
    match certificates.is_empty() {
        true => Err(unusable(path, &"there is no certificate in it")),
        false => Ok(certificates),
    }
}

/// The client certificate.
struct Identity {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
    /// The chain and the key as they were read.
    pem: Vec<u8>,
}

fn identity(tls: &Tls) -> Result<Option<Identity>, SettingsError> {
    let (Some(cert), Some(key)) = (&tls.cert, &tls.key) else {
        return Ok(None);
    };
    let mut pem = read(cert)?;
    let key_pem = read(key)?;
    let chain = certificates(cert, &pem)?;
    let parsed = PrivateKeyDer::from_pem_slice(&key_pem);
    pem.push(b'\n');
    pem.extend(key_pem);
    Ok(Some(Identity {
        chain,
        key: parsed.map_err(|error| unusable(key, &error))?,
        pem,
    }))
}

fn read(path: &Path) -> Result<Vec<u8>, SettingsError> {
    read_bounded_bytes(path, MAX_PEM).map_err(|source| SettingsError::File {
        path: path.to_path_buf(),
        source,
    })
}

fn unusable(path: &Path, reason: &dyn std::fmt::Display) -> SettingsError {
    SettingsError::Pem {
        path: path.to_path_buf(),
        reason: reason.to_string(),
    }
}

fn failed(error: reqwest::Error) -> SettingsError {
    SettingsError::Client(root_causes(&error))
}
