//! Kinds of requests whose connection the registry closes each time, in place of a response.

use std::collections::{BTreeSet, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::client::Request;
use crate::endpoint::{Endpoint, EndpointKind};

/// The kinds that a run found.
#[derive(Debug, Default)]
pub struct ClosedRequests {
    kinds: Mutex<HashSet<RequestKind>>,
}

impl ClosedRequests {
    /// Whether the connection of such requests, or of those with fewer parameters, was found to be closed each time.
    pub fn has(&self, kind: &RequestKind) -> bool {
        self.kinds().iter().any(|known| kind.extends(known))
    }

    pub fn add(&self, kind: RequestKind) {
        self.kinds().insert(kind);
    }

    fn kinds(&self) -> MutexGuard<'_, HashSet<RequestKind>> {
        // Each change is one call: nothing is left half done.
        self.kinds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The kind of a request.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct RequestKind {
    method: String,
    endpoint: EndpointKind,
    /// The names of its parameters.
    parameters: BTreeSet<String>,
}

impl RequestKind {
    pub fn of(request: &Request) -> Self {
        let names = request.url.query_pairs();
        Self {
            method: request.method.to_string(),
            endpoint: Endpoint::parse(request.url.path()).kind(),
            parameters: names.map(|(name, _)| name.into_owned()).collect(),
        }
    }

    /// Whether it differs from the other at most by more parameters.
    fn extends(&self, other: &Self) -> bool {
        self.method == other.method
            && self.endpoint == other.endpoint
            && self.parameters.is_superset(&other.parameters)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_of_request_has_more_parameters_or_the_same() {
        let kind = |method: http::Method, query: &str| {
            let url = format!("http://registry.example/v2/a/tags/list?{query}");
            RequestKind::of(&Request::bare(method, url.parse().unwrap(), ""))
        };
        let plain = kind(http::Method::GET, "n=0");
        assert!(kind(http::Method::GET, "last=a&n=0").extends(&plain));
        assert!(kind(http::Method::GET, "n=1").extends(&plain));
        assert!(!kind(http::Method::GET, "last=a").extends(&plain));
        assert!(!kind(http::Method::HEAD, "n=0").extends(&plain));
    }
}
