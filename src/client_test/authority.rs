//! The certificates of registries that speak TLS.

use std::io;
use std::path::{Path, PathBuf};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose, date_time_ymd,
};
use time::{Duration, OffsetDateTime};

use super::format::CertificateKind;
use crate::registry::{Tls, TlsError};

/// The names of a trial's registry.
const ADDRESS: &str = "127.0.0.1";

/// A name that is not the registry's.
const ANOTHER: &str = "other.example";

/// The names of the authority and of the registry in their certificates. OpenSSL takes a certificate whose issuer has its own
/// name for one that is signed by itself.
const AUTHORITY: &str = "authority of a trial";
const REGISTRY: &str = "registry of a trial";

/// How long certificates are valid, before and after now. Some clients refuse those that are valid for years.
const VALID: Duration = Duration::days(30);

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
        let mut params = valid_now(CertificateParams::new([host.to_owned()])?, REGISTRY);
        params.use_authority_key_identifier_extension = true;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
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

/// The parameters of a certificate with this name, which is valid now.
fn valid_now(mut params: CertificateParams, name: &str) -> CertificateParams {
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    let now = OffsetDateTime::now_utc();
    params.not_before = now - VALID;
    params.not_after = now + VALID;
    params
}

/// A new authority. All have the same name: a client tells them apart by their keys.
fn issuer() -> Result<CertifiedIssuer<'static, KeyPair>, rcgen::Error> {
    let mut params = valid_now(CertificateParams::new(Vec::new())?, AUTHORITY);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    CertifiedIssuer::self_signed(params, KeyPair::generate()?)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject;

    use super::*;

    #[test]
    fn a_certificate_does_not_have_the_name_of_its_issuer() {
        let folder = tempfile::tempdir().unwrap();
        let authority = Authority::new(folder.path()).unwrap();
        authority
            .acceptor(CertificateKind::Trusted, folder.path())
            .unwrap();
        let named = |file: &Path, name: &str| {
            let certificate = CertificateDer::from_pem_file(file).unwrap();
            let mut parts = certificate.windows(name.len());
            parts.any(|part| part == name.as_bytes())
        };
        let registry = folder.path().join("registry.crt");
        assert!(named(&registry, AUTHORITY) && named(&registry, REGISTRY));
        assert!(named(&authority.file, AUTHORITY) && !named(&authority.file, REGISTRY));
    }
}
