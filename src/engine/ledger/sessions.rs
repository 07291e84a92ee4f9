//! The upload sessions that a run opened.

use indexmap::IndexMap;
use url::Url;

use crate::endpoint::without_digest;

/// The upload sessions, by every URL that the target gave them.
#[derive(Debug, Default)]
pub struct Sessions {
    by_url: IndexMap<String, Session>,
    opened: usize,
}

#[derive(Debug, Clone)]
pub struct Session {
    /// The same for all URLs of one upload session.
    pub number: usize,
    pub repo: String,
    pub bytes: usize,
}

impl Sessions {
    /// A new session, at the URL that the target gave it.
    pub fn open(&mut self, location: Option<Url>, repo: String) {
        self.opened += 1;
        let session = Session {
            number: self.opened,
            repo,
            bytes: 0,
        };
        self.moved(location, session);
    }

    /// The session has a URL, which may be one more: a case may use an earlier one again.
    pub fn moved(&mut self, location: Option<Url>, session: Session) {
        if let Some(url) = location {
            let url = without_digest(&url);
            // The last URL is the last in the map.
            self.by_url.shift_remove(&url);
            self.by_url.insert(url, session);
        }
    }

    /// The session of a URL is over, with all its URLs.
    pub fn close(&mut self, url: &Url) {
        if let Some(closed) = self.by_url.get(&without_digest(url)).cloned() {
            self.by_url
                .retain(|_, session| session.number != closed.number);
        }
    }

    pub fn get(&self, url: &Url) -> Option<&Session> {
        self.by_url.get(&without_digest(url))
    }

    /// Each open session with its last URL.
    pub fn last_urls(&self) -> impl Iterator<Item = (&String, &Session)> {
        let mut last: IndexMap<usize, (&String, &Session)> = IndexMap::new();
        for (url, session) in &self.by_url {
            last.insert(session.number, (url, session));
        }
        last.into_values()
    }
}
