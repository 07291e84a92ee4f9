//! Why there is no run, with the way out.

use std::time::Duration;

use rustls::AlertDescription;

use super::access_error::AccessError;
use super::connect::system_has_authorities;
use super::request_error::RequestError;
use super::sanitize::sanitize;
use super::settings::Tls;
use super::tls_error::TlsError;

/// Why the registry cannot be tested. `url` is the registry's address.
#[derive(Debug, thiserror::Error)]
pub enum Unreachable {
    /// There is no response.
    #[error(
        "{url} cannot be reached: {reason}. Check that the registry runs there, the host, the port and the scheme"
    )]
    NoResponse {
        /// The registry.
        url: String,
        /// Why there is no response.
        reason: RequestError,
    },
    /// There is no response through a proxy.
    #[error(
        "{url} cannot be reached through the proxy that {variable} names: {reason}. Check that the proxy runs, or name the registry's host in NO_PROXY"
    )]
    NoProxy {
        /// The registry.
        url: String,
        /// The environment variable.
        variable: &'static str,
        /// Why there is no response.
        reason: RequestError,
    },
    /// A gateway gets no response from the registry, or the registry is not ready.
    #[error(
        "{url} is not ready: GET /v2/ returned {status}. Start the registry, or check its log and the gateway in front of it"
    )]
    Down {
        /// The registry.
        url: String,
        /// The status of the response.
        status: u16,
    },
    /// The registry has not started in the time that the user gave it.
    #[error(
        "{url} has not started within {}: {reason}. Give it longer with --wait, or check its log", humantime::format_duration(*wait)
    )]
    NotStarted {
        /// The registry.
        url: String,
        /// How long it was waited for.
        wait: Duration,
        /// The last error.
        reason: String,
    },
    /// The deadline of the run passed before its first case.
    #[error(
        "{url} did not answer the first requests within the deadline of the run ({}): check that the registry responds, or {advice}", humantime::format_duration(*deadline)
    )]
    Deadline {
        /// The registry.
        url: String,
        /// The deadline.
        deadline: Duration,
        /// How to set another.
        advice: &'static str,
    },
    /// The address has https, and the port uses plain HTTP.
    #[error(
        "{url} does not speak TLS: write http:// before the address if the registry is meant to use plain HTTP"
    )]
    PlainHttp {
        /// The registry.
        url: String,
    },
    /// The address has http, and the port uses TLS.
    #[error("{url} speaks TLS, not plain HTTP: write https:// before the address")]
    Tls {
        /// The registry.
        url: String,
    },
    /// The registry requires a client certificate, by TLS or by HTTP.
    #[error(
        "{url} asks for a client certificate: name it with --cert FILE, and its key with --key FILE"
    )]
    ClientCertificateRequired {
        /// The registry.
        url: String,
    },
    /// The registry refuses the client certificate.
    #[error(
        "{url} refuses the client certificate of --cert (TLS alert {alert}): check that the registry trusts its issuer, that it has not expired, and that it is meant for clients"
    )]
    ClientCertificateRefused {
        /// The registry.
        url: String,
        /// The name of the alert.
        alert: String,
    },
    /// The registry supports no version of TLS that is safe.
    #[error("{url} supports neither TLS 1.2 nor TLS 1.3: enable one of them there")]
    TlsVersion {
        /// The registry.
        url: String,
    },
    /// TLS failed for an unknown reason.
    #[error(
        "the TLS handshake with {url} failed ({reason}): if the registry requires a client certificate, name it with --cert FILE, and its key with --key FILE; otherwise check its TLS configuration"
    )]
    Handshake {
        /// The registry.
        url: String,
        /// The alert of the registry, or the error of this side.
        reason: String,
    },
    /// No trusted authority issued the certificate of the registry.
    #[error(
        "the certificate of {url} is not trusted: no authority of {trusted} issued it. Name its issuer with --ca FILE, or accept any certificate with --insecure"
    )]
    UnknownIssuer {
        /// The registry.
        url: String,
        /// Whose authorities are trusted.
        trusted: &'static str,
    },
    /// The system has no certificates of authorities, which is common in containers.
    #[error(
        "the certificate of {url} cannot be checked: this system has no certificates of authorities. Install them (the package ca-certificates), name a file of them with SSL_CERT_FILE, name the issuer with --ca FILE, or accept any certificate with --insecure"
    )]
    NoAuthorities {
        /// The registry.
        url: String,
    },
    /// The registry uses the certificate of an authority as its own, and `--ca` does not name it.
    #[error(
        "the certificate of {url} is not trusted: it is the certificate of an authority (CA:TRUE). Name this certificate with --ca FILE, or accept any certificate with --insecure"
    )]
    CaAsServer {
        /// The registry.
        url: String,
    },
    /// The certificate of the registry has expired, or is not valid yet.
    #[error(
        "the certificate of {url} {validity}: check the clock of this machine, renew the certificate, or accept any certificate with --insecure"
    )]
    Expired {
        /// The registry.
        url: String,
        /// What is wrong, with the date where it is known.
        validity: String,
    },
    /// The certificate of the registry is for other names.
    #[error(
        "the certificate of {url} is for {names}, and not for this host: use one of its names in the address, or accept any certificate with --insecure"
    )]
    WrongName {
        /// The registry.
        url: String,
        /// The names of the certificate.
        names: String,
    },
    /// The certificate of the registry is refused for another reason.
    #[error(
        "the certificate of {url} is not trusted: {reason}. Replace it, or accept any certificate with --insecure"
    )]
    Untrusted {
        /// The registry.
        url: String,
        /// Why it is refused.
        reason: String,
    },
    /// The registry asks for credentials, and there are none.
    #[error(
        "{url} asks for credentials ({offered}), and there are none: {advice}, or log in with docker or podman"
    )]
    NoCredentials {
        /// The registry.
        url: String,
        /// The schemes of its challenges.
        offered: String,
        /// How to give credentials.
        advice: &'static str,
    },
    /// The registry refuses the credentials.
    #[error(
        "{url} refuses {identity}, and offers {offered}: check the user name, the password, and their permissions"
    )]
    Refused {
        /// The registry.
        url: String,
        /// The schemes of its challenges.
        offered: String,
        /// The user, and where the credentials were found.
        identity: String,
    },
    /// There is no token for the registry.
    #[error("cannot log in to {url}: {reason}")]
    NoToken {
        /// The registry.
        url: String,
        /// Why.
        reason: AccessError,
    },
}

impl Unreachable {
    /// What a failure of TLS means with these settings.
    pub(super) fn tls(url: String, error: TlsError, settings: &Tls) -> Self {
        match error {
            TlsError::NotTls => Self::PlainHttp { url },
            TlsError::UnknownIssuer if settings.ca.is_none() && !system_has_authorities() => {
                Self::NoAuthorities { url }
            }
            TlsError::UnknownIssuer => Self::UnknownIssuer {
                url,
                trusted: match settings.ca {
                    Some(_) => "this system or of --ca",
                    None => "this system",
                },
            },
            TlsError::CaAsServer => Self::CaAsServer { url },
            TlsError::Expired(at) => Self::Expired {
                url,
                validity: at.map_or("has expired".to_owned(), |at| format!("expired at {at}")),
            },
            TlsError::NotValidYet(at) => Self::Expired {
                url,
                validity: at.map_or("is not valid yet".to_owned(), |at| {
                    format!("is not valid before {at}")
                }),
            },
            TlsError::WrongName(names) => Self::WrongName {
                url,
                names: match names.is_empty() {
                    true => "another name".to_owned(),
                    false => sanitize(&names.join(", ")),
                },
            },
            TlsError::InvalidCertificate(reason) => Self::Untrusted { url, reason },
            TlsError::Alert(alert) => Self::alert(url, alert, settings.cert.is_some()),
            TlsError::Other(reason) => Self::Handshake { url, reason },
        }
    }

    /// What an alert means to a client that has shown a certificate, or none (RFC 8446, section 6.2).
    fn alert(url: String, alert: AlertDescription, certificate_shown: bool) -> Self {
        use AlertDescription as Alert;
        let name = format!("{alert:?}");
        match alert {
            Alert::ProtocolVersion | Alert::InsufficientSecurity => Self::TlsVersion { url },
            Alert::AccessDenied
            | Alert::BadCertificate
            | Alert::CertificateExpired
            | Alert::CertificateRequired
            | Alert::CertificateRevoked
            | Alert::CertificateUnknown
            | Alert::DecryptError
            | Alert::NoCertificate
            | Alert::UnknownCA
            | Alert::UnsupportedCertificate => match certificate_shown {
                true => Self::ClientCertificateRefused { url, alert: name },
                false => Self::ClientCertificateRequired { url },
            },
            _ => Self::Handshake {
                url,
                reason: format!("TLS alert {name}"),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(error: TlsError, settings: &Tls, expected: &str) {
        let text = Unreachable::tls("https://r".to_owned(), error, settings).to_string();
        assert!(text.contains(expected), "`{expected}` is not in {text}");
    }

    fn ca_and_client_certificate() -> Tls {
        Tls {
            ca: Some("ca.pem".into()),
            cert: Some("client.pem".into()),
            ..Tls::default()
        }
    }

    #[test]
    fn each_certificate_error_names_the_way_out() {
        let none = Tls::default();
        let unknown = TlsError::UnknownIssuer;
        let own = "of this system issued it. Name its issuer with --ca FILE";
        names(unknown.clone(), &none, own);
        let both = "of this system or of --ca issued it";
        names(unknown, &ca_and_client_certificate(), both);
        let ca = "Name this certificate with --ca FILE";
        names(TlsError::CaAsServer, &none, ca);
        let expired = TlsError::Expired(Some("2001-01-01T00:00:00Z".into()));
        names(expired, &none, "expired at 2001-01-01T00:00:00Z: check");
        let early = TlsError::NotValidYet(None);
        names(early, &none, "is not valid yet: check the clock");
        let wrong = TlsError::WrongName(vec!["a".into(), "b".into()]);
        let use_a_name = "is for a, b, and not for this host: use one of its names";
        names(wrong, &none, use_a_name);
        let other = TlsError::InvalidCertificate("why".into());
        names(other, &none, "not trusted: why");
    }

    #[test]
    fn each_other_failure_of_tls_names_the_way_out() {
        let (none, with) = (Tls::default(), ca_and_client_certificate());
        names(TlsError::NotTls, &none, "write http:// before the address");
        let required = TlsError::Alert(AlertDescription::CertificateRequired);
        names(required, &none, "name it with --cert FILE");
        let refused = TlsError::Alert(AlertDescription::UnknownCA);
        let certificate = "refuses the client certificate of --cert (TLS alert UnknownCA)";
        names(refused, &with, certificate);
        let version = TlsError::Alert(AlertDescription::ProtocolVersion);
        names(version, &none, "neither TLS 1.2 nor TLS 1.3");
        let failed = TlsError::Alert(AlertDescription::HandshakeFailure);
        names(failed, &none, "failed (TLS alert HandshakeFailure)");
        names(TlsError::Other("why".into()), &none, "failed (why)");
    }
}
