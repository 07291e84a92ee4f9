//! The first request: proves that there is a registry, and that it lets us in.

use crate::endpoint::Endpoint;
use std::time::Duration;

use http::Method;

use super::auth::challenges;
use super::connect::http1_client;
use super::send_once::said;
use super::{AccessError, RegistryClient, Request, RequestError};

/// How often a connection is made only to hear why it breaks, and how long that may take.
const OVERHEARINGS: usize = 3;
const OVERHEARING: Duration = Duration::from_secs(5);

/// Why no run is possible.
#[derive(Debug, thiserror::Error)]
pub enum Unreachable {
    /// Nobody answers.
    #[error(
        "{url} cannot be reached: {reason}. Check that the registry runs there, the host, the port and the scheme"
    )]
    Silent {
        /// The registry.
        url: String,
        /// Why.
        reason: RequestError,
    },
    /// TLS was spoken to a port that speaks plain HTTP.
    #[error(
        "{url} does not speak TLS: write http:// before the address if the registry is meant to speak plain HTTP"
    )]
    NoTls {
        /// The registry.
        url: String,
    },
    /// Plain HTTP was spoken to a port that speaks TLS.
    #[error("{url} speaks TLS, not plain HTTP: write https:// before the address")]
    Tls {
        /// The registry.
        url: String,
    },
    /// It wants a client certificate, and says so in TLS or in HTTP.
    #[error(
        "{url} asks for a client certificate: name it with --cert FILE, and its key with --key FILE"
    )]
    NoCertificate {
        /// The registry.
        url: String,
    },
    /// It takes another client certificate than the one that it was shown.
    #[error(
        "{url} refuses the client certificate of --cert ({alert}): check that it is signed by an authority that the registry trusts, not expired, and meant for clients"
    )]
    CertificateRefused {
        /// The registry.
        url: String,
        /// What TLS calls it.
        alert: String,
    },
    /// It breaks the TLS handshake off, and does not say why.
    #[error(
        "{url} breaks the TLS handshake off ({alert}): if it asks for a client certificate, name it with --cert FILE, and its key with --key FILE; otherwise it may speak no version of TLS from 1.2 on"
    )]
    Handshake {
        /// The registry.
        url: String,
        /// What TLS calls it.
        alert: String,
    },
    /// Its certificate is not trusted.
    #[error(
        "the certificate of {url} is not trusted: {reason}. Name its authority with --ca FILE, or accept any certificate with --insecure"
    )]
    Untrusted {
        /// The registry.
        url: String,
        /// Why.
        reason: String,
    },
    /// It asks for credentials, and there are none.
    #[error(
        "{url} asks for credentials ({offered}), and there are none: give --username, and the password in ASSAY_PASSWORD or with --password-stdin, or log in with docker or podman"
    )]
    NoCredentials {
        /// The registry.
        url: String,
        /// The ways to log in that it offers.
        offered: String,
    },
    /// It refuses the credentials.
    #[error(
        "{url} refuses {whose}, and offers {offered}: check the user name, the password, and what they may do"
    )]
    Refused {
        /// The registry.
        url: String,
        /// The ways to log in that it offers.
        offered: String,
        /// Who, and where that was found.
        whose: String,
    },
    /// There is no token.
    #[error("{url} cannot be logged in to: {reason}")]
    NoToken {
        /// The registry.
        url: String,
        /// Why.
        reason: AccessError,
    },
}

impl RegistryClient {
    /// Asks for `/v2/`, and makes sure of the tokens that the run will need for its repositories. Whatever status
    /// comes, but 401, is for the suites to judge.
    ///
    /// # Errors
    /// When there is no answer, or no way in: each with the way out.
    pub async fn preflight(&self, repositories: &[&str]) -> Result<(), Unreachable> {
        let url = self.base().as_str().trim_end_matches('/').to_owned();
        let address = Endpoint::Base.url(self.base());
        self.access().set_repositories(repositories);
        let exchanged = self
            .send(Request::bare(Method::GET, address, "Greet the registry"))
            .await;
        let response = match exchanged.response {
            Ok(response) => response,
            Err(reason) => return Err(self.unreachable(url, reason).await),
        };
        if response.status == 400 && self.base().scheme() == "http" && says(&response.body, "https")
        {
            return Err(Unreachable::Tls { url });
        }
        if response.status == 400 && says(&response.body, "ssl certificate") {
            return Err(Unreachable::NoCertificate { url });
        }
        if response.status != 401 {
            let opened = self.access().open(repositories).await;
            opened.map_err(|reason| Unreachable::NoToken { url, reason })?;
            self.access().is_inside();
            return Ok(());
        }
        let offered = offered(&response.headers);
        Err(match &self.settings().credentials {
            None => Unreachable::NoCredentials { url, offered },
            Some(known) => Unreachable::Refused {
                url,
                offered,
                whose: known.whose(),
            },
        })
    }

    /// What kept the greeting from being answered.
    async fn unreachable(&self, url: String, reason: RequestError) -> Unreachable {
        let alert = match alert(&reason) {
            Some(alert) => Some(alert),
            None => self.overheard(&reason).await,
        };
        let shown = self.settings().tls.cert.is_some();
        match alert {
            Some(alert) => refused(url, alert, shown),
            None => unreachable(url, reason),
        }
    }

    /// The alert with which TLS ended a connection that broke. Over HTTP/2 it is lost, since it comes after the
    /// handshake; whoever waits for the answer of HTTP/1.1 hears it, unless the connection is reset first.
    async fn overheard(&self, reason: &RequestError) -> Option<String> {
        let broke = matches!(reason, RequestError::Broken(_)) && self.base().scheme() == "https";
        let client = http1_client(self.settings(), self.base()).ok()?;
        for _ in 0..if broke { OVERHEARINGS } else { 0 } {
            let asked = client.head(self.base().clone()).timeout(OVERHEARING).send();
            let error = asked.await.err()?;
            let heard = alert(&RequestError::Broken(said(&error)));
            if heard.is_some() {
                return heard;
            }
        }
        None
    }
}

/// The schemes that are offered, in words.
fn offered(headers: &http::HeaderMap) -> String {
    let schemes: Vec<String> = challenges(headers)
        .into_iter()
        .map(|challenge| challenge.scheme.chars().take(32).collect())
        .collect();
    match schemes.is_empty() {
        true => "no way to log in".to_owned(),
        false => format!("the scheme {}", schemes.join(", ")),
    }
}

/// The alert with which the other side ended TLS, as rustls names it.
fn alert(reason: &RequestError) -> Option<String> {
    let text = reason.to_string();
    let (_, after) = text.split_once("received fatal alert: ")?;
    let name: String = after
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric())
        .collect();
    (!name.is_empty()).then_some(name)
}

/// What an alert means to a client that has `shown` a certificate, or none (RFC 8446, section 6.2).
fn refused(url: String, alert: String, shown: bool) -> Unreachable {
    let about_certificates = [
        "AccessDenied",
        "BadCertificate",
        "CertificateExpired",
        "CertificateRequired",
        "CertificateRevoked",
        "CertificateUnknown",
        "DecryptError",
        "UnknownCA",
        "UnsupportedCertificate",
    ];
    match (about_certificates.contains(&alert.as_str()), shown) {
        (true, true) => Unreachable::CertificateRefused { url, alert },
        (true, false) => Unreachable::NoCertificate { url },
        (false, _) => Unreachable::Handshake { url, alert },
    }
}

/// Whether a body has these words, in any case.
fn says(body: &[u8], words: &str) -> bool {
    let text = String::from_utf8_lossy(body).to_ascii_lowercase();
    text.contains(words)
}

fn unreachable(url: String, reason: RequestError) -> Unreachable {
    if let RequestError::Access(reason) = reason {
        return Unreachable::NoToken { url, reason };
    }
    let text = reason.to_string();
    if text.contains("InvalidContentType")
        || text.contains("corrupt message")
        || text.contains("handshake eof")
    {
        return Unreachable::NoTls { url };
    }
    if text.contains("invalid HTTP version") && url.starts_with("http:") {
        return Unreachable::Tls { url };
    }
    if text.contains("invalid peer certificate") || text.contains("UnknownIssuer") {
        return Unreachable::Untrusted { url, reason: text };
    }
    Unreachable::Silent { url, reason }
}
