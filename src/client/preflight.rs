//! The first request of a run: whether a registry answers, and whether it accepts the credentials.

use std::time::Duration;

use http::Method;

use super::auth::challenges;
use super::connect::{HttpVersions, client, probe_client};
use super::credentials::Credentials;
use super::exchange::Request;
use super::proxy_variable::proxy_variable;
use super::readiness::is_down;
use super::registry_client::RegistryClient;
use super::request_error::{ConnectionFailure, RequestError};
use super::tls_error::TlsError;
use super::unreachable::Unreachable;
use crate::endpoint::Endpoint;

/// How often a connection is made again only to see the TLS alert that ends it.
const ALERT_PROBES: usize = 3;

/// The time-out of a request that is sent only to see why the first one failed.
const PROBE_TIMEOUT: Duration = Duration::from_secs(5);

/// The longest scheme of a challenge that is shown, in characters.
const MAX_SCHEME: usize = 32;

impl RegistryClient {
    /// Sends `GET /v2/`, and gets the tokens for the repositories of the run. The suites judge every status other than 401, and than
    /// those of a registry that is down ([`is_down`]).
    ///
    /// # Errors
    /// When there is no response or no access; each with the way out.
    pub async fn preflight(&self, repositories: &[&str]) -> Result<(), Unreachable> {
        let url = self.shown_url();
        self.access().set_repositories(repositories);
        let address = Endpoint::Base.url(self.base());
        let request = Request::bare(Method::GET, address, "Check that the registry answers");
        let response = match self.send(request).await.response {
            Ok(response) => response,
            Err(reason) => return Err(self.explain(url, reason).await),
        };
        let http = self.base().scheme() == "http";
        if response.status == 400 && http && contains_ignoring_case(&response.body, "https") {
            return Err(Unreachable::Tls { url });
        }
        if response.status == 400 && contains_ignoring_case(&response.body, "ssl certificate") {
            return Err(Unreachable::ClientCertificateRequired { url });
        }
        if is_down(response.status) {
            return Err(Unreachable::Down {
                url,
                status: response.status,
            });
        }
        if response.status != 401 {
            let tokens = self.access().fetch_tokens().await;
            tokens.map_err(|reason| Unreachable::NoToken { url, reason })?;
            self.access().mark_accepted();
            return Ok(());
        }
        let offered = offered_schemes(&response.headers);
        Err(match &self.settings().credentials {
            None => Unreachable::NoCredentials {
                url,
                offered,
                advice: self.settings().advice.log_in,
            },
            Some(known) => Unreachable::Refused {
                url,
                offered,
                identity: Credentials::identity(known),
            },
        })
    }

    /// Says, before the preflight, that the run pushes nothing: then no token for a push is requested.
    pub fn set_pull_only(&self) {
        self.access().set_pull_only();
    }

    async fn explain(&self, url: String, reason: RequestError) -> Unreachable {
        let reason = match reason {
            RequestError::Access(reason) => return Unreachable::NoToken { url, reason },
            other => other,
        };
        let https = self.base().scheme() == "https";
        let tls = match &reason {
            RequestError::Connection(failure) => failure.tls.clone(),
            RequestError::Broken(failure) if failure.tls.is_none() && https => {
                self.probe_alert().await
            }
            RequestError::Broken(failure) => failure.tls.clone(),
            _ => None,
        };
        if let Some(error) = tls {
            return Unreachable::tls(url, error, &self.settings().tls);
        }
        let other_scheme = match &reason {
            RequestError::Broken(failure) if failure.wrong_protocol && !https => "https",
            RequestError::Connection(failure) if failure.wrong_protocol && https => "http",
            _ => return self.no_response(url, reason),
        };
        match (self.answers_over(other_scheme).await, https) {
            (true, true) => Unreachable::PlainHttp { url },
            (true, false) => Unreachable::Tls { url },
            (false, _) => self.no_response(url, reason),
        }
    }

    fn no_response(&self, url: String, reason: RequestError) -> Unreachable {
        match proxy_variable(self.base()) {
            Some(variable) => Unreachable::NoProxy {
                url,
                variable,
                reason,
            },
            None => Unreachable::NoResponse { url, reason },
        }
    }

    /// The alert with which TLS ended a connection. With TLS 1.3 it comes after the handshake, where HTTP/2 loses it;
    /// HTTP/1.1 does not, unless the connection is reset first.
    async fn probe_alert(&self) -> Option<TlsError> {
        let client = client(self.settings(), self.base(), HttpVersions::Http1).ok()?;
        for _ in 0..ALERT_PROBES {
            let sent = client.head(self.base().clone()).timeout(PROBE_TIMEOUT);
            let error = sent.send().await.err()?;
            let failure = ConnectionFailure::of(&error);
            if failure.tls.is_some() {
                return failure.tls;
            }
        }
        None
    }

    /// Whether the same port answers over the other scheme, which the user may have meant.
    async fn answers_over(&self, scheme: &str) -> bool {
        let mut url = self.base().clone();
        let port = url.port_or_known_default();
        if url.set_scheme(scheme).is_err() || url.set_port(port).is_err() {
            return false;
        }
        let Ok(client) = probe_client(self.settings(), &url) else {
            return false;
        };
        match client.head(url).timeout(PROBE_TIMEOUT).send().await {
            Ok(_) => true,
            // A server that requires a client certificate speaks TLS too.
            Err(error) => matches!(ConnectionFailure::of(&error).tls, Some(TlsError::Alert(_))),
        }
    }
}

/// The schemes of the challenges, for messages.
fn offered_schemes(headers: &http::HeaderMap) -> String {
    let schemes: Vec<String> = challenges(headers)
        .into_iter()
        .map(|challenge| challenge.scheme.chars().take(MAX_SCHEME).collect())
        .collect();
    match schemes.is_empty() {
        true => "no way to log in".to_owned(),
        false => format!("the scheme {}", schemes.join(", ")),
    }
}

/// Whether a body contains these words, which are in lower case.
fn contains_ignoring_case(body: &[u8], words: &str) -> bool {
    let text = String::from_utf8_lossy(body).to_ascii_lowercase();
    text.contains(words)
}
