//! The ledger: the content that the run pushed, which is deleted at its end. Nothing else is.
//!
//! Content of a fresh seed belongs to the run alone. Content that may exist already (very small content, and all content
//! where the user chose the seed) is looked for before it is written: where it exists, it is not the run's, and neither a
//! case nor the cleanup deletes it.

mod artifact;
mod sessions;
mod write_effect;

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;

use indexmap::IndexMap;

pub use self::artifact::Artifact;
use self::sessions::Sessions;
pub use self::write_effect::WriteEffect;
use crate::client::{Exchanged, Request};
use crate::fixture::SMALL_BLOB;
use crate::record::LeftoverKind;

/// What the run wrote, and what existed before.
#[derive(Debug, Default)]
pub struct Ledger {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// For each item that was written, whether a 2xx confirmed it.
    pushed: IndexMap<Artifact, bool>,
    /// For each item that was looked for, whether it existed.
    looked: HashMap<Artifact, bool>,
    sessions: Sessions,
    /// How large each blob is.
    sizes: HashMap<String, usize>,
    /// The kinds of items of which the registry deleted one.
    deleted: HashSet<LeftoverKind>,
}

impl Ledger {
    /// The effect of a request that is about to be sent.
    pub fn effect(&self, request: &Request) -> WriteEffect {
        let session = self.state().sessions.get(&request.url).cloned();
        let size_of = |digest: &str| self.state().sizes.get(digest).copied().unwrap_or(0);
        WriteEffect::of(request, session, size_of)
    }

    /// The items that a request would write and that must be looked for before. `all`: also content of the seed.
    pub fn to_look_for(&self, effect: &WriteEffect, all: bool) -> Vec<Artifact> {
        let WriteEffect::Write(items, size) = effect else {
            return Vec::new();
        };
        let state = self.state();
        // A write that is not confirmed yet may name this digest without having its content.
        let known = |item: &Artifact| {
            state.looked.contains_key(item) || state.pushed.get(item) == Some(&true)
        };
        let small = |item: &Artifact| item.kind == LeftoverKind::Blob && *size < SMALL_BLOB;
        let unknown = items
            .iter()
            .filter(|item| (all || small(item)) && !known(item));
        unknown.cloned().collect()
    }

    /// Records whether an item existed before it was written. Cases look at the same time: what one of them did not
    /// find is the run's, also if another one finds it after that.
    pub fn looked_for(&self, item: Artifact, there: bool) {
        let mut state = self.state();
        let there = *state.looked.entry(item.clone()).or_insert(there);
        if there {
            state.pushed.shift_remove(&item);
        }
    }

    /// Whether a request would delete an item that existed before the run.
    pub fn would_delete_others(&self, effect: &WriteEffect) -> bool {
        match effect {
            WriteEffect::Delete(item) => self.state().looked.get(item) == Some(&true),
            _ => false,
        }
    }

    /// Records a write before it is sent: its response may be lost.
    pub fn sending(&self, effect: &WriteEffect) {
        let WriteEffect::Write(items, size) = effect else {
            return;
        };
        let mut state = self.state();
        for item in items {
            if state.looked.get(item) == Some(&true) {
                continue;
            }
            if item.kind == LeftoverKind::Blob {
                state.sizes.insert(item.reference.clone(), *size);
            }
            state.pushed.entry(item.clone()).or_insert(false);
        }
    }

    /// Records the response to a request with this effect.
    pub fn answered(&self, effect: WriteEffect, request: &Request, exchanged: &Exchanged) {
        let Ok(answer) = &exchanged.response else {
            return;
        };
        let done = answer.succeeded();
        let refused = (400..500).contains(&answer.status);
        let location = answer.location(&exchanged.url).filter(|_| done);
        let mut state = self.state();
        match effect {
            WriteEffect::Open(repo) if answer.status == 202 => {
                state.sessions.open(location, repo);
            }
            WriteEffect::Part(mut session) if done => {
                session.bytes = session.bytes.saturating_add(request.body.len());
                state.sessions.moved(location, session);
            }
            WriteEffect::Write(items, _) => {
                if answer.status == 202 {
                    // A mount, or a single POST, that became an upload.
                    if let Some(item) = items.first() {
                        state.sessions.open(location, item.repo.clone());
                    }
                }
                for item in items {
                    if answer.status == 202 || refused {
                        if state.pushed.get(&item) == Some(&false) {
                            state.pushed.shift_remove(&item);
                        }
                    } else if let Some(sure) = state.pushed.get_mut(&item) {
                        *sure |= done;
                    }
                }
                if done {
                    state.sessions.close(&request.url);
                }
            }
            WriteEffect::Delete(item) if done => {
                state.deleted.insert(item.kind);
                state.pushed.shift_remove(&item);
                state.sessions.close(&request.url);
            }
            _ => {}
        }
    }

    /// All items to delete: uploads by their last URL, tags, manifests from the newest to the oldest, blobs.
    pub fn all(&self) -> Vec<Artifact> {
        let state = self.state();
        let uploads = state.sessions.last_urls().map(|(url, session)| Artifact {
            kind: LeftoverKind::Upload,
            repo: session.repo.clone(),
            reference: url.clone(),
        });
        let mut all: Vec<Artifact> = uploads.collect();
        all.extend(state.pushed.keys().rev().cloned());
        all.sort_by_key(|item| item.kind);
        all
    }

    /// The kinds of items of which the registry deleted one.
    pub fn deleted_kinds(&self) -> HashSet<LeftoverKind> {
        self.state().deleted.clone()
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        match self.state.lock() {
            Ok(state) => state,
            // Each change is one call: nothing is left half done.
            Err(poisoned) => poisoned.into_inner(),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use http::{HeaderMap, HeaderValue, Method};
    use url::Url;

    use super::*;
    use crate::client::Response;

    fn exchange(ledger: &Ledger, method: Method, url: &str, status: u16, location: &str) {
        let url: Url = format!("http://h/v2/a/blobs/uploads/{url}")
            .parse()
            .unwrap();
        let request = Request::bare(method, url.clone(), "");
        let mut headers = HeaderMap::new();
        if !location.is_empty() {
            headers.insert("location", HeaderValue::from_str(location).unwrap());
        }
        let response = Ok(Response {
            headers,
            ..Response::bare(status)
        });
        let effect = ledger.effect(&request);
        ledger.sending(&effect);
        let exchanged = Exchanged {
            url,
            exchanges: Vec::new(),
            intermediate: Vec::new(),
            broken_off: Vec::new(),
            lost: 0,
            response,
        };
        ledger.answered(effect, &request, &exchanged);
    }

    fn uploads(ledger: &Ledger) -> Vec<String> {
        let all = ledger.all().into_iter();
        let uploads = all.filter(|item| item.kind == LeftoverKind::Upload);
        uploads
            .filter_map(|item| item.reference.rsplit('/').next().map(str::to_owned))
            .collect()
    }

    #[test]
    fn an_upload_is_one_item_under_its_last_url() {
        let ledger = Ledger::default();
        exchange(&ledger, Method::POST, "", 202, "1?state=a");
        exchange(&ledger, Method::POST, "", 202, "2?state=a");
        exchange(&ledger, Method::PATCH, "1?state=a", 202, "1?state=b");
        assert_eq!(uploads(&ledger), ["1?state=b", "2?state=a"]);
        // Refused: the session is where it was.
        exchange(&ledger, Method::PATCH, "1?state=b", 416, "");
        exchange(&ledger, Method::PATCH, "2?state=a", 202, "2?state=a");
        assert_eq!(uploads(&ledger), ["1?state=b", "2?state=a"]);
        exchange(&ledger, Method::PATCH, "1?state=a", 202, "1?state=c");
        assert_eq!(uploads(&ledger), ["1?state=c", "2?state=a"]);
    }

    #[test]
    fn a_closed_or_cancelled_upload_is_no_item() {
        let ledger = Ledger::default();
        exchange(&ledger, Method::POST, "", 202, "1?state=a");
        exchange(&ledger, Method::PATCH, "1?state=a", 202, "1?state=b");
        let digest = format!("sha256:{}", "0".repeat(64));
        let close = format!("1?state=b&digest={digest}");
        exchange(&ledger, Method::PUT, &close, 201, "");
        exchange(&ledger, Method::POST, "", 202, "2");
        exchange(&ledger, Method::DELETE, "2", 204, "");
        assert_eq!(uploads(&ledger), Vec::<String>::new());
        assert_eq!(ledger.all().len(), 1, "the blob");
    }

    #[test]
    fn what_existed_stays_while_another_case_claims_its_digest() {
        let ledger = Ledger::default();
        let digest = format!("sha256:{}", "0".repeat(64));
        let put = |upload: &str, body: &'static [u8]| {
            let url = format!("http://h/v2/a/blobs/uploads/{upload}?digest={digest}");
            let mut request = Request::bare(Method::PUT, url.parse().unwrap(), "");
            request.body = body.into();
            request
        };
        for upload in ["1", "2"] {
            exchange(&ledger, Method::POST, "", 202, upload);
        }
        // Large content under the digest of small content: its refusal is not here yet.
        ledger.sending(&ledger.effect(&put("1", &[0; SMALL_BLOB])));
        let effect = ledger.effect(&put("2", b""));
        let [item] = <[Artifact; 1]>::try_from(ledger.to_look_for(&effect, false)).unwrap();
        ledger.looked_for(item, true);
        exchange(&ledger, Method::PUT, &format!("2?digest={digest}"), 201, "");
        let blobs = ledger.all().into_iter();
        assert_eq!(
            blobs.filter(|one| one.kind == LeftoverKind::Blob).count(),
            0
        );
    }

    #[test]
    fn what_one_of_two_cases_did_not_find_is_of_the_run() {
        let ledger = Ledger::default();
        let digest = format!("sha256:{}", "0".repeat(64));
        let close = format!("1?digest={digest}");
        exchange(&ledger, Method::POST, "", 202, "1");
        let url: Url = format!("http://h/v2/a/blobs/uploads/{close}")
            .parse()
            .unwrap();
        let put = Request::bare(Method::PUT, url, "");
        let effect = ledger.effect(&put);
        let [item] = <[Artifact; 1]>::try_from(ledger.to_look_for(&effect, false)).unwrap();
        ledger.looked_for(item.clone(), false);
        exchange(&ledger, Method::PUT, &close, 201, "");
        // The other case looked at the same time, and its response came later.
        ledger.looked_for(item, true);
        assert_eq!(ledger.all().len(), 1, "the blob");
    }
}
