//! Upload sessions, put together from the requests of a trial.

use std::collections::HashMap;

use url::Url;

use crate::client_test::alter::url_at;
use crate::client_test::trial::Trial;
use crate::client_test::wire::Seen;
use crate::registry::Endpoint;

/// The requests of one upload session, by their positions in the trial.
#[derive(Debug, Default)]
pub struct Session {
    /// The POST that opened it.
    pub opened: usize,
    /// The requests to its URL, in order.
    pub requests: Vec<usize>,
}

/// The upload sessions of a trial, in the order in which they were opened.
pub fn sessions(trial: &Trial) -> Vec<Session> {
    let mut sessions: Vec<Session> = Vec::new();
    let mut by_path: HashMap<String, usize> = HashMap::new();
    for (at, seen) in trial.seen.iter().enumerate() {
        let opens = matches!(seen.request.endpoint, Endpoint::Uploads(_))
            && seen.request.method == "POST"
            && seen.response.status == 202;
        if opens && let Some(location) = location(seen) {
            by_path.insert(location.path().to_owned(), sessions.len());
            sessions.push(Session {
                opened: at,
                requests: Vec::new(),
            });
            continue;
        }
        if let Some(index) = by_path.get(&seen.request.path).copied()
            && let Some(session) = sessions.get_mut(index)
        {
            session.requests.push(at);
            // The next request may go to another path; the Location of a finished upload is that of the blob.
            if let Some(next) = location(seen).filter(|_| seen.response.status != 201) {
                by_path.insert(next.path().to_owned(), index);
            }
        }
    }
    sessions
}

/// The URL that the `Location` of a response leads to, if the client got the response.
pub fn location(seen: &Seen) -> Option<Url> {
    if !seen.is_answered() {
        return None;
    }
    let base = Url::parse(&url_at(&seen.request.origin, &seen.request)).ok()?;
    base.join(seen.response.header("location")?).ok()
}

/// The query of a URL without the digest, in any order.
pub fn query_of(url: &Url) -> Vec<(String, String)> {
    let pairs = url.query_pairs().into_owned();
    let mut pairs: Vec<_> = pairs.filter(|(name, _)| name != "digest").collect();
    pairs.sort();
    pairs
}

/// Whether a request went to a URL, apart from the digest that closes an upload.
pub fn went_to(seen: &Seen, url: &Url) -> bool {
    let Ok(own) = Url::parse(&url_at(&seen.request.origin, &seen.request)) else {
        return false;
    };
    own.path() == url.path() && own.origin() == url.origin() && query_of(&own) == query_of(url)
}
