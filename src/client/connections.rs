//! The connections of a run, by their local addresses.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};

/// The connections over which a response came.
#[derive(Debug, Default)]
pub struct Connections {
    known: Mutex<HashSet<SocketAddr>>,
}

impl Connections {
    /// Whether a response is the first over its connection: its time includes that of connecting. Not where the client does
    /// not know the local address.
    pub fn is_first(&self, local: Option<SocketAddr>) -> bool {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        local.is_some_and(|local| known.insert(local))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_response_of_a_connection_is_told_apart() {
        let connections = Connections::default();
        let [one, other] = [1, 2].map(|port| Some(SocketAddr::from(([127, 0, 0, 1], port))));
        assert!(connections.is_first(one));
        assert!(connections.is_first(other));
        assert!(!connections.is_first(one));
        assert!(!connections.is_first(None));
    }
}
