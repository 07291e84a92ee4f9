//! The authentication of a request: known tokens in advance, and the answers to challenges.

use std::time::Instant;

use http::{HeaderMap, Method};
use url::Url;

use super::state::{Access, AttachedAuth, AuthScheme, RequestAuth, TokenKey};
use crate::client::access_error::AccessError;
use crate::client::auth::challenge::challenges;
use crate::client::auth::scope::Scopes;
use crate::client::auth::token::Token;
use crate::client::auth::token_server::TokenServer;
use crate::client::credentials::{Credentials, Secret};

/// How many challenges of one request are answered: one with a token that is known, and one with a new token.
const MAX_ANSWERS: u8 = 2;

/// The most URLs whose scopes are remembered.
const MAX_LOCATIONS: usize = 20_000;

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
        let remembered = self.state().locations.get(&location_key(url)).cloned();
        let mut auth = RequestAuth {
            began: Instant::now(),
            need: remembered.unwrap_or_else(|| Scopes::needed(method, url)),
            attached: AttachedAuth::Nothing,
            answers: 0,
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

    /// A token for the scope that the registry will probably ask for. A refusal of the token server is no error yet: the
    /// registry may ask for another scope, or for none.
    async fn predict_token(
        &self,
        server: TokenServer,
        need: &Scopes,
    ) -> Result<Option<(Token, TokenKey)>, AccessError> {
        let learned = self.state().learned.get(need).cloned();
        let expected = learned.unwrap_or_else(|| need.clone());
        // Some token servers refuse `delete` as unknown.
        for scopes in [expected.clone(), expected.without("delete")] {
            let key = (server.clone(), self.or_default_scope(scopes));
            match self.token(&key).await {
                Ok(token) => return Ok(Some((token, key))),
                Err(AccessError::Refused { .. }) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(None)
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
        if !self.is_registry(url) || given || auth.answers >= MAX_ANSWERS {
            return Ok(false);
        }
        let Some((scheme, challenge)) = self.choose_scheme(url, &challenges(headers))? else {
            return Ok(false);
        };
        self.state().scheme = Some(scheme.clone());
        let server = match scheme {
            AuthScheme::Basic => {
                let refused = matches!(auth.attached, AttachedAuth::Basic);
                auth.attached = AttachedAuth::Basic;
                auth.answers += 1;
                return Ok(!refused);
            }
            AuthScheme::Bearer(server) => server,
        };
        let scope = Scopes::read(challenge.parameter("scope").unwrap_or_default());
        let key = (server, self.or_default_scope(scope.or(&auth.need)));
        if let AttachedAuth::Bearer(token, Some(before)) = &auth.attached {
            if *before == key && token.since >= auth.began {
                return Ok(false);
            }
            self.forget(before, token).await;
        }
        auth.answers += 1;
        match self.token(&key).await {
            Ok(token) => {
                let need = auth.need.clone();
                self.state().learned.insert(need, key.1.clone());
                auth.attached = AttachedAuth::Bearer(token, Some(key));
                Ok(true)
            }
            Err(refused @ AccessError::Refused { .. }) => match self.is_required(&key.1) {
                true => Err(refused),
                // The repository may not exist, or be hidden: then 401 is the registry's response.
                false => Ok(false),
            },
            Err(other) => Err(other),
        }
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
        let Some(to) = location.and_then(|to| from.join(to).ok()) else {
            return;
        };
        let outside = !to.path().starts_with("/v2/");
        if outside && self.is_registry(&to) && !auth.need.is_empty() {
            let mut state = self.state();
            if state.locations.len() < MAX_LOCATIONS {
                let need = auth.need.clone();
                state.locations.insert(location_key(&to), need);
            }
        }
    }

    /// Gets a token for each repository, if the registry requires tokens.
    ///
    /// # Errors
    /// When there is not even a token to pull from one of them.
    pub async fn fetch_tokens(&self, repositories: &[&str]) -> Result<(), AccessError> {
        let Some(AuthScheme::Bearer(server)) = self.state().scheme.clone() else {
            return Ok(());
        };
        for name in repositories {
            let push = (server.clone(), Scopes::repository(name, &["pull", "push"]));
            let Err(refused) = self.token(&push).await else {
                continue;
            };
            // A user who may only pull gets a verdict on pulls.
            let pull = (server.clone(), Scopes::repository(name, &["pull"]));
            self.token(&pull).await.map_err(|_| refused)?;
        }
        Ok(())
    }
}

/// The URL without the digest, which a client adds to close an upload session.
fn location_key(url: &Url) -> String {
    let text = url.as_str();
    let end = text.find("?digest=").or_else(|| text.find("&digest="));
    text.get(..end.unwrap_or(text.len()))
        .unwrap_or(text)
        .to_owned()
}
