//! Requests that were refused for a time, and come again.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use url::Url;

use super::finding::Finding;
use super::rule::Rule;
use super::wire_exchange::{WireExchange, WireRequest};

/// The most connections that are told apart.
const MAX_CONNECTIONS: usize = 4096;

/// By how much clocks may differ, and recordings round.
const TOLERANCE: Duration = Duration::from_millis(250);

/// The headers of another proxy, on whose connections come the requests of several clients.
const FORWARDED: [&str; 3] = ["forwarded", "via", "x-forwarded-for"];

/// The last refusal of each connection: what comes on another one may be another client's.
#[derive(Debug, Default)]
pub struct Refusals {
    last: HashMap<String, Refusal>,
}

#[derive(Debug)]
struct Refusal {
    method: String,
    url: Url,
    ended: SystemTime,
    wait: Duration,
}

impl Refusals {
    /// Compares the time of a request with the `Retry-After` of the response to the same request before.
    pub fn add(&mut self, exchange: &WireExchange) -> Option<(Rule, Finding)> {
        let request = &exchange.request;
        let connection = request.connection.as_ref()?;
        if FORWARDED
            .iter()
            .any(|name| request.headers.contains_key(*name))
        {
            return None;
        }
        let found = self
            .last
            .get(connection)
            .and_then(|refusal| refusal.compare(exchange));
        if found.is_some() {
            self.last.remove(connection);
        }
        if let Some(refusal) = Refusal::of(exchange)
            && (self.last.len() < MAX_CONNECTIONS || self.last.contains_key(connection))
        {
            self.last.insert(connection.clone(), refusal);
        }
        Some((Rule::RetryAfter, found?))
    }
}

impl Refusal {
    fn of(exchange: &WireExchange) -> Option<Self> {
        let WireRequest { method, url, .. } = &exchange.request;
        let refused = matches!(exchange.status(), Some(429 | 503));
        let wait = exchange.received("retry-after").filter(|_| refused)?;
        Some(Self {
            method: method.clone(),
            url: url.clone(),
            ended: exchange.began.checked_add(exchange.took)?,
            wait: Duration::from_secs(wait.trim().parse::<u32>().ok()?.into()),
        })
    }

    /// None for another request, and for one that came before the refusal was over.
    fn compare(&self, exchange: &WireExchange) -> Option<Finding> {
        let WireRequest { method, url, .. } = &exchange.request;
        let same = *method == self.method && *url == self.url;
        let after = exchange
            .began
            .duration_since(self.ended)
            .ok()
            .filter(|_| same)?;
        let wait = self.wait.as_secs();
        Some(Finding::of(
            after + TOLERANCE >= self.wait,
            format!("the same request after {wait} s at the earliest"),
            format!("after {:.1} s", after.as_secs_f64()),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::traffic::testing::exchange;

    /// A request on a connection, so many milliseconds after the start.
    fn sent(connection: &str, after: u64, status: u16, headers: &[(&str, &str)]) -> WireExchange {
        let mut sent = exchange(
            "GET",
            "http://h/v2/",
            headers,
            status,
            &[("retry-after", "2")],
        );
        sent.request.connection = Some(connection.to_owned());
        sent.began += Duration::from_millis(after);
        sent
    }

    /// Whether the rule holds where a request that was refused for two seconds comes again.
    fn holds(again: &WireExchange) -> Option<bool> {
        let mut refusals = Refusals::default();
        assert_eq!(refusals.add(&sent("1", 1000, 429, &[])), None);
        let (rule, finding) = refusals.add(again)?;
        assert_eq!(rule, Rule::RetryAfter);
        Some(matches!(finding, Finding::Holds(_)))
    }

    #[test]
    fn a_refused_request_waits() {
        assert_eq!(holds(&sent("1", 1500, 200, &[])), Some(false));
        assert_eq!(holds(&sent("1", 3100, 200, &[])), Some(true));
    }

    #[test]
    fn another_request_or_client_does_not_wait() {
        assert_eq!(holds(&sent("2", 1500, 200, &[])), None);
        assert_eq!(holds(&sent("1", 900, 200, &[])), None);
        assert_eq!(holds(&sent("1", 1500, 200, &[("via", "1.1 p")])), None);
        let mut other = sent("1", 1500, 200, &[]);
        other.request.method = "HEAD".to_owned();
        assert_eq!(holds(&other), None);
    }
}
