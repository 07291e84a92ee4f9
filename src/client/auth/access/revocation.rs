//! Permissions that are revoked in the middle of a run.
//!
//! A refusal may be the registry's response to just this request, which the suites judge; or the user's permission was
//! revoked, which is not a fault of the registry. To tell them apart, a request that was allowed before is repeated: `GET
//! /v2/` for the credentials, and for one repository a request that changes nothing there.

use std::time::{Duration, Instant};

use http::Method;
use url::Url;

use super::state::{Access, Permission, RequestAuth};
use crate::client::access_error::AccessError;
use crate::client::auth::scope::{Action, Scopes};
use crate::client::exchange::{Request, Response};
use crate::client::sanitize::status_summary;
use crate::client::send_once::send_once;
use crate::endpoint::{Endpoint, UNKNOWN_DIGEST};

/// The pauses before each check; permissions may be unavailable for a moment.
const CHECKS: [Duration; 2] = [Duration::ZERO, Duration::from_millis(500)];

/// After a check without a response, so many time-outs pass before the next one: refusals do not wait for one check after the
/// other.
const UNCHECKED: u32 = 4;

/// The most permissions that are remembered.
const MAX_PROOFS: usize = 64;

/// The most bytes of a response to a check.
const MAX_BODY: usize = 1024 * 1024;

impl Action {
    fn of(scopes: &Scopes, resource: &str) -> Self {
        let allows = |action| scopes.allows(resource, action);
        match (allows(Self::Delete), allows(Self::Push)) {
            (true, _) => Self::Delete,
            (false, true) => Self::Push,
            (false, false) => Self::Pull,
        }
    }

    /// The actions whose proof shows whether this one is still allowed, the best first. A user who may push may pull; an
    /// upload can always be opened, while content that was read before may have been deleted.
    const fn proved_by(self) -> &'static [Self] {
        match self {
            Self::Delete => &[Self::Delete, Self::Push, Self::Pull],
            Self::Push | Self::Pull => &[Self::Push, Self::Pull],
        }
    }

    /// The verb for messages, before the name of a repository.
    const fn verb(self) -> &'static str {
        match self {
            Self::Pull => "pull from",
            Self::Push => "push to",
            Self::Delete => "delete in",
        }
    }
}

impl Access {
    /// Remembers that the registry did not refuse a request, whatever its response was.
    pub fn record_allowed(&self, method: &Method, url: &Url) {
        let endpoint = Endpoint::parse(url.path());
        let Some(name) = endpoint.repository().filter(|_| self.is_registry(url)) else {
            return;
        };
        let resource = format!("repository:{name}");
        let action = Action::of(&Scopes::needed(method, url), &resource);
        let permission = (resource, action);
        let mut state = self.state();
        if state.proofs.contains_key(&permission) || state.proofs.len() >= MAX_PROOFS {
            return;
        }
        if let Some(proof) = proof(action, method, url) {
            state.proofs.insert(permission, proof);
        }
    }

    /// Checks, after a 401 or 403, whether the permissions that the request needs were revoked.
    ///
    /// # Errors
    /// When a request that was allowed before is refused at each of the [`CHECKS`].
    pub async fn check_still_allowed(
        &self,
        auth: &RequestAuth,
        url: &Url,
    ) -> Result<(), AccessError> {
        if !self.is_registry(url) {
            return Ok(());
        }
        let resources = auth.need.resources().map(str::to_owned);
        for resource in resources.collect::<Vec<_>>() {
            let actions = Action::of(&auth.need, &resource).proved_by();
            let mut permissions = actions.iter().map(|&action| (resource.clone(), action));
            let known = {
                let state = self.state();
                permissions.find_map(|one| Some((state.proofs.get(&one).cloned()?, one)))
            };
            if let Some((proof, permission)) = known {
                self.check_permission(auth, permission, proof).await?;
            }
        }
        Ok(())
    }

    async fn check_permission(
        &self,
        auth: &RequestAuth,
        permission: Permission,
        (method, url): (Method, Url),
    ) -> Result<(), AccessError> {
        // Requests that are refused at the same time wait for one check.
        let mut found = self.revocation.lock().await;
        if let Some(revoked) = found.revoked.get(&permission) {
            return Err(revoked.clone());
        }
        let held = found.held_at.get(&permission);
        if held.is_some_and(|at| *at >= auth.began) {
            return Ok(());
        }
        let began = Instant::now();
        let mut answered = String::new();
        for pause in CHECKS {
            tokio::time::sleep(pause).await;
            match self.repeat(method.clone(), url.clone()).await? {
                Some(refused) if matches!(refused.status, 401 | 403) => {
                    answered = status_summary(refused.status, &refused.body);
                }
                response => {
                    let until = self.holds_until(began, response.as_ref());
                    found.held_at.insert(permission, until);
                    return Ok(());
                }
            }
        }
        let (resource, action) = &permission;
        let revoked = AccessError::PermissionRevoked {
            url: self.display_base(),
            identity: self.identity(),
            action: action.verb(),
            repository: resource.trim_start_matches("repository:").to_owned(),
            answered,
        };
        let revoked = revoked.shown(&self.redactor);
        found.revoked.insert(permission, revoked.clone());
        Err(revoked)
    }

    /// Checks, after a 401, whether the registry still accepts the credentials.
    ///
    /// # Errors
    /// When it refuses `GET /v2/` at each of the [`CHECKS`]. From then on nothing is sent any more.
    pub async fn check_still_accepted(&self, auth: &RequestAuth) -> Result<(), AccessError> {
        if !self.state().accepted {
            return Ok(());
        }
        let mut found = self.revocation.lock().await;
        if let Some(revoked) = self.state().revoked.clone() {
            return Err(revoked);
        }
        if found.accepted_at.is_some_and(|at| at >= auth.began) {
            return Ok(());
        }
        let began = Instant::now();
        for pause in CHECKS {
            tokio::time::sleep(pause).await;
            let url = Endpoint::Base.url(&self.base);
            let response = self.repeat(Method::GET, url).await?;
            if response.as_ref().is_none_or(|one| one.status != 401) {
                found.accepted_at = Some(self.holds_until(began, response.as_ref()));
                return Ok(());
            }
        }
        let revoked = AccessError::Revoked {
            url: self.display_base(),
            identity: self.identity(),
        };
        self.state().revoked = Some(revoked.clone());
        Err(revoked)
    }

    /// Until when the requests begin that need no check after one that began at this time.
    fn holds_until(&self, began: Instant, response: Option<&Response>) -> Instant {
        match response {
            Some(_) => began,
            None => Instant::now() + self.timeout.saturating_mul(UNCHECKED),
        }
    }

    /// Sends a request that was allowed before: the response, if there is one.
    async fn repeat(&self, method: Method, url: Url) -> Result<Option<Response>, AccessError> {
        let mut auth = self.authenticate(&method, &url).await?;
        loop {
            let response = self.send(&auth, &method, &url).await;
            let Some(response) = response else {
                return Ok(None);
            };
            if response.status == 401
                && self
                    .answer_challenge(&mut auth, &url, &response.headers)
                    .await?
            {
                continue;
            }
            if method == Method::POST && response.status == 202 {
                self.cancel(&auth, &url, &response).await;
            }
            return Ok(Some(response));
        }
    }

    async fn send(&self, auth: &RequestAuth, method: &Method, url: &Url) -> Option<Response> {
        let authorization = self.authorization(auth, url);
        let headers = authorization.map(|value| ("Authorization".to_owned(), value));
        let headers: Vec<_> = headers.into_iter().collect();
        let request = Request::bare(method.clone(), url.clone(), "");
        let sent = send_once(&self.http, &request, &headers, &self.budget, MAX_BODY);
        tokio::time::timeout(self.timeout, sent).await.ok()?.ok()
    }

    /// Cancels the upload session that a check opened. A failure is ignored: the session has no content, and expires.
    async fn cancel(&self, auth: &RequestAuth, from: &Url, opened: &Response) {
        let location = opened.location(from);
        if let Some(url) = location.filter(|to| self.is_registry(to)) {
            self.send(auth, &Method::DELETE, &url).await;
        }
    }
}

/// A request that shows whether an action is still allowed, and changes nothing: the same read; an upload session that is
/// opened and cancelled; the deletion of an unknown digest. None for a tag, which may exist.
fn proof(action: Action, method: &Method, url: &Url) -> Option<(Method, Url)> {
    let endpoint = Endpoint::parse(url.path());
    let mut repeated = url.clone();
    match (action, method) {
        (Action::Pull, &Method::GET | &Method::HEAD) => {}
        (Action::Push, &Method::POST) if matches!(endpoint, Endpoint::Uploads { .. }) => {
            repeated.set_query(None);
        }
        (Action::Delete, &Method::DELETE) if endpoint.content_digest().is_some() => {
            repeated.set_query(None);
            let mut segments = repeated.path_segments_mut().ok()?;
            segments.pop().push(UNKNOWN_DIGEST);
        }
        _ => return None,
    }
    Some((method.clone(), repeated))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::Arc;

    use super::*;
    use crate::client::connect::{HttpVersions, client};
    use crate::client::settings::Settings;

    fn proof_path(action: Action, method: Method, path: &str) -> Option<String> {
        let url = Url::parse("https://r").unwrap().join(path).unwrap();
        let (repeated, url) = proof(action, &method, &url)?;
        assert_eq!(repeated, method);
        Some(url.path().to_owned() + url.query().unwrap_or_default())
    }

    /// The target accepts connections, and answers nothing: a check takes a time-out, and the refusals after it take none.
    #[tokio::test]
    async fn refusals_do_not_wait_for_one_unanswered_check_after_the_other() {
        let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let base: Url = format!("http://{}/", silent.local_addr().unwrap())
            .parse()
            .unwrap();
        let settings = Settings {
            timeout: Duration::from_millis(100),
            ..Settings::default()
        };
        let http = client(&settings, &base, HttpVersions::Http1).unwrap();
        let access = Access::new(&base, &settings, http, Arc::default());
        access.mark_accepted();
        let url = base.join("v2/a/tags/list").unwrap();
        access.record_allowed(&Method::GET, &url);
        let mut slow = 0;
        for _ in 0..4 {
            let auth = access.authenticate(&Method::GET, &url).await.unwrap();
            let began = Instant::now();
            access.check_still_accepted(&auth).await.unwrap();
            access.check_still_allowed(&auth, &url).await.unwrap();
            slow += u32::from(began.elapsed() >= settings.timeout);
        }
        assert_eq!(slow, 1);
    }

    #[test]
    fn a_proof_changes_nothing() {
        let read = "/v2/a/b/tags/list";
        assert_eq!(proof_path(Action::Pull, Method::GET, read).unwrap(), read);
        assert_eq!(
            proof_path(
                Action::Push,
                Method::POST,
                "/v2/a/blobs/uploads/?mount=x&from=y"
            )
            .unwrap(),
            "/v2/a/blobs/uploads/"
        );
        assert_eq!(
            proof_path(Action::Delete, Method::DELETE, "/v2/a/manifests/sha256:1").unwrap(),
            format!("/v2/a/manifests/{UNKNOWN_DIGEST}")
        );
        for (action, method, path) in [
            (Action::Push, Method::PUT, "/v2/a/manifests/tag"),
            (Action::Push, Method::PATCH, "/v2/a/blobs/uploads/1"),
            (Action::Delete, Method::DELETE, "/v2/a/blobs/uploads/1"),
            (Action::Delete, Method::DELETE, "/v2/a/manifests/tag"),
        ] {
            assert_eq!(proof_path(action, method, path), None, "{path}");
        }
    }
}
