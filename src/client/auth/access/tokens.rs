//! Tokens: one for everybody who needs the same.

use std::time::{Duration, Instant};

use super::Access;
use crate::client::auth::Scopes;
use crate::client::auth::server::{AccessError, Asking, TokenServer};
use crate::client::auth::token::Token;

/// How long a refusal is taken for given.
const REFUSED_FOR: Duration = Duration::from_secs(30);

/// Whom a token is asked for, and what for.
pub(super) type TokenKey = (TokenServer, Scopes);

/// A token, and who is getting one.
pub(super) type Slot = tokio::sync::Mutex<CachedToken>;

/// What came of asking.
#[derive(Default)]
pub(super) struct CachedToken {
    token: Option<Token>,
    failed: Option<(AccessError, Instant)>,
}

impl Access {
    /// The token that is known, or one that is asked for; who needs the same meanwhile waits for it.
    ///
    /// # Errors
    /// When there is none.
    pub(super) async fn token(&self, asked: &TokenKey) -> Result<Token, AccessError> {
        let slot = self.state().slots.entry(asked.clone()).or_default().clone();
        let since = Instant::now();
        let mut held = slot.lock().await;
        if let Some(token) = held.token.as_ref().filter(|token| token.until > since) {
            return Ok(token.clone());
        }
        if let Some((error, at)) = &held.failed {
            let refused = matches!(error, AccessError::Refused { .. });
            if *at >= since || (refused && at.elapsed() < REFUSED_FOR) {
                return Err(error.clone());
            }
        }
        let outcome = self.ask(asked).await;
        match outcome {
            Ok(token) => {
                held.token = Some(token.clone());
                held.failed = None;
                Ok(token)
            }
            Err(error) => {
                held.token = None;
                held.failed = Some((error.clone(), Instant::now()));
                Err(error)
            }
        }
    }

    async fn ask(&self, (server, scopes): &TokenKey) -> Result<Token, AccessError> {
        let asking = Asking {
            client: &self.client,
            budget: &self.budget,
            timeout: self.timeout,
            server,
            scopes,
            credentials: self.credentials.as_ref(),
        };
        let refresh = self.state().refresh.get(server).cloned();
        let refreshed = match refresh {
            Some(refresh) => asking.by_refresh_token(&refresh).await.ok(),
            None => None,
        };
        let got = match refreshed {
            Some(got) => got,
            None => {
                self.state().refresh.remove(server);
                let got = asking.by_credentials().await?;
                self.state().by_form = got.by_form;
                got
            }
        };
        let token = got.token;
        self.redactor.learn(&token.text);
        let mut state = self.state();
        state.tokens += 1;
        state.granted.add(scopes);
        if let Some(next) = got.refresh.filter(|next| !next.is_empty()) {
            self.redactor.learn(&next);
            state.refresh.insert(server.clone(), next);
        }
        Ok(token)
    }

    /// A token that the target no longer takes.
    pub(super) async fn forget(&self, asked: &TokenKey, token: &Token) {
        let slot = self.state().slots.get(asked).cloned();
        let Some(slot) = slot else { return };
        let mut held = slot.lock().await;
        if held
            .token
            .as_ref()
            .is_some_and(|known| known.text == token.text)
        {
            held.token = None;
        }
    }
}
