//! What is known about the access to a registry.

use std::collections::HashMap;
use std::mem::Discriminant;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use http::Method;
use url::Url;

use crate::client::access_error::AccessError;
use crate::client::auth::scope::{Action, Scopes};
use crate::client::auth::token::Token;
use crate::client::auth::token_server::TokenServer;
use crate::client::auth_scheme_kind::AuthSchemeKind;
use crate::client::body_budget::BodyBudget;
use crate::client::credentials::{Credentials, identity_of};
use crate::client::redact::Redactor;
use crate::client::sanitize::display_url;
use crate::client::settings::{Advice, Settings};
use crate::endpoint::Endpoint;

/// The access to one registry.
pub struct Access {
    pub(super) base: Url,
    pub(super) credentials: Option<Credentials>,
    pub(super) http: reqwest::Client,
    pub(super) budget: BodyBudget,
    pub(super) timeout: Duration,
    /// Whether credentials may be sent over plain HTTP to a token server on any host.
    pub(super) plain_realm: bool,
    pub(super) advice: Advice,
    /// Learns every token.
    pub(super) redactor: Arc<Redactor>,
    state: Mutex<State>,
    pub(super) revocation: tokio::sync::Mutex<RevocationState>,
}

#[derive(Default)]
pub(super) struct State {
    /// Whether the registry answered the first request with the credentials.
    pub accepted: bool,
    /// Why the registry accepts the credentials no longer.
    pub revoked: Option<AccessError>,
    pub proofs: Proofs,
    /// The scheme of the last challenge.
    pub scheme: Option<AuthScheme>,
    /// The scope of requests that name no repository, where a token without scope is not enough.
    pub default_scope: Scopes,
    /// The tokens. A slot is locked while its token is requested.
    pub slots: HashMap<TokenKey, Arc<Slot>>,
    /// The scope that the registry asked for where a request needs the scope of the key.
    pub learned: HashMap<Scopes, Scopes>,
    /// The scopes of URLs outside of the API, such as those of upload sessions.
    pub locations: HashMap<String, Scopes>,
    /// How many bytes these URLs have together.
    pub location_bytes: usize,
    /// When the registry refused a new token.
    pub refusals: HashMap<RefusalKey, Instant>,
    /// The refresh tokens of token servers.
    pub refresh: HashMap<TokenServer, String>,
    /// The repositories of the run.
    pub repositories: Vec<String>,
    /// Whether the run pushes nothing.
    pub pull_only: bool,
    /// The scopes of all tokens.
    pub granted: Scopes,
    /// Whether the token server required POST with a form.
    pub by_form: bool,
    /// The number of tokens.
    pub tokens: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum AuthScheme {
    Basic,
    Bearer(TokenServer),
}

impl AuthScheme {
    pub(super) const fn kind(&self) -> AuthSchemeKind {
        match self {
            Self::Basic => AuthSchemeKind::Basic,
            Self::Bearer(_) => AuthSchemeKind::Bearer,
        }
    }
}

/// A token that the registry calls invalid sooner than this after its issue did not expire on the way.
const AT_ONCE: Duration = Duration::from_millis(300);

/// The authentication of one request.
pub struct RequestAuth {
    pub(super) began: Instant,
    pub(super) method: Method,
    /// The scope that the request needs.
    pub(super) need: Scopes,
    pub(super) attached: AttachedAuth,
    /// How many challenges were answered.
    pub(super) answers: u8,
    /// How many of its tokens were no longer valid when the registry read them.
    pub(super) expired: u8,
}

/// The requests that one refusal of a new token concerns: a method, a kind of endpoint, and the scope that they need.
pub(super) type RefusalKey = (Method, Discriminant<Endpoint>, Scopes);

impl RequestAuth {
    /// Whether its token had expired when the registry read it: by the time that the token server named, or because the
    /// challenge's `error` says so (RFC 6750, section 3.1) of a token that is not new.
    pub(super) fn has_expired_token(&self, error: Option<&str>) -> bool {
        let AttachedAuth::Bearer(token, Some(_)) = &self.attached else {
            return false;
        };
        let aged = token.since.elapsed() > AT_ONCE;
        token.until <= Instant::now() || (aged && error == Some("invalid_token"))
    }

    /// The key of a refusal of this request.
    pub(super) fn refusal_key(&self, url: &Url) -> RefusalKey {
        let endpoint = Endpoint::parse(url.path());
        let kind = std::mem::discriminant(&endpoint);
        (self.method.clone(), kind, self.need.clone())
    }
}

/// What the next try of a request carries.
pub(super) enum AttachedAuth {
    Nothing,
    Basic,
    /// A token; its key is none where the user gave the token.
    Bearer(Token, Option<TokenKey>),
}

/// What identifies a token.
pub(super) type TokenKey = (TokenServer, Scopes);

pub(super) type Slot = tokio::sync::Mutex<CachedToken>;

/// A token, or why there is none and since when.
#[derive(Default)]
pub(super) struct CachedToken {
    pub token: Option<Token>,
    pub failed: Option<(AccessError, Instant)>,
}

/// A resource (`repository:NAME`), and an action on it.
pub(super) type Permission = (String, Action);

/// For each permission that the registry granted, a request that checks it again.
pub(super) type Proofs = HashMap<Permission, (Method, Url)>;

/// What checks after a refusal have found.
#[derive(Default)]
pub(super) struct RevocationState {
    /// When the registry last accepted the credentials.
    pub accepted_at: Option<Instant>,
    /// When a permission was last found to hold.
    pub held_at: HashMap<Permission, Instant>,
    /// The permissions that were revoked.
    pub revoked: HashMap<Permission, AccessError>,
}

impl Access {
    /// The access to the registry at `base`. Nothing is sent yet.
    pub fn new(
        base: &Url,
        settings: &Settings,
        http: reqwest::Client,
        redactor: Arc<Redactor>,
    ) -> Self {
        Self {
            base: base.clone(),
            credentials: settings.credentials.clone(),
            http,
            budget: BodyBudget::new(),
            timeout: settings.timeout,
            plain_realm: settings.plain_realm,
            advice: settings.advice,
            redactor,
            state: Mutex::default(),
            revocation: tokio::sync::Mutex::default(),
        }
    }

    /// Notes that the registry accepted the credentials.
    pub fn mark_accepted(&self) {
        self.state().accepted = true;
    }

    /// Sets the repositories of the run. The first is the scope of requests that name none, if
    /// the token server requires a scope.
    pub fn set_repositories(&self, repositories: &[&str]) {
        let mut state = self.state();
        if let Some(first) = repositories.first() {
            state.default_scope = Scopes::repository(first, &[Action::Pull]);
        }
        state.repositories = repositories.iter().map(|&name| name.to_owned()).collect();
    }

    /// Notes that the run pushes nothing: then no token for a push is requested.
    pub fn set_pull_only(&self) {
        self.state().pull_only = true;
    }

    /// Whether a URL has the origin of the registry: credentials are sent to no other origin.
    pub(super) fn is_registry(&self, url: &Url) -> bool {
        url.origin() == self.base.origin()
    }

    /// The user, for messages.
    pub(super) fn identity(&self) -> String {
        identity_of(self.credentials.as_ref())
    }

    /// The address of the registry, for messages.
    pub(super) fn display_base(&self) -> String {
        display_url(&self.base).trim_end_matches('/').to_owned()
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        // No change to the state panics halfway.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
