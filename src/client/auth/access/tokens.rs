//! The tokens of a run, shared by all requests that need the same scope.

use std::time::{Duration, Instant};

use super::state::{Access, TokenKey};
use crate::client::access_error::AccessError;
use crate::client::auth::token::Token;
use crate::client::auth::token_server::TokenRequest;

/// How long a token is not requested again after the token server refused it, or the registry refused it when it was new.
pub(super) const REFUSED_FOR: Duration = Duration::from_secs(30);

impl Access {
    /// The known token, or a new one. Other requests that need the same token wait meanwhile.
    ///
    /// # Errors
    /// When the token server gives none.
    pub(super) async fn token(&self, key: &TokenKey) -> Result<Token, AccessError> {
        let slot = self.state().slots.entry(key.clone()).or_default().clone();
        let since = Instant::now();
        let mut cached = slot.lock().await;
        if let Some(token) = cached.token.as_ref().filter(|token| token.until > since) {
            return Ok(token.clone());
        }
        if let Some((error, at)) = &cached.failed {
            let refused = matches!(error, AccessError::Refused { .. });
            if *at >= since || (refused && at.elapsed() < REFUSED_FOR) {
                return Err(error.clone());
            }
        }
        let outcome = self.request(key).await;
        match outcome {
            Ok(token) => {
                cached.token = Some(token.clone());
                cached.failed = None;
                Ok(token)
            }
            Err(error) => {
                cached.token = None;
                cached.failed = Some((error.clone(), Instant::now()));
                Err(error)
            }
        }
    }

    async fn request(&self, (server, scopes): &TokenKey) -> Result<Token, AccessError> {
        let request = TokenRequest {
            http: &self.http,
            budget: &self.budget,
            timeout: self.timeout,
            server,
            scopes,
            credentials: self.credentials.as_ref(),
            advice: self.advice,
        };
        let refresh = self.state().refresh.get(server).cloned();
        let refreshed = match refresh {
            Some(refresh) => request.by_refresh_token(&refresh).await.ok(),
            None => None,
        };
        let response = match refreshed {
            Some(response) => response,
            None => {
                self.state().refresh.remove(server);
                let response = request.by_credentials().await;
                let response = response.map_err(|error| error.shown(&self.redactor))?;
                self.state().by_form = response.by_form;
                response
            }
        };
        let token = response.token;
        self.redactor.learn(&token.text);
        let mut state = self.state();
        state.tokens += 1;
        state.granted.add(scopes);
        if let Some(next) = response.refresh.filter(|next| !next.is_empty()) {
            self.redactor.learn(&next);
            state.refresh.insert(server.clone(), next);
        }
        Ok(token)
    }

    /// Forgets a token that the registry refuses.
    pub(super) async fn forget(&self, key: &TokenKey, token: &Token) {
        let slot = self.state().slots.get(key).cloned();
        let Some(slot) = slot else { return };
        let mut cached = slot.lock().await;
        if cached
            .token
            .as_ref()
            .is_some_and(|known| known.text == token.text)
        {
            cached.token = None;
        }
    }
}
