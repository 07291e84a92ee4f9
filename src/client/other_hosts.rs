//! Hosts other than the registry's that refuse connections: a `Location` may lead to a host or port where nothing listens.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use url::Url;

/// How many connections a host may refuse, if it never accepted one, before its requests are not retried any more.
const MAX_REFUSED: usize = 3;

/// What is known about hosts other than the registry's.
#[derive(Debug, Default)]
pub struct OtherHosts {
    /// By origin, the number of refused connections; none for a host that accepted one.
    refused: Mutex<HashMap<String, Option<usize>>>,
}

impl OtherHosts {
    /// Counts a connection to the host of a URL.
    pub fn count(&self, url: &Url, accepted: bool) {
        let mut refused = self.refused();
        let count = refused.entry(key(url)).or_insert(Some(0));
        *count = match accepted {
            true => None,
            false => count.map(|count| count.saturating_add(1)),
        };
    }

    /// Whether the host of a URL refused several connections, and never accepted one.
    pub fn is_unreachable(&self, url: &Url) -> bool {
        let refused = self.refused();
        let count = refused.get(&key(url)).copied().flatten();
        count.is_some_and(|count| count >= MAX_REFUSED)
    }

    fn refused(&self) -> MutexGuard<'_, HashMap<String, Option<usize>>> {
        // Each change is one assignment: nothing is left half done.
        self.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(url: &Url) -> String {
    url.origin().ascii_serialization()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_host_that_accepted_a_connection_stays_reachable() {
        let (dead, alive) = ("http://dead.example/a", "http://alive.example/a");
        let (dead, alive): (Url, Url) = (dead.parse().unwrap(), alive.parse().unwrap());
        let hosts = OtherHosts::default();
        hosts.count(&alive, true);
        for _ in 0..MAX_REFUSED {
            assert!(!hosts.is_unreachable(&dead));
            hosts.count(&dead, false);
            hosts.count(&alive, false);
        }
        assert!(hosts.is_unreachable(&dead));
        assert!(hosts.is_unreachable(&dead.join("/b").unwrap()));
        assert!(!hosts.is_unreachable(&alive));
    }
}
