//! Why TLS failed, by the errors of rustls.

use std::error::Error;

use rustls::{AlertDescription, CertificateError};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Why TLS failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TlsError {
    /// No trusted authority issued the server's certificate.
    UnknownIssuer,
    /// The server uses the certificate of an authority (CA:TRUE) as its own.
    CaAsServer,
    /// The server's certificate has expired; with the end of its validity (RFC 3339), where that is known.
    Expired(Option<String>),
    /// The server's certificate is not valid yet; with the start of its validity (RFC 3339), where that is known.
    NotValidYet(Option<String>),
    /// The server's certificate is for other names, which are listed where they are known.
    WrongName(Vec<String>),
    /// The server's certificate is refused for another reason.
    InvalidCertificate(String),
    /// The server ended TLS with an alert (RFC 8446, section 6.2).
    Alert(AlertDescription),
    /// The server does not answer in TLS.
    NotTls,
    /// Anything else.
    Other(String),
}

impl TlsError {
    /// The failure of TLS that `error` is; none for any other error. The causes of an error are for the caller to walk.
    pub(super) fn of(error: &(dyn Error + 'static)) -> Option<Self> {
        Some(match error.downcast_ref::<rustls::Error>()? {
            rustls::Error::InvalidCertificate(error) => Self::of_certificate(error),
            rustls::Error::AlertReceived(alert) => Self::Alert(*alert),
            rustls::Error::InvalidMessage(_) => Self::NotTls,
            other => Self::Other(other.to_string()),
        })
    }

    fn of_certificate(error: &CertificateError) -> Self {
        match error {
            CertificateError::UnknownIssuer => Self::UnknownIssuer,
            CertificateError::Expired => Self::Expired(None),
            CertificateError::ExpiredContext { not_after, .. } => {
                Self::Expired(date(not_after.as_secs()))
            }
            CertificateError::NotValidYet => Self::NotValidYet(None),
            CertificateError::NotValidYetContext { not_before, .. } => {
                Self::NotValidYet(date(not_before.as_secs()))
            }
            CertificateError::NotValidForName => Self::WrongName(Vec::new()),
            CertificateError::NotValidForNameContext { presented, .. } => {
                Self::WrongName(presented.clone())
            }
            error if is_ca_used_as_end_entity(error) => Self::CaAsServer,
            other => Self::InvalidCertificate(other.to_string()),
        }
    }
}

/// Whether a certificate is refused because it is the certificate of an authority (CA:TRUE).
pub(super) fn is_ca_used_as_end_entity(error: &CertificateError) -> bool {
    match error {
        CertificateError::Other(other) => matches!(
            (*other.0).downcast_ref::<webpki::Error>(),
            Some(webpki::Error::CaUsedAsEndEntity)
        ),
        _ => false,
    }
}

fn date(seconds: u64) -> Option<String> {
    let at = OffsetDateTime::from_unix_timestamp(i64::try_from(seconds).ok()?).ok()?;
    at.format(&Rfc3339).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::Arc;
    use std::time::Duration;

    use rustls::pki_types::{ServerName, UnixTime};
    use rustls::{InvalidMessage, OtherError};

    use super::*;

    fn of(error: impl Into<rustls::Error>) -> TlsError {
        TlsError::of(&error.into()).unwrap()
    }

    #[test]
    fn certificate_errors_are_distinguished() {
        assert_eq!(of(CertificateError::UnknownIssuer), TlsError::UnknownIssuer);
        assert_eq!(of(CertificateError::Expired), TlsError::Expired(None));
        let time = |seconds| UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        assert_eq!(
            of(CertificateError::ExpiredContext {
                time: time(1_000_000_000),
                not_after: time(0),
            }),
            TlsError::Expired(Some("1970-01-01T00:00:00Z".to_owned()))
        );
        assert_eq!(
            of(CertificateError::NotValidYetContext {
                time: time(0),
                not_before: time(1_000_000_000),
            }),
            TlsError::NotValidYet(Some("2001-09-09T01:46:40Z".to_owned()))
        );
        assert_eq!(
            of(CertificateError::NotValidForNameContext {
                expected: ServerName::try_from("registry.example").unwrap(),
                presented: vec!["other.example".to_owned()],
            }),
            TlsError::WrongName(vec!["other.example".to_owned()])
        );
        let ca = OtherError(Arc::new(webpki::Error::CaUsedAsEndEntity));
        assert_eq!(of(CertificateError::Other(ca)), TlsError::CaAsServer);
        let other = of(CertificateError::BadEncoding);
        assert!(
            matches!(other, TlsError::InvalidCertificate(_)),
            "{other:?}"
        );
    }

    #[test]
    fn alerts_and_messages_that_are_not_tls_are_distinguished() {
        let alert = AlertDescription::CertificateRequired;
        assert_eq!(
            of(rustls::Error::AlertReceived(alert)),
            TlsError::Alert(alert)
        );
        let message = InvalidMessage::InvalidContentType;
        assert_eq!(of(rustls::Error::InvalidMessage(message)), TlsError::NotTls);
        let other = of(rustls::Error::DecryptError);
        assert!(matches!(other, TlsError::Other(_)), "{other:?}");
        assert_eq!(TlsError::of(&std::fmt::Error), None);
    }
}
