//! The first request: proves that there is a registry, and that it lets us in.

use http::Method;

use super::{Failure, Request, Target};

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
        "{url} asks for credentials ({challenge}): give --username, and the password in ASSAY_PASSWORD or with --password-stdin"
    )]
    NoCredentials {
        /// The registry.
        url: String,
        /// What it asks for.
        challenge: String,
    },
    /// It refuses the credentials.
    #[error(
        "{url} refuses the credentials ({challenge}): check the user name and the password; so far assay logs in by the Basic scheme alone"
    )]
    Refused {
        /// The registry.
        url: String,
        /// What it asks for.
        challenge: String,
    },
}

impl Target {
    /// Asks for `/v2/`. Whatever status comes, but 401, is for the suites to judge.
    ///
    /// # Errors
    /// When there is no answer, or no way in: each with the way out.
    pub async fn greet(&self) -> Result<(), Unreachable> {
        let url = self.base().as_str().trim_end_matches('/').to_owned();
        let mut address = self.base().clone();
        address.set_path("/v2/");
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
        if answer.status == 400 && self.base().scheme() == "http" && says_tls(&answer.body) {
            return Err(Unreachable::Tls { url });
        }
        if answer.status != 401 {
            return Ok(());
        }
        let challenge = answer
            .headers
            .get("www-authenticate")
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
            .map_or_else(|| "without a challenge".to_owned(), scheme);
        Err(match self.settings().credentials {
            None => Unreachable::NoCredentials { url, challenge },
            Some(_) => Unreachable::Refused { url, challenge },
        })
    }
}

/// The scheme of a challenge: what follows may be long, and is the target's.
fn scheme(challenge: String) -> String {
    let word: String = challenge
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .take(32)
        .collect();
    format!("scheme {word}")
}

fn says_tls(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body).to_ascii_lowercase();
    text.contains("https")
}

fn unreachable(url: String, reason: Failure) -> Unreachable {
    let text = reason.to_string();
    if text.contains("InvalidContentType") || text.contains("corrupt message") {
        return Unreachable::NoTls { url };
    }
    if text.contains("invalid peer certificate") || text.contains("UnknownIssuer") {
        return Unreachable::Untrusted { url, reason: text };
    }
    Unreachable::Silent { url, reason }
}
