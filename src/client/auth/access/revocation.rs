//! Rights that end in the middle of a run.
//!
//! A refusal that is the target's last word may be its answer to just this request, and then it is the suites' to judge;
//! or a right has ended, of which the registry is not to blame. What was allowed once is asked for again to tell one from
//! the other: the greeting where nobody may be let in any more, and for one repository what it allowed there before.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use http::Method;
use url::Url;

use super::{Access, RequestAuth};
use crate::client::auth::server::{AccessError, LARGEST, shown};
use crate::client::auth::{Credentials, Scopes};
use crate::client::send_once::send_once;
use crate::client::{Request, Response};
use crate::endpoint::Endpoint;

/// How long after a refusal the same is asked for again.
const KNOCKS_AGAIN: Duration = Duration::from_millis(500);

/// The most rights that are remembered.
const MOST: usize = 64;

/// A digest that no content is known to have: to delete it does nothing.
const NOTHING: &str = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

/// What is done to a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Act {
    Pull,
    Push,
    Delete,
}

/// A repository, as scopes name it, and what may be done to it.
type Right = (String, Act);

/// What was allowed, by right: a request that shows whether it is so still.
pub(super) type Proofs = HashMap<Right, (Method, Url)>;

/// What was found, and when.
#[derive(Default)]
pub(super) struct RevocationState {
    seen_open: Option<Instant>,
    /// When a right was last found to be there.
    there: HashMap<Right, Instant>,
    gone: HashMap<Right, AccessError>,
}

impl Act {
    fn of(scopes: &Scopes, resource: &str) -> Self {
        match (
            scopes.names(resource, "delete"),
            scopes.names(resource, "push"),
        ) {
            (true, _) => Self::Delete,
            (false, true) => Self::Push,
            (false, false) => Self::Pull,
        }
    }

    /// What shows whether it is allowed still, the best first. Who may push may pull; and while an upload can always be
    /// opened, what was read once may be gone.
    const fn shown_by(self) -> &'static [Self] {
        match self {
            Self::Delete => &[Self::Delete, Self::Push, Self::Pull],
            Self::Push | Self::Pull => &[Self::Push, Self::Pull],
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Pull => "pull from",
            Self::Push => "push to",
            Self::Delete => "delete in",
        }
    }
}

impl Access {
    /// Remembers that a request was not refused, whatever else it was answered with.
    pub fn allowed(&self, method: &Method, url: &Url) {
        let endpoint = Endpoint::parse(url.path());
        let Some(name) = endpoint.repository().filter(|_| self.is_target(url)) else {
            return;
        };
        let resource = format!("repository:{name}");
        let act = Act::of(&Scopes::needed(method, url), &resource);
        let right = (resource, act);
        let mut state = self.state();
        if state.proofs.contains_key(&right) || state.proofs.len() >= MOST {
            return;
        }
        if let Some(again) = proof(act, method, url) {
            state.proofs.insert(right, again);
        }
    }

    /// Looks, after a refusal (401 or 403) that is the target's last word, whether what the request needs has been
    /// allowed before and is no longer.
    ///
    /// # Errors
    /// When a right is gone: what was allowed once is refused now, twice.
    pub async fn still_allowed(&self, pass: &RequestAuth, url: &Url) -> Result<(), AccessError> {
        if !self.is_target(url) {
            return Ok(());
        }
        let resources = pass.need.resources().map(str::to_owned);
        for resource in resources.collect::<Vec<_>>() {
            let acts = Act::of(&pass.need, &resource).shown_by();
            let mut rights = acts.iter().map(|&act| (resource.clone(), act));
            let known = {
                let state = self.state();
                rights.find_map(|right| Some((state.proofs.get(&right).cloned()?, right)))
            };
            if let Some(((method, url), right)) = known {
                self.still_there(pass, right, method, url).await?;
            }
        }
        Ok(())
    }

    async fn still_there(
        &self,
        pass: &RequestAuth,
        right: Right,
        method: Method,
        url: Url,
    ) -> Result<(), AccessError> {
        let mut door = self.door.lock().await;
        if let Some(gone) = door.gone.get(&right) {
            return Err(gone.clone());
        }
        if door.there.get(&right).is_some_and(|at| *at >= pass.began) {
            return Ok(());
        }
        let began = Instant::now();
        let mut status = 0;
        for pause in [Duration::ZERO, KNOCKS_AGAIN] {
            tokio::time::sleep(pause).await;
            match self.ask_again(method.clone(), url.clone()).await? {
                Some(refused @ (401 | 403)) => status = refused,
                _ => {
                    door.there.insert(right, began);
                    return Ok(());
                }
            }
        }
        let (resource, act) = &right;
        let gone = AccessError::RightGone {
            url: self.shown(),
            whose: self.whose(),
            act: act.words(),
            repository: resource.trim_start_matches("repository:").to_owned(),
            status,
        };
        door.gone.insert(right, gone.clone());
        Err(gone)
    }

    /// Looks, after a 401 that is the target's last word, whether it lets anybody in still: what it answered when it
    /// was greeted tells one right that is missing from all rights that are gone.
    ///
    /// # Errors
    /// When it does not; from then on nothing is sent any more.
    pub async fn still_inside(&self, pass: &RequestAuth) -> Result<(), AccessError> {
        if !self.state().inside {
            return Ok(());
        }
        let mut door = self.door.lock().await;
        if let Some(shut) = self.state().shut.clone() {
            return Err(shut);
        }
        if door.seen_open.is_some_and(|seen| seen >= pass.began) {
            return Ok(());
        }
        let began = Instant::now();
        for pause in [Duration::ZERO, KNOCKS_AGAIN] {
            tokio::time::sleep(pause).await;
            let url = Endpoint::Base.url(&self.base);
            if self.ask_again(Method::GET, url).await? != Some(401) {
                door.seen_open = Some(began);
                return Ok(());
            }
        }
        let shut = AccessError::ShutOut {
            url: self.shown(),
            whose: self.whose(),
        };
        self.state().shut = Some(shut.clone());
        Err(shut)
    }

    /// Asks for something again that was answered before: the status that comes, if one does.
    async fn ask_again(&self, method: Method, url: Url) -> Result<Option<u16>, AccessError> {
        let mut pass = self.pass(&method, &url).await?;
        loop {
            let response = self.bare(&pass, &method, &url).await;
            let Some(response) = response else {
                return Ok(None);
            };
            if response.status == 401
                && self
                    .answer_challenge(&mut pass, &url, &response.headers)
                    .await?
            {
                continue;
            }
            if method == Method::POST && response.status == 202 {
                self.cancel(&pass, &url, &response).await;
            }
            return Ok(Some(response.status));
        }
    }

    async fn bare(&self, pass: &RequestAuth, method: &Method, url: &Url) -> Option<Response> {
        let login = self.header(pass, url);
        let headers = login.map(|login| ("Authorization".to_owned(), login));
        let headers: Vec<_> = headers.into_iter().collect();
        let request = Request::bare(method.clone(), url.clone(), "");
        let sent = send_once(&self.client, &request, &headers, &self.budget, LARGEST);
        tokio::time::timeout(self.timeout, sent).await.ok()?.ok()
    }

    /// Cancels the upload that was opened only to see whether it may be: what comes of it does not matter.
    async fn cancel(&self, pass: &RequestAuth, from: &Url, opened: &Response) {
        let location = opened.headers.get("location");
        let location = location.and_then(|to| from.join(to.to_str().ok()?).ok());
        if let Some(url) = location.filter(|to| self.is_target(to)) {
            self.bare(pass, &Method::DELETE, &url).await;
        }
    }

    fn shown(&self) -> String {
        shown(&self.base).trim_end_matches('/').to_owned()
    }

    fn whose(&self) -> String {
        let whose = self.credentials.as_ref().map(Credentials::whose);
        whose.unwrap_or_else(|| "strangers".to_owned())
    }
}

/// A request that shows whether what this one did may be done still, and that changes nothing: the same read; an upload
/// that is opened, and cancelled; the deletion of a digest that nothing has. Of a tag nobody knows whether it is there.
fn proof(act: Act, method: &Method, url: &Url) -> Option<(Method, Url)> {
    let endpoint = Endpoint::parse(url.path());
    let mut again = url.clone();
    match (act, method) {
        (Act::Pull, &Method::GET | &Method::HEAD) => {}
        (Act::Push, &Method::POST) if matches!(endpoint, Endpoint::Uploads { .. }) => {
            again.set_query(None);
        }
        (Act::Delete, &Method::DELETE) if endpoint.content_digest().is_some() => {
            again.set_query(None);
            again.path_segments_mut().ok()?.pop().push(NOTHING);
        }
        _ => return None,
    }
    Some((method.clone(), again))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn proved(act: Act, method: Method, path: &str) -> Option<String> {
        let url = Url::parse("https://r").unwrap().join(path).unwrap();
        let (again, url) = proof(act, &method, &url)?;
        assert_eq!(again, method);
        Some(url.path().to_owned() + url.query().unwrap_or_default())
    }

    #[test]
    fn what_is_asked_for_again_changes_nothing() {
        let read = "/v2/a/b/tags/list";
        assert_eq!(proved(Act::Pull, Method::GET, read).unwrap(), read);
        assert_eq!(
            proved(
                Act::Push,
                Method::POST,
                "/v2/a/blobs/uploads/?mount=x&from=y"
            )
            .unwrap(),
            "/v2/a/blobs/uploads/"
        );
        assert_eq!(
            proved(Act::Delete, Method::DELETE, "/v2/a/manifests/sha256:1").unwrap(),
            format!("/v2/a/manifests/{NOTHING}")
        );
        for (act, method, path) in [
            (Act::Push, Method::PUT, "/v2/a/manifests/tag"),
            (Act::Push, Method::PATCH, "/v2/a/blobs/uploads/1"),
            (Act::Delete, Method::DELETE, "/v2/a/blobs/uploads/1"),
            (Act::Delete, Method::DELETE, "/v2/a/manifests/tag"),
        ] {
            assert_eq!(proved(act, method, path), None, "{path}");
        }
    }
}
