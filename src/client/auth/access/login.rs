//! The authentication of a request: known tokens in advance, and the answers to challenges.

use std::time::Instant;

use http::{HeaderMap, Method};
use url::Url;

use super::state::{Access, AttachedAuth, AuthScheme, RequestAuth, TokenKey};
use super::tokens::REFUSED_FOR;
use crate::client::access_error::AccessError;
use crate::client::auth::challenge::challenges;
use crate::client::auth::scope::{Action, Scopes};
use crate::client::auth::token::Token;
use crate::client::auth::token_server::TokenServer;
use crate::client::credentials::{Credentials, Secret};
use crate::client::exchange::MAX_REFERENCE;
use crate::endpoint::{Endpoint, without_digest};

/// How many challenges of one request are answered: one with a token that is known, and one with a new token.
const MAX_ANSWERS: u8 = 2;

/// How many tokens of one request may expire before the registry reads them.
const MAX_EXPIRED: u8 = 6;

/// The most bytes of all URLs together whose scopes are remembered.
const MAX_LOCATION_BYTES: usize = 8 * 1024 * 1024;

impl Access {
    /// The authentication of a request, with what is known already.
    ///
    /// # Errors
    /// When a token is needed and the token server cannot be used, or when the registry accepts the credentials no longer.
    pub async fn authenticate(
        &self,
        method: &Method,
        url: &Url,
    ) -> Result<RequestAuth, AccessError> {
        if let Some(revoked) = self.state().revoked.clone() {
            return Err(revoked);
        }
        let remembered = self.state().locations.get(&without_digest(url)).cloned();
        let mut auth = RequestAuth {
            began: Instant::now(),
            method: method.clone(),
            need: remembered.unwrap_or_else(|| self.needed(method, url)),
            attached: AttachedAuth::Nothing,
            answers: 0,
            expired: 0,
        };
        if !self.is_registry(url) {
            return Ok(auth);
        }
        if let Some(Secret::Bearer { token }) = self.credentials.as_ref().map(|known| &known.secret)
        {
            auth.attached = AttachedAuth::Bearer(Token::given(token), None);
            return Ok(auth);
        }
        let scheme = self.state().scheme.clone();
        match scheme {
            None => {}
            Some(AuthScheme::Basic) => auth.attached = AttachedAuth::Basic,
            Some(AuthScheme::Bearer(server)) => {
                if let Some((token, key)) = self.predict_token(server, &auth.need).await? {
                    auth.attached = AttachedAuth::Bearer(token, Some(key));
                }
            }
        }
        Ok(auth)
    }

    /// The scope that a request needs. Some registries require `push` for a deletion, and some create a repository for a token
    /// with `push`: a deletion gets `push` only where the run pushes.
    fn needed(&self, method: &Method, url: &Url) -> Scopes {
        let mut needed = Scopes::needed(method, url);
        let endpoint = Endpoint::parse(url.path());
        let Some(name) = endpoint.repository().filter(|_| method == Method::DELETE) else {
            return needed;
        };
        let state = self.state();
        let own = !state.pull_only && state.repositories.iter().any(|own| own == name);
        if own
            || state
                .granted
                .allows(&format!("repository:{name}"), Action::Push)
        {
            needed.add(&Scopes::repository(name, &[Action::Push]));
        }
        needed
    }

    /// A token for the scope that the registry will probably ask for. A refusal of the token server is no error yet: the
    /// registry may ask for another scope, or for none.
    async fn predict_token(
        &self,
        server: TokenServer,
        need: &Scopes,
    ) -> Result<Option<(Token, TokenKey)>, AccessError> {
        let learned = self.state().learned.get(need).cloned();
        let expected = learned.unwrap_or_else(|| need.clone());
        for key in self.keys(&server, expected) {
            match self.token(&key).await {
                Ok(token) => return Ok(Some((token, key))),
                Err(AccessError::Refused { .. }) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(None)
    }

    /// The token for a scope, and the one to request if the token server refuses that: some token servers refuse `delete` as
    /// unknown, and some refuse a request without scope.
    fn keys(&self, server: &TokenServer, scopes: Scopes) -> Vec<TokenKey> {
        let other = match scopes.is_empty() {
            true => self.state().default_scope.clone(),
            false => scopes.without(Action::Delete),
        };
        let mut keys = vec![(server.clone(), scopes)];
        if !other.is_empty() {
            keys.push((server.clone(), other));
        }
        keys.dedup();
        keys
    }

    /// Answers a challenge, where that is possible: whether to send the request again. Otherwise the 401 is the registry's
    /// response.
    ///
    /// # Errors
    /// When a token is required that the run had before or cannot do without, and the token server gives none.
    pub async fn answer_challenge(
        &self,
        auth: &mut RequestAuth,
        url: &Url,
        headers: &HeaderMap,
    ) -> Result<bool, AccessError> {
        let given = matches!(auth.attached, AttachedAuth::Bearer(_, None));
        if !self.is_registry(url) || given {
            return Ok(false);
        }
        let Some((scheme, challenge)) = self.choose_scheme(url, &challenges(headers))? else {
            return Ok(false);
        };
        let expired = auth.has_expired_token(challenge.parameter("error"));
        if expired {
            self.count_expired_token(auth)?;
        } else if auth.answers >= MAX_ANSWERS {
            return Ok(false);
        }
        self.state().scheme = Some(scheme.clone());
        match scheme {
            AuthScheme::Basic => {
                let refused = matches!(auth.attached, AttachedAuth::Basic);
                auth.attached = AttachedAuth::Basic;
                auth.answers += 1;
                Ok(!refused)
            }
            AuthScheme::Bearer(server) => {
                let scope = challenge.parameter("scope").unwrap_or_default();
                let asked = Scopes::read(scope).or(&auth.need);
                if asks_to_push_for_deletion(&auth.need, &asked) {
                    return Ok(false);
                }
                let keys = self.keys(&server, asked);
                self.answer_with_token(auth, url, keys, expired).await
            }
        }
    }

    /// Counts a token of a request that expired.
    ///
    /// # Errors
    /// When one token after another expires.
    fn count_expired_token(&self, auth: &mut RequestAuth) -> Result<(), AccessError> {
        if auth.expired >= MAX_EXPIRED {
            return Err(AccessError::TokensExpire {
                url: self.display_base(),
                count: auth.expired,
            });
        }
        auth.expired += 1;
        Ok(())
    }

    /// Attaches a token of one of these keys, other than the one that was refused: whether there is one.
    ///
    /// # Errors
    /// When a token is required that the run had before or cannot do without, and the token server gives none.
    async fn answer_with_token(
        &self,
        auth: &mut RequestAuth,
        url: &Url,
        mut keys: Vec<TokenKey>,
        expired: bool,
    ) -> Result<bool, AccessError> {
        let mut had_token = false;
        if let AttachedAuth::Bearer(token, Some(before)) = &auth.attached {
            // A token that expired on the way says nothing about the request.
            let valid = !expired;
            had_token = valid && token.since >= auth.began;
            keys.retain(|key| !had_token || key != before);
            if keys.is_empty() {
                let now = Instant::now();
                self.state().refusals.insert(auth.refusal_key(url), now);
                return Ok(false);
            }
            if valid && self.refused_lately(auth, url) {
                return Ok(false);
            }
            self.forget(before, token).await;
        }
        auth.answers += u8::from(!expired);
        match self.attach_first_token(auth, keys).await {
            // The token server does not refuse the user, but only this scope.
            Err(AccessError::Refused { .. }) if had_token => Ok(false),
            attached => attached,
        }
    }

    /// Whether such a request was refused a moment ago although its token was new: another token would not help.
    fn refused_lately(&self, auth: &RequestAuth, url: &Url) -> bool {
        let state = self.state();
        let refused = state.refusals.get(&auth.refusal_key(url));
        refused.is_some_and(|at| at.elapsed() < REFUSED_FOR)
    }

    /// Replaces a token that expired while the request waited to be sent.
    ///
    /// # Errors
    /// When the token server cannot be used.
    pub async fn renew(&self, auth: &mut RequestAuth) -> Result<(), AccessError> {
        if let AttachedAuth::Bearer(token, Some(key)) = &auth.attached
            && token.until <= Instant::now()
        {
            match self.token(key).await {
                Ok(token) => auth.attached = AttachedAuth::Bearer(token, Some(key.clone())),
                // The registry's challenge says what it asks for now.
                Err(AccessError::Refused { .. }) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(())
    }

    /// Attaches the first of these tokens that the token server gives: whether there is one.
    ///
    /// # Errors
    /// When the token server refuses a token that the run requires, or cannot be used.
    async fn attach_first_token(
        &self,
        auth: &mut RequestAuth,
        keys: Vec<TokenKey>,
    ) -> Result<bool, AccessError> {
        let mut required = None;
        for key in keys {
            match self.token(&key).await {
                Ok(token) => {
                    let need = auth.need.clone();
                    self.state().learned.insert(need, key.1.clone());
                    auth.attached = AttachedAuth::Bearer(token, Some(key));
                    return Ok(true);
                }
                Err(refused @ AccessError::Refused { .. }) => {
                    required = self.is_required(&key.1).then_some(refused);
                }
                Err(other) => return Err(other),
            }
        }
        // Where none is required, the repository may not exist, or be hidden: then 401 is the registry's response.
        required.map_or(Ok(false), Err)
    }

    /// Whether the run had a token for one of these resources, or needs one for its first repository.
    fn is_required(&self, scopes: &Scopes) -> bool {
        let state = self.state();
        let mut defaults = state.default_scope.resources();
        let mut resources = scopes.resources();
        defaults.any(|resource| scopes.has(resource))
            || resources.any(|resource| state.granted.has(resource))
    }

    /// The `Authorization` header for a request to this URL; none for other hosts than the registry.
    pub fn authorization(&self, auth: &RequestAuth, url: &Url) -> Option<String> {
        if !self.is_registry(url) {
            return None;
        }
        match &auth.attached {
            AttachedAuth::Nothing => None,
            AttachedAuth::Basic => self.credentials.as_ref().and_then(Credentials::basic),
            AttachedAuth::Bearer(token, _) => Some(format!("Bearer {}", token.text)),
        }
    }

    /// Remembers the scope of the `Location` of a response: the path of an upload session may not name the repository.
    pub fn remember_location(&self, auth: &RequestAuth, from: &Url, headers: &HeaderMap) {
        let location = headers.get("location").and_then(|to| to.to_str().ok());
        let location = location.filter(|to| to.len() <= MAX_REFERENCE);
        let Some(to) = location.and_then(|to| from.join(to).ok()) else {
            return;
        };
        let outside = !to.path().starts_with("/v2/");
        if outside && self.is_registry(&to) && !auth.need.is_empty() {
            let (url, need) = (without_digest(&to), auth.need.clone());
            let mut state = self.state();
            if state.location_bytes.saturating_add(url.len()) <= MAX_LOCATION_BYTES {
                let bytes = url.len();
                if state.locations.insert(url, need).is_none() {
                    state.location_bytes += bytes;
                }
            }
        }
    }

    /// Gets a token for each repository of the run, if the registry requires tokens: to pull and push, or else to pull. A run
    /// that pushes nothing gets a token to pull from its first repository.
    ///
    /// # Errors
    /// When there is not even a token to pull from one of them.
    pub async fn fetch_tokens(&self) -> Result<(), AccessError> {
        let (scheme, mut repositories, pull_only) = {
            let state = self.state();
            (
                state.scheme.clone(),
                state.repositories.clone(),
                state.pull_only,
            )
        };
        let Some(AuthScheme::Bearer(server)) = scheme else {
            return Ok(());
        };
        if pull_only {
            repositories.truncate(1);
        }
        for name in &repositories {
            let pull = (server.clone(), Scopes::repository(name, &[Action::Pull]));
            if pull_only {
                self.token(&pull).await?;
                continue;
            }
            let push = (
                server.clone(),
                Scopes::repository(name, &[Action::Pull, Action::Push]),
            );
            let Err(refused) = self.token(&push).await else {
                continue;
            };
            // A user who may only pull gets a verdict on pulls.
            self.token(&pull).await.map_err(|_| refused)?;
        }
        Ok(())
    }
}

/// Whether a challenge asks for `push` to delete where the run pushes nothing: the token could create the repository.
fn asks_to_push_for_deletion(need: &Scopes, asked: &Scopes) -> bool {
    need.resources().any(|one| {
        let deletes = need.allows(one, Action::Delete) && !need.allows(one, Action::Push);
        deletes && asked.allows(one, Action::Push)
    })
}
