//! Trust in a server certificate that the user names with `--ca`.
//!
//! `openssl req -x509` makes a certificate with CA:TRUE by default, and many registries use one as their own. Path
//! validation (RFC 5280) refuses it as a server's, while curl, Go and others accept a certificate that is trusted itself.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};

use super::tls_error::is_ca_used_as_end_entity;

/// Verifies like the verifier that it wraps, and accepts certificates that are equal, byte for byte, to a pinned one too.
#[derive(Debug)]
pub struct PinnedCertificates {
    wrapped: Arc<dyn ServerCertVerifier>,
    pinned: Vec<CertificateDer<'static>>,
}

impl PinnedCertificates {
    pub fn new(wrapped: Arc<dyn ServerCertVerifier>, pinned: Vec<CertificateDer<'static>>) -> Self {
        Self { wrapped, pinned }
    }
}

/// Whether a certificate is refused only because of its issuer. Path validation checks the validity before that, so that an
/// expired certificate has another error.
fn only_the_issuer_is_wrong(error: &Error) -> bool {
    match error {
        Error::InvalidCertificate(CertificateError::UnknownIssuer) => true,
        Error::InvalidCertificate(error) => is_ca_used_as_end_entity(error),
        _ => false,
    }
}

impl ServerCertVerifier for PinnedCertificates {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verified = self.wrapped.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        );
        match verified {
            Err(error)
                if only_the_issuer_is_wrong(&error)
                    && self.pinned.iter().any(|pinned| pinned == end_entity) =>
            {
                verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
                Ok(ServerCertVerified::assertion())
            }
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.wrapped.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.wrapped.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.wrapped.supported_verify_schemes()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair, date_time_ymd};
    use rustls::RootCertStore;
    use rustls::client::WebPkiServerVerifier;

    use super::*;

    fn ca_true(change: impl FnOnce(&mut CertificateParams)) -> CertificateDer<'static> {
        let mut params = CertificateParams::new(["registry.test".to_owned()]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        change(&mut params);
        let made = params.self_signed(&KeyPair::generate().unwrap()).unwrap();
        made.der().clone()
    }

    fn verify(
        pinned: &CertificateDer<'static>,
        shown: &CertificateDer<'static>,
        name: &str,
    ) -> Result<ServerCertVerified, Error> {
        let mut roots = RootCertStore::empty();
        roots.add(pinned.clone()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let wrapped = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider);
        let wrapped = wrapped.build().unwrap();
        let name = ServerName::try_from(name.to_owned()).unwrap();
        let refused = wrapped.verify_server_cert(shown, &[], &name, &[], UnixTime::now());
        assert!(refused.is_err(), "path validation alone accepts it");
        PinnedCertificates::new(wrapped, vec![pinned.clone()]).verify_server_cert(
            shown,
            &[],
            &name,
            &[],
            UnixTime::now(),
        )
    }

    #[test]
    fn the_same_certificate_is_accepted_for_its_name_alone() {
        let made = ca_true(|_| ());
        assert!(verify(&made, &made, "registry.test").is_ok());
        assert!(matches!(
            verify(&made, &made, "other.test"),
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForNameContext { .. }
            ))
        ));
        let other = ca_true(|_| ());
        assert!(verify(&made, &other, "registry.test").is_err());
    }

    #[test]
    fn an_expired_certificate_is_refused_though_it_is_the_same() {
        let expired = ca_true(|params| params.not_after = date_time_ymd(2001, 1, 1));
        assert!(matches!(
            verify(&expired, &expired, "registry.test"),
            Err(Error::InvalidCertificate(
                CertificateError::ExpiredContext { .. }
            ))
        ));
        let future = ca_true(|params| params.not_before = date_time_ymd(2999, 1, 1));
        assert!(verify(&future, &future, "registry.test").is_err());
    }
}
