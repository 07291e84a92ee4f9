//! Requests that were refused for a time, and come again.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use url::Url;

use super::finding::Finding;
use super::together_rule::TogetherRule;
use super::wire_exchange::{MAX_REMEMBERED, WireExchange, WireRequest};

/// The most refusals that are remembered.
const MAX_KNOWN: usize = 4096;

/// By how much clocks may differ, and recordings round.
const TOLERANCE: Duration = Duration::from_millis(250);

/// The headers of another proxy, on whose connections come the requests of several clients.
const FORWARDED: [&str; 3] = ["forwarded", "via", "x-forwarded-for"];

/// Refusals whose request did not come again yet.
#[derive(Debug, Default)]
pub struct Refusals {
    last: HashMap<Refused, Refusal>,
}

/// A request that comes again is the same on the same connection: on another one it may be another client's.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Refused {
    connection: u64,
    method: String,
    url: Url,
}

#[derive(Debug)]
struct Refusal {
    ended: SystemTime,
    wait: Duration,
}

impl Refusals {
    /// Compares the time of a request with the `Retry-After` of the response to the same request before.
    pub fn add(&mut self, exchange: &WireExchange) -> Option<(TogetherRule, Finding)> {
        let refusal = Refusal::of(exchange);
        if refusal.is_none() && self.last.is_empty() {
            return None;
        }
        let request = Refused::of(&exchange.request)?;
        let found = self.last.remove(&request);
        let found = found.and_then(|refusal| refusal.compare(exchange));
        if let Some(refusal) = refusal
            && self.last.len() < MAX_KNOWN
        {
            self.last.insert(request, refusal);
        }
        Some((TogetherRule::RetryAfter, found?))
    }
}

impl Refused {
    fn of(request: &WireRequest) -> Option<Self> {
        let mut forwarded = FORWARDED.iter();
        let known = forwarded.any(|name| request.headers.contains_key(*name));
        if known || request.url.as_str().len() > MAX_REMEMBERED {
            return None;
        }
        Some(Self {
            connection: request.connection?,
            method: request.method.clone(),
            url: request.url.clone(),
        })
    }
}

impl Refusal {
    fn of(exchange: &WireExchange) -> Option<Self> {
        let refused = matches!(exchange.status(), Some(429 | 503));
        let wait = exchange.received("retry-after").filter(|_| refused)?;
        Some(Self {
            ended: exchange.began.checked_add(exchange.took)?,
            wait: Duration::from_secs(wait.trim().parse::<u32>().ok()?.into()),
        })
    }

    /// None for a request that was sent before the refusal came.
    fn compare(&self, exchange: &WireExchange) -> Option<Finding> {
        let after = exchange.began.duration_since(self.ended).ok()?;
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
    fn sent(connection: u64, after: u64, status: u16, headers: &[(&str, &str)]) -> WireExchange {
        let mut sent = exchange(
            "GET",
            "http://h/v2/",
            headers,
            status,
            &[("retry-after", "2")],
        );
        sent.request.connection = Some(connection);
        sent.began += Duration::from_millis(after);
        sent
    }

    /// Whether the rule holds where a request that was refused for two seconds comes again.
    fn holds(again: &WireExchange) -> Option<bool> {
        let mut refusals = Refusals::default();
        assert_eq!(refusals.add(&sent(1, 1000, 429, &[])), None);
        let (rule, finding) = refusals.add(again)?;
        assert_eq!(rule, TogetherRule::RetryAfter);
        Some(matches!(finding, Finding::Holds(_)))
    }

    #[test]
    fn a_url_without_end_is_not_remembered() {
        let mut refusals = Refusals::default();
        let mut refused = sent(1, 1000, 429, &[]);
        refused
            .request
            .url
            .set_query(Some(&"x".repeat(MAX_REMEMBERED)));
        assert_eq!(refusals.add(&refused), None);
        assert!(refusals.last.is_empty());
    }

    #[test]
    fn a_refused_request_waits() {
        assert_eq!(holds(&sent(1, 1500, 200, &[])), Some(false));
        assert_eq!(holds(&sent(1, 3100, 200, &[])), Some(true));
    }

    #[test]
    fn another_request_or_client_does_not_wait() {
        assert_eq!(holds(&sent(2, 1500, 200, &[])), None);
        assert_eq!(holds(&sent(1, 900, 200, &[])), None);
        assert_eq!(holds(&sent(1, 1500, 200, &[("via", "1.1 p")])), None);
        let mut other = sent(1, 1500, 200, &[]);
        other.request.method = "HEAD".to_owned();
        assert_eq!(holds(&other), None);
    }
}
