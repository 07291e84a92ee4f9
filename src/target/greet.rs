//! The first request: proves that there is a registry, and that it lets us in.

use http::Method;

use super::auth::challenges;
use super::{AccessError, Failure, Request, Target};

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
        reason: Failure,
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
    /// It wants a client certificate, and says so in HTTP.
    #[error(
        "{url} asks for a client certificate: name it with --cert FILE, and its key with --key FILE"
    )]
    NoCertificate {
        /// The registry.
        url: String,
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

impl Target {
    /// Asks for `/v2/`, and makes sure of the tokens that the run will need for its repositories. Whatever status
    /// comes, but 401, is for the suites to judge.
    ///
    /// # Errors
    /// When there is no answer, or no way in: each with the way out.
    pub async fn greet(&self, repositories: &[&str]) -> Result<(), Unreachable> {
        let url = self.base().as_str().trim_end_matches('/').to_owned();
        let mut address = self.base().clone();
        address.set_path("/v2/");
        if let Some(home) = repositories.first() {
            self.access().at_home_in(home);
        }
        let reply = self
            .send(Request {
                method: Method::GET,
                url: address,
                headers: Vec::new(),
                body: bytes::Bytes::new(),
                step: "Greet the registry".to_owned(),
            })
            .await;
        let answer = match reply.answer {
            Ok(answer) => answer,
            Err(reason) => return Err(unreachable(url, reason)),
        };
        if answer.status == 400 && self.base().scheme() == "http" && says(&answer.body, "https") {
            return Err(Unreachable::Tls { url });
        }
        if answer.status == 400 && says(&answer.body, "ssl certificate") {
            return Err(Unreachable::NoCertificate { url });
        }
        if answer.status != 401 {
            let opened = self.access().open(repositories).await;
            return opened.map_err(|reason| Unreachable::NoToken { url, reason });
        }
        let offered = offered(&answer.headers);
        Err(match &self.settings().credentials {
            None => Unreachable::NoCredentials { url, offered },
            Some(known) => Unreachable::Refused {
                url,
                offered,
                whose: known.whose(),
            },
        })
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

/// Whether a body has these words, in any case.
fn says(body: &[u8], words: &str) -> bool {
    let text = String::from_utf8_lossy(body).to_ascii_lowercase();
    text.contains(words)
}

fn unreachable(url: String, reason: Failure) -> Unreachable {
    if let Failure::Access(reason) = reason {
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
