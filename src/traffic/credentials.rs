//! Which hosts get the credentials of a client.

use std::collections::{HashMap, HashSet};

use url::{Origin, Url};

use super::finding::Finding;
use super::together_rule::TogetherRule;
use super::wire_exchange::{MAX_REMEMBERED, WireExchange};
use crate::client::challenges;
use crate::fixture::{Algorithm, digest_of};

/// The most credentials, and the most origins and URLs, that are told apart.
const MAX_KNOWN: usize = 10_000;

/// The most bytes of the name of a host (RFC 1035, section 2.3.4).
const MAX_HOST: usize = 255;

/// The most token servers of one response that are read.
const MAX_REALMS: usize = 8;

/// The origins that got credentials, and those that ask for them.
#[derive(Debug, Default)]
pub struct CredentialHosts {
    /// The origin that got a value of Authorization first, by the digest of the value.
    first: HashMap<String, Origin>,
    /// Origins that answered with a challenge, or that a challenge names as token servers.
    asking: HashSet<Origin>,
    /// URLs of other origins that responses lead to, without their queries.
    led_to: HashSet<(Origin, String)>,
}

impl CredentialHosts {
    /// Compares the origin of a request with the one that got its credentials first. The user may have the same account at
    /// two registries: only where a `Location` leads to the other origin, and that asked for no credentials, did the client
    /// take them along. Nothing where a request has no credentials, or where a recording hides them.
    pub fn add(&mut self, exchange: &WireExchange) -> Vec<(TogetherRule, Finding)> {
        if !has_short_host(&exchange.request.url) {
            return Vec::new();
        }
        let own = exchange.request.url.origin();
        let found = self.compare(exchange, &own);
        self.learn(exchange, own);
        found
    }

    fn compare(&mut self, exchange: &WireExchange, own: &Origin) -> Vec<(TogetherRule, Finding)> {
        let value = exchange.sent("authorization");
        let Some(value) = value.filter(|value| !is_hidden(value)) else {
            return Vec::new();
        };
        let value = digest_of(value.as_bytes(), Algorithm::Sha256);
        let Some(first) = self.first.get(&value) else {
            if self.first.len() < MAX_KNOWN {
                self.first.insert(value, own.clone());
            }
            return Vec::new();
        };
        let (Origin::Tuple(scheme, host, _), Origin::Tuple(own_scheme, own_host, _)) = (first, own)
        else {
            return Vec::new();
        };
        let found = |rule, holds, other| {
            let first = first.ascii_serialization();
            let expected = format!("the credentials of {first} at no other {other}");
            let actual = format!("sent to {}", own.ascii_serialization());
            (rule, Finding::of(holds, expected, actual))
        };
        let on_host = |holds| found(TogetherRule::CredentialsStay, holds, "host");
        let on_port = |holds| found(TogetherRule::CredentialsStayOnPort, holds, "port");
        let led_here = self.led_to.contains(&place(&exchange.request.url));
        let taken_along = led_here && !self.asking.contains(own);
        // TLS on another port of the host keeps them from others.
        let gets_safer = scheme == "http" && own_scheme == "https";
        match (host == own_host, first == own) {
            (true, true) => vec![on_host(true), on_port(true)],
            (true, false) if taken_along && !gets_safer => vec![on_host(true), on_port(false)],
            (true, false) => vec![on_host(true)],
            (false, _) if taken_along => vec![on_host(false)],
            (false, _) => Vec::new(),
        }
    }

    fn learn(&mut self, exchange: &WireExchange, own: Origin) {
        let Some(response) = &exchange.response else {
            return;
        };
        let challenges = challenges(&response.headers);
        if !challenges.is_empty() && self.asking.len() < MAX_KNOWN {
            let realms = challenges.iter().filter_map(|one| one.parameter("realm"));
            let realms = realms.filter_map(|realm| Url::parse(realm).ok());
            let realms = realms.filter(has_short_host).take(MAX_REALMS);
            self.asking.extend(realms.map(|realm| realm.origin()));
            self.asking.insert(own.clone());
        }
        let elsewhere = exchange.location().filter(|url| url.origin() != own);
        if let Some(location) = elsewhere
            && location.path().len() <= MAX_REMEMBERED
            && has_short_host(&location)
            && self.led_to.len() < MAX_KNOWN
        {
            self.led_to.insert(place(&location));
        }
    }
}

/// Whether the name of the host is one that DNS allows: longer ones are not remembered.
fn has_short_host(url: &Url) -> bool {
    url.host_str().is_none_or(|host| host.len() <= MAX_HOST)
}

fn is_hidden(value: &str) -> bool {
    value.contains("redacted") || value.contains("***")
}

fn place(url: &Url) -> (Origin, String) {
    (url.origin(), url.path().to_owned())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::traffic::testing::exchange;

    const UPLOADS: &str = "http://r.example/v2/a/blobs/uploads/";

    /// What is found where credentials that `http://r.example` got come to a URL, after a response that leads to another.
    fn found(location: &str, url: &str, value: &str) -> Vec<(TogetherRule, bool)> {
        let mut hosts = CredentialHosts::default();
        let sent = [("authorization", value)];
        hosts.add(&exchange(
            "POST",
            UPLOADS,
            &sent,
            202,
            &[("location", location)],
        ));
        let found = hosts.add(&exchange("PUT", url, &sent, 201, &[]));
        let holds = |finding| matches!(finding, Finding::Holds(_));
        found
            .into_iter()
            .map(|(rule, one)| (rule, holds(one)))
            .collect()
    }

    #[test]
    fn credentials_that_follow_a_location_to_another_host_or_port_are_found() {
        let basic = "Basic dGVhOjE=";
        let away = "http://evil.example/s";
        assert_eq!(
            found(away, away, basic),
            [(TogetherRule::CredentialsStay, false)]
        );
        let port = "http://r.example:5000/s";
        assert_eq!(
            found(port, port, basic),
            [
                (TogetherRule::CredentialsStay, true),
                (TogetherRule::CredentialsStayOnPort, false)
            ]
        );
        let stays = [
            (TogetherRule::CredentialsStay, true),
            (TogetherRule::CredentialsStayOnPort, true),
        ];
        assert_eq!(found("/s", "http://r.example/s", basic), stays);
        for hidden in ["Bearer [redacted]", "Basic ***"] {
            assert_eq!(found(away, away, hidden), []);
        }
    }

    #[test]
    fn a_path_without_end_is_not_remembered() {
        let mut hosts = CredentialHosts::default();
        for (path, remembered) in [(MAX_REMEMBERED, 1), (100_000, 1), (10, 2)] {
            let location = format!("http://evil.example/{}", "x".repeat(path - 1));
            let led = [("location", location.as_str())];
            hosts.add(&exchange("POST", UPLOADS, &[], 202, &led));
            assert_eq!(hosts.led_to.len(), remembered, "{path}");
        }
        let host = format!("http://{}/", "x".repeat(1000));
        let sent = [("authorization", "Basic dGVhOjE=")];
        hosts.add(&exchange("GET", &host, &sent, 200, &[]));
        assert!(hosts.first.is_empty());
    }

    #[test]
    fn one_account_at_two_registries_is_no_violation() {
        let basic = "Basic dGVhOjE=";
        assert_eq!(found("/s", "http://s.example/v2/", basic), []);
        let port = "http://r.example:5000/v2/";
        assert_eq!(
            found("/s", port, basic),
            [(TogetherRule::CredentialsStay, true)]
        );
        let tls = "https://r.example/s";
        assert_eq!(
            found(tls, tls, basic),
            [(TogetherRule::CredentialsStay, true)]
        );
    }

    #[test]
    fn a_host_that_asks_for_credentials_may_get_them() {
        let bearer = "Bearer realm=\"http://t.example/token\",service=\"x\"";
        for (url, challenge) in [
            ("http://r.example/v2/", bearer),
            ("http://t.example/token", "Basic realm=\"t\""),
        ] {
            let mut hosts = CredentialHosts::default();
            hosts.add(&exchange(
                "GET",
                url,
                &[],
                401,
                &[("www-authenticate", challenge)],
            ));
            let sent = [("authorization", "Basic dGVhOjE=")];
            let leads = [("location", "http://t.example/token")];
            hosts.add(&exchange("POST", UPLOADS, &sent, 202, &leads));
            let token = exchange("GET", "http://t.example/token", &sent, 200, &[]);
            assert_eq!(hosts.add(&token), []);
        }
    }
}
