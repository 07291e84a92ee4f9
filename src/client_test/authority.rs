//! The certificates of registries that speak TLS.

use std::io;
use std::path::{Path, PathBuf};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};

use super::format::CertificateKind;
use crate::registry::{Tls, TlsError};

/// The names of a trial's registry.
const ADDRESS: &str = "127.0.0.1";

/// A name that is not the registry's.
const ANOTHER: &str = "other.example";

/// The file of the authority's certificate, which clients are told to trust.
const CERTIFICATE: &str = "ca.crt";

/// A certificate authority that lives as long as a run.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    /// The PEM file with its certificate.
    pub file: PathBuf,
}

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    #[error("a certificate cannot be made: {0}")]
    Make(#[from] rcgen::Error),
    #[error("a certificate cannot be written: {0}")]
    Write(#[from] io::Error),
    #[error(transparent)]
    Use(#[from] TlsError),
}

impl Authority {
    /// A new authority, whose certificate is a file of the folder.
    ///
    /// # Errors
    /// When it cannot be made or written.
    pub fn new(folder: &Path) -> Result<Self, CertificateError> {
        let issuer = issuer()?;
        let file = folder.join(CERTIFICATE);
        std::fs::write(&file, issuer.pem())?;
        Ok(Self { issuer, file })
    }

    /// Makes TLS connections with a certificate of this kind, whose files are in the folder.
    ///
    /// # Errors
    /// When it cannot be made or written.
    pub fn acceptor(
        &self,
        kind: CertificateKind,
        folder: &Path,
    ) -> Result<tokio_rustls::TlsAcceptor, CertificateError> {
        let host = match kind {
            CertificateKind::OtherHost => ANOTHER,
            _ => ADDRESS,
        };
        let mut params = CertificateParams::new([host.to_owned()])?;
        if kind == CertificateKind::Expired {
            params.not_before = date_time_ymd(2020, 1, 1);
            params.not_after = date_time_ymd(2021, 1, 1);
        }
        let key = KeyPair::generate()?;
        let stranger;
        let signer = match kind {
            CertificateKind::UnknownAuthority => {
                stranger = issuer()?;
                &stranger
            }
            _ => &self.issuer,
        };
        let signed = params.signed_by(&key, signer)?;
        let tls = Tls {
            cert: folder.join("registry.crt"),
            key: folder.join("registry.key"),
            client_ca: None,
            http2: true,
        };
        std::fs::write(&tls.cert, signed.pem())?;
        std::fs::write(&tls.key, key.serialize_pem())?;
        Ok(tls.acceptor()?)
    }
}

fn issuer() -> Result<CertifiedIssuer<'static, KeyPair>, rcgen::Error> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate()?)
}
