//! Which hosts get the credentials of a client.

use std::collections::{HashMap, HashSet};

use url::{Host, Url};

use super::finding::Finding;
use super::wire_exchange::WireExchange;
use crate::client::challenges;

/// The most credentials that are told apart.
const MAX_KNOWN: usize = 10_000;

/// The hosts that got credentials, and those that may.
#[derive(Debug, Default)]
pub struct CredentialHosts {
    /// The host that got a value of Authorization first.
    first: HashMap<String, String>,
    /// The hosts that a challenge names as token servers.
    realms: HashSet<String>,
}

impl CredentialHosts {
    /// Compares the credentials of a request with earlier ones; nothing where it has none, or where a recording hides them.
    pub fn add(&mut self, exchange: &WireExchange) -> Option<Finding> {
        self.learn_realms(exchange);
        let value = exchange.sent("authorization")?.into_owned();
        if value.contains("redacted") || value.contains("***") {
            return None;
        }
        let host = host(&exchange.request.url)?;
        if self.realms.contains(&host) {
            return None;
        }
        match self.first.get(&value) {
            None => {
                if self.first.len() < MAX_KNOWN {
                    self.first.insert(value, host);
                }
                None
            }
            Some(first) => {
                let expected = format!("the credentials of {first} at no other host");
                Some(Finding::of(
                    *first == host,
                    expected,
                    format!("sent to {host}"),
                ))
            }
        }
    }

    fn learn_realms(&mut self, exchange: &WireExchange) {
        let Some(response) = &exchange.response else {
            return;
        };
        let challenges = challenges(&response.headers);
        let realms = challenges
            .iter()
            .filter_map(|one| host(&Url::parse(one.parameter("realm")?).ok()?));
        if self.realms.len() < MAX_KNOWN {
            self.realms.extend(realms);
        }
    }
}

/// The host of a URL, without the port.
fn host(url: &Url) -> Option<String> {
    url.host().map(|host: Host<&str>| host.to_string())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::traffic::testing::exchange;

    fn asked(url: &str, authorization: &str) -> WireExchange {
        exchange("GET", url, &[("authorization", authorization)], 200, &[])
    }

    #[test]
    fn credentials_stay_with_their_host_and_its_token_server() {
        let mut hosts = CredentialHosts::default();
        let registry = asked("http://r.example/v2/", "Basic dGVhOjE=");
        assert_eq!(hosts.add(&registry), None);
        assert!(matches!(hosts.add(&registry), Some(Finding::Holds(_))));
        let port = asked("http://r.example:5000/v2/", "Basic dGVhOjE=");
        assert!(matches!(hosts.add(&port), Some(Finding::Holds(_))));
        let away = asked("http://evil.example/v2/", "Basic dGVhOjE=");
        assert!(matches!(hosts.add(&away), Some(Finding::Violated(_))));
        let challenge = [(
            "www-authenticate",
            "Bearer realm=\"http://t.example/token\",service=\"x\"",
        )];
        hosts.add(&exchange(
            "GET",
            "http://r.example/v2/",
            &[],
            401,
            &challenge,
        ));
        assert_eq!(
            hosts.add(&asked("http://t.example/token", "Basic dGVhOjE=")),
            None
        );
        for hidden in ["Bearer [redacted]", "Basic ***"] {
            hosts.add(&asked("http://r.example/v2/", hidden));
            assert_eq!(hosts.add(&asked("http://evil.example/v2/", hidden)), None);
        }
    }
}
