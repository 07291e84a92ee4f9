//! Hosts other than the registry's that give no response: a `Location` may lead to a host or port where nothing listens. The
//! client counts connections, to retry no more; the engine counts requests, to send no more.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use url::Url;

/// How many failures a host may have, if it never responded, before it counts as unreachable.
const MAX_FAILURES: usize = 3;

/// What is known about hosts other than the registry's.
#[derive(Debug, Default)]
pub struct OtherHosts {
    /// By origin, the number of failures; none for a host that responded.
    failures: Mutex<HashMap<String, Option<usize>>>,
}

impl OtherHosts {
    /// Counts a response of the host of a URL, or that there is none.
    pub fn count(&self, url: &Url, responded: bool) {
        let mut failures = self.failures();
        let count = failures.entry(origin(url)).or_insert(Some(0));
        *count = match responded {
            true => None,
            false => count.map(|count| count.saturating_add(1)),
        };
    }

    /// Whether the host of a URL failed several times, and never responded.
    pub fn is_unreachable(&self, url: &Url) -> bool {
        let failures = self.failures();
        let count = failures.get(&origin(url)).copied().flatten();
        count.is_some_and(|count| count >= MAX_FAILURES)
    }

    fn failures(&self) -> MutexGuard<'_, HashMap<String, Option<usize>>> {
        // Each change is one assignment: nothing is left half done.
        self.failures.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The scheme, host and port of a URL, as text.
pub fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_host_that_responded_stays_reachable() {
        let (dead, alive) = ("http://dead.example/a", "http://alive.example/a");
        let (dead, alive): (Url, Url) = (dead.parse().unwrap(), alive.parse().unwrap());
        let hosts = OtherHosts::default();
        hosts.count(&alive, true);
        for _ in 0..MAX_FAILURES {
            assert!(!hosts.is_unreachable(&dead));
            hosts.count(&dead, false);
            hosts.count(&alive, false);
        }
        assert!(hosts.is_unreachable(&dead));
        assert!(hosts.is_unreachable(&dead.join("/b").unwrap()));
        assert!(!hosts.is_unreachable(&alive));
    }
}
