//! Upload sessions, put together from the requests of some traffic.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use indexmap::IndexMap;
use url::Url;

use super::wire_exchange::WireExchange;
use crate::endpoint::Endpoint;

/// The memory of all sessions that are not over, in bytes. The oldest is taken for over beyond it.
const MOST_BYTES: usize = 32 * 1024 * 1024;

/// The requests of one session that are kept.
const MOST_REQUESTS: usize = 512;

/// The paths that are remembered because several sessions share them.
const MOST_SHARED: usize = 512;

/// The requests of one upload session.
#[derive(Debug)]
pub struct Session {
    /// The POST that opened it.
    pub opened: Arc<WireExchange>,
    /// The requests to its URL, in order.
    pub requests: Vec<Arc<WireExchange>>,
    /// Whether the client went on without another request to it: it pushed a manifest to the repository, or ended. Otherwise
    /// another request may have been under way when the traffic ended.
    pub left: bool,
}

/// The sessions that are not over, the oldest first.
#[derive(Debug, Default)]
pub struct UploadSessions {
    open: IndexMap<usize, Session>,
    /// The number of the session that each path leads to.
    paths: HashMap<String, usize>,
    /// Paths that lead to several sessions at once, which only the query tells apart.
    shared: HashSet<String>,
    bytes: usize,
}

/// What an exchange is to upload sessions.
#[derive(Debug, Default)]
pub struct Added {
    /// Whether it belongs to one.
    pub belongs: bool,
    /// Whether it went to another host than the request that opened its session.
    pub elsewhere: bool,
    /// The sessions that are over.
    pub over: Vec<Session>,
}

impl Session {
    /// Its exchange with a number.
    pub fn exchange(&self, number: usize) -> Option<Arc<WireExchange>> {
        let mut all = std::iter::once(&self.opened).chain(&self.requests);
        all.find(|one| one.number == number).cloned()
    }
}

impl UploadSessions {
    /// Adds an exchange.
    pub fn add(&mut self, exchange: &Arc<WireExchange>) -> Added {
        let mut added = Added::default();
        if opens(exchange) {
            if let Some(location) = exchange.location() {
                added.belongs = true;
                self.open(exchange, &location);
            }
        } else if let Some(number) = self.paths.get(exchange.request.url.path()).copied() {
            added.belongs = true;
            let opened = self
                .open
                .get(&number)
                .map(|session| &session.opened.request);
            added.elsewhere =
                opened.is_some_and(|one| one.url.origin() != exchange.request.url.origin());
            added.over.extend(self.continue_session(number, exchange));
        }
        if exchange.succeeds()
            && exchange.request.method == "PUT"
            && let Endpoint::Manifest { repository, .. } = &exchange.request.endpoint
        {
            self.leave(repository);
        }
        while self.bytes > MOST_BYTES
            && let Some((number, _)) = self.open.first()
        {
            added.over.extend(self.close(*number));
        }
        added
    }

    /// A manifest was pushed to a repository: its blobs were pushed before.
    fn leave(&mut self, repository: &str) {
        let uploads = Endpoint::Uploads {
            repository: repository.to_owned(),
        };
        for session in self.open.values_mut() {
            session.left |= session.opened.request.endpoint == uploads;
        }
    }

    /// A request to a session got no response: what it did to the session is unknown, so that nothing is said about it.
    pub fn forget(&mut self, exchange: &WireExchange) {
        if let Some(number) = self.paths.get(exchange.request.url.path()).copied() {
            self.close(number);
        }
    }

    /// The sessions that are not over.
    pub fn rest(&mut self) -> Vec<Session> {
        let rest = std::mem::take(self);
        rest.open.into_values().collect()
    }

    fn open(&mut self, exchange: &Arc<WireExchange>, location: &Url) {
        self.bytes = self.bytes.saturating_add(exchange.weight());
        let session = Session {
            opened: exchange.clone(),
            requests: Vec::new(),
            left: false,
        };
        self.open.insert(exchange.number, session);
        self.lead(location.path(), exchange.number);
    }

    /// Remembers that a path leads to a session. The requests of sessions that share a path cannot be told apart: nothing
    /// is said about them.
    fn lead(&mut self, path: &str, number: usize) {
        let other = self.paths.get(path).copied();
        if other.is_none() && !self.shared.contains(path) {
            self.paths.insert(path.to_owned(), number);
        } else if other != Some(number) {
            self.close(number);
            if let Some(other) = other {
                self.close(other);
            }
            if self.shared.len() < MOST_SHARED {
                self.shared.insert(path.to_owned());
            }
        }
    }

    /// Adds a request to a session; gives the session where it is over.
    fn continue_session(&mut self, number: usize, exchange: &Arc<WireExchange>) -> Option<Session> {
        let session = self.open.get_mut(&number)?;
        let room = session.requests.len() < MOST_REQUESTS;
        if room {
            session.requests.push(exchange.clone());
            self.bytes = self.bytes.saturating_add(exchange.weight());
        }
        let over = match exchange.request.method.as_str() {
            "PUT" => exchange.status() == Some(201),
            "DELETE" => exchange.succeeds(),
            _ => false,
        };
        if over {
            return self.close(number);
        }
        // The next request may go to another path.
        if let Some(next) = exchange.location().filter(|_| room) {
            self.lead(next.path(), number);
        }
        None
    }

    fn close(&mut self, number: usize) -> Option<Session> {
        let session = self.open.shift_remove(&number)?;
        self.paths.retain(|_, known| *known != number);
        let requests = session.requests.iter().map(|one| one.weight());
        let weight = requests.sum::<usize>() + session.opened.weight();
        self.bytes = self.bytes.saturating_sub(weight);
        Some(session)
    }
}

fn opens(exchange: &WireExchange) -> bool {
    matches!(exchange.request.endpoint, Endpoint::Uploads { .. })
        && exchange.request.method == "POST"
        && exchange.status() == Some(202)
}

/// The upload sessions of a client that ended, in the order in which they were opened.
pub fn sessions(traffic: &[Arc<WireExchange>]) -> Vec<Session> {
    let mut all = UploadSessions::default();
    let mut sessions: Vec<Session> = traffic.iter().flat_map(|one| all.add(one).over).collect();
    let rest = all.rest().into_iter();
    sessions.extend(rest.map(|session| Session {
        left: true,
        ..session
    }));
    sessions.sort_by_key(|session| session.opened.number);
    sessions
}

impl Session {
    /// Its requests with a method.
    pub fn with_method(&self, method: &str) -> impl Iterator<Item = &WireExchange> {
        let requests = self.requests.iter().map(Arc::as_ref);
        requests.filter(move |one| one.request.method == method)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::traffic::testing::{exchange, with_body};

    fn opening(number: usize, location: &str) -> Arc<WireExchange> {
        let url = "http://h/v2/a/blobs/uploads/";
        let opened = exchange("POST", url, &[], 202, &[("location", location)]);
        Arc::new(with_body(number, b"", opened))
    }

    #[test]
    fn a_session_is_over_with_its_blob() {
        let mut all = UploadSessions::default();
        assert!(all.add(&opening(0, "/s/1")).over.is_empty());
        let put = |status| Arc::new(exchange("PUT", "http://h/s/1?digest=x", &[], status, &[]));
        assert!(all.add(&put(400)).over.is_empty());
        let added = all.add(&put(201));
        assert_eq!(
            added
                .over
                .iter()
                .map(|one| one.requests.len())
                .collect::<Vec<_>>(),
            [2]
        );
        assert!(!all.add(&put(404)).belongs);
        assert_eq!(all.bytes, 0);
        assert!(all.rest().is_empty());
    }

    #[test]
    fn nothing_is_said_about_a_session_with_an_unknown_state() {
        let mut all = UploadSessions::default();
        all.add(&opening(0, "/s/1"));
        all.forget(&exchange("PATCH", "http://h/s/1", &[], 0, &[]));
        assert!(all.rest().is_empty());
    }

    #[test]
    fn a_session_is_left_when_the_manifest_is_pushed() {
        let mut all = UploadSessions::default();
        all.add(&opening(0, "/s/1"));
        for (path, status, left) in [
            ("b/manifests/v1", 201, false),
            ("a/manifests/v1", 400, false),
            ("a/manifests/v1", 201, true),
        ] {
            let url = format!("http://h/v2/{path}");
            all.add(&Arc::new(exchange("PUT", &url, &[], status, &[])));
            let mut open = all.open.values();
            assert!(open.all(|session| session.left == left), "{path} {status}");
        }
        let ended = sessions(&[opening(0, "/s/1")]);
        assert!(ended.iter().all(|session| session.left));
    }

    #[test]
    fn sessions_that_share_a_path_are_not_judged() {
        let mut all = UploadSessions::default();
        all.add(&opening(0, "/s?id=1"));
        all.add(&opening(1, "/s?id=2"));
        all.add(&opening(2, "/s?id=3"));
        assert!(all.rest().is_empty());
    }

    #[test]
    fn memory_is_bounded_whatever_is_opened() {
        const OPENED: usize = 400;
        let mut all = UploadSessions::default();
        let long = format!("/s/{}", "x".repeat(100_000));
        let mut over = 0;
        for number in 0..OPENED {
            over += all
                .add(&opening(number, &format!("{long}{number}")))
                .over
                .len();
            assert!(all.bytes <= MOST_BYTES);
        }
        assert!(over > 0);
        assert_eq!(all.rest().len() + over, OPENED);
        // A request to a URL without end weighs as much as the URL.
        let url = format!("http://h/{}", "x".repeat(100_000));
        assert!(exchange("PATCH", &url, &[], 202, &[]).weight() > 200_000);
    }
}
