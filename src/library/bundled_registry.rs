//! The bundled registry in other people's tests.

use std::net::SocketAddr;
use std::path::PathBuf;

use super::Error;
use crate::registry::{self, Options, Scheme, Server, Tls};

/// The bundled registry: a strict implementation of the specification's draft, in memory, on a loopback port.
///
/// It stops when it is dropped, and forgets its content.
///
/// ```no_run
/// # async fn example() -> Result<(), oci_assay::Error> {
/// let registry = oci_assay::BundledRegistry::start().await?;
/// println!("push to {}", registry.url());
/// registry.stop().await;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct BundledRegistry {
    server: Server,
}

/// The settings of a [`BundledRegistry`].
#[derive(Debug, Clone)]
#[must_use = "a registry does not start before `start`"]
pub struct BundledRegistryBuilder {
    address: SocketAddr,
    faults: Vec<String>,
    variants: Vec<String>,
    login: Option<(Scheme, String, String)>,
    tls: Option<Tls>,
}

impl BundledRegistry {
    /// Starts a registry without faults on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// [`Error::Listen`] if there is no free port.
    pub async fn start() -> Result<Self, Error> {
        Self::builder().start().await
    }

    /// The settings of a registry that is to have faults, variants, authentication or TLS.
    pub fn builder() -> BundledRegistryBuilder {
        BundledRegistryBuilder {
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            faults: Vec::new(),
            variants: Vec::new(),
            login: None,
            tls: None,
        }
    }

    /// The base URL, without a path.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// Stops the registry and waits until its port is free.
    pub async fn stop(self) {
        self.server.stop().await;
    }
}

impl BundledRegistryBuilder {
    /// The address to listen on; port 0 takes a free one.
    pub fn address(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// Adds a deliberate violation by its id (`assay list faults`).
    pub fn fault(mut self, id: impl Into<String>) -> Self {
        self.faults.push(id.into());
        self
    }

    /// Adds a permitted variant by its id (`assay list variants`).
    pub fn variant(mut self, id: impl Into<String>) -> Self {
        self.variants.push(id.into());
        self
    }

    /// Admits one user, with Basic authentication (RFC 7617).
    pub fn basic_auth(mut self, username: impl Into<String>, password: impl Into<String>) -> Self {
        self.login = Some((Scheme::Basic, username.into(), password.into()));
        self
    }

    /// Admits one user, with Bearer tokens of the registry's own token server (`/token`).
    pub fn bearer_auth(mut self, username: impl Into<String>, password: impl Into<String>) -> Self {
        self.login = Some((Scheme::Bearer, username.into(), password.into()));
        self
    }

    /// Serves TLS with the certificate and the key in these PEM files.
    pub fn tls(mut self, cert: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        self.tls = Some(Tls {
            cert: cert.into(),
            key: key.into(),
            client_ca: None,
            http2: true,
        });
        self
    }

    /// Starts the registry.
    ///
    /// # Errors
    /// [`Error::UnknownFault`] or [`Error::UnknownVariant`] for an id that does not exist, [`Error::Tls`] for a wrong
    /// certificate or key, [`Error::Listen`] if the address cannot be listened on.
    pub async fn start(self) -> Result<BundledRegistry, Error> {
        let options = self.options()?;
        let started = match &self.tls {
            None => Server::start(self.address, options).await,
            Some(tls) => Server::start_tls(self.address, options, tls.acceptor()?).await,
        };
        let server = started.map_err(|error| Error::Listen(self.address, error))?;
        Ok(BundledRegistry { server })
    }

    fn options(&self) -> Result<Options, Error> {
        let mut options = Options::default();
        for id in &self.variants {
            let variant = registry::variant(id).ok_or_else(|| Error::UnknownVariant(id.clone()))?;
            (variant.set)(&mut options);
        }
        for id in &self.faults {
            let fault = registry::fault(id).ok_or_else(|| Error::UnknownFault(id.clone()))?;
            options.faults.push(fault);
        }
        if let Some((scheme, username, password)) = &self.login {
            options.login.user(username, password);
            options.login.scheme = *scheme;
        }
        Ok(options)
    }
}
