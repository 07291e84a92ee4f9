//! Who is let in, and how: one state for all requests of a run.
//!
//! A request takes a [`RequestAuth`]. What the target asked for before is answered without being asked again; what a
//! 401 asks for anew is answered once. Requests that need the same token wait for one.

mod choose;
mod revocation;
mod tokens;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use http::{HeaderMap, Method};
use url::Url;

use self::revocation::{Proofs, RevocationState};
use self::tokens::{Slot, TokenKey};
use super::challenge::challenges;
use super::server::{AccessError, TokenServer, shown};
use super::token::Token;
use super::token_command::token_command;
use super::{Credentials, Scopes, Secret};
use crate::client::Settings;
use crate::client::body_budget::BodyBudget;
use crate::client::redact::Redactor;

/// How often one request logs in: with the token that is known, and with one of its own.
const LOGINS: u8 = 2;

/// How many addresses are remembered for what they need.
const PLACES: usize = 20_000;

/// Access to one target.
pub struct Access {
    base: Url,
    credentials: Option<Credentials>,
    client: reqwest::Client,
    budget: BodyBudget,
    timeout: Duration,
    /// Whether credentials may go to a token server in the clear.
    plain_realm: bool,
    /// What learns of every token, so that none is shown.
    redactor: Arc<Redactor>,
    state: Mutex<State>,
    /// What was found where rights may be gone.
    door: tokio::sync::Mutex<RevocationState>,
}

#[derive(Default)]
struct State {
    /// Whether the target let us in.
    inside: bool,
    /// Why it does not do so any more.
    shut: Option<AccessError>,
    /// What was allowed once.
    proofs: Proofs,
    /// How the target wants us to log in.
    way: Option<AuthScheme>,
    /// What a token is asked for where a request needs nothing in particular.
    home: Scopes,
    /// Tokens, and who is getting one.
    slots: HashMap<TokenKey, Arc<Slot>>,
    /// The scope that the target asked for where requests need this.
    learned: HashMap<Scopes, Scopes>,
    /// What addresses need that are not the API's own: where an upload went on, say.
    places: HashMap<String, Scopes>,
    /// Refresh tokens that came along.
    refresh: HashMap<TokenServer, String>,
    /// The repositories that the run is about.
    own: Vec<String>,
    /// What tokens were given for.
    granted: Scopes,
    /// Whether the token server was asked by POST, with a form.
    by_form: bool,
    /// How many tokens came.
    tokens: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum AuthScheme {
    Basic,
    Bearer(TokenServer),
}

/// A request's way in.
pub struct RequestAuth {
    began: Instant,
    need: Scopes,
    sent: AttachedAuth,
    logins: u8,
}

enum AttachedAuth {
    Nothing,
    Basic,
    Bearer(Token, Option<TokenKey>),
}

impl Access {
    /// Access to the target at `base` as the settings say. Nothing is sent yet.
    pub fn new(
        base: &Url,
        settings: &Settings,
        client: reqwest::Client,
        redactor: Arc<Redactor>,
    ) -> Self {
        Self {
            base: base.clone(),
            credentials: settings.credentials.clone(),
            client,
            budget: BodyBudget::new(),
            timeout: settings.timeout,
            plain_realm: settings.plain_realm,
            redactor,
            state: Mutex::default(),
            door: tokio::sync::Mutex::default(),
        }
    }

    /// A pass for a request; with what is known already, so that the target need not ask.
    ///
    /// # Errors
    /// When a token is needed and the token server cannot be used, or nobody is let in any more.
    pub async fn pass(&self, method: &Method, url: &Url) -> Result<RequestAuth, AccessError> {
        if let Some(shut) = self.state().shut.clone() {
            return Err(shut);
        }
        let place = self.state().places.get(&place(url)).cloned();
        let mut pass = RequestAuth {
            began: Instant::now(),
            need: place.unwrap_or_else(|| Scopes::needed(method, url)),
            sent: AttachedAuth::Nothing,
            logins: 0,
        };
        if !self.is_target(url) {
            return Ok(pass);
        }
        if let Some(Secret::Bearer { token }) = self.credentials.as_ref().map(|known| &known.secret)
        {
            pass.sent = AttachedAuth::Bearer(Token::given(token), None);
            return Ok(pass);
        }
        let way = self.state().way.clone();
        match way {
            None => {}
            Some(AuthScheme::Basic) => pass.sent = AttachedAuth::Basic,
            Some(AuthScheme::Bearer(server)) => {
                if let Some((token, asked)) = self.predict_token(server, &pass.need).await? {
                    pass.sent = AttachedAuth::Bearer(token, Some(asked));
                }
            }
        }
        Ok(pass)
    }

    /// A token for what a request is likely to be asked for. A token server that refuses it is no error yet:
    /// perhaps the target asks for something else, or for nothing.
    async fn predict_token(
        &self,
        server: TokenServer,
        need: &Scopes,
    ) -> Result<Option<(Token, TokenKey)>, AccessError> {
        let known = self.state().learned.get(need).cloned();
        let guess = known.unwrap_or_else(|| need.clone());
        // Some token servers know no `delete`, and refuse what they do not know.
        for scopes in [guess.clone(), guess.without("delete")] {
            let asked = (server.clone(), self.at_least_home(scopes));
            match self.token(&asked).await {
                Ok(token) => return Ok(Some((token, asked))),
                Err(AccessError::Refused { .. }) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(None)
    }

    /// Answers a 401, where it can be answered: whether to send the request again. What is not answered is the
    /// target's last word.
    ///
    /// # Errors
    /// When there is no way to a token that there should be one to.
    pub async fn answer_challenge(
        &self,
        pass: &mut RequestAuth,
        url: &Url,
        headers: &HeaderMap,
    ) -> Result<bool, AccessError> {
        let given = matches!(pass.sent, AttachedAuth::Bearer(_, None));
        if !self.is_target(url) || given || pass.logins >= LOGINS {
            return Ok(false);
        }
        let Some((way, challenge)) = self.choose(url, &challenges(headers))? else {
            return Ok(false);
        };
        let server = match way {
            AuthScheme::Basic => {
                let again = !matches!(pass.sent, AttachedAuth::Basic);
                self.state().way = Some(AuthScheme::Basic);
                pass.sent = AttachedAuth::Basic;
                pass.logins += 1;
                return Ok(again);
            }
            AuthScheme::Bearer(server) => server,
        };
        self.state().way = Some(AuthScheme::Bearer(server.clone()));
        let scope = Scopes::read(challenge.parameter("scope").unwrap_or_default());
        let asked = (server, self.at_least_home(scope.or(&pass.need)));
        if let AttachedAuth::Bearer(token, Some(before)) = &pass.sent {
            if *before == asked && token.since >= pass.began {
                return Ok(false);
            }
            self.forget(before, token).await;
        }
        pass.logins += 1;
        match self.token(&asked).await {
            Ok(token) => {
                let need = pass.need.clone();
                self.state().learned.insert(need, asked.1.clone());
                pass.sent = AttachedAuth::Bearer(token, Some(asked));
                Ok(true)
            }
            Err(refused @ AccessError::Refused { .. }) => match self.lets_in(&asked.1) {
                // What was granted before, or the way in itself: without it there is no verdict.
                true => Err(refused),
                // A repository that nobody may see, or that there is not: 401 is the target's word for it.
                false => Ok(false),
            },
            Err(other) => Err(other),
        }
    }

    /// Whether a refusal of this is one of the access that the run has, or needs.
    fn lets_in(&self, scopes: &Scopes) -> bool {
        let state = self.state();
        let mut resources = scopes.resources();
        let home = state.home.resources().any(|home| scopes.has(home));
        home || resources.any(|resource| state.granted.has(resource))
    }

    /// The Authorization header for a request to this address. Only the target itself gets one.
    pub fn header(&self, pass: &RequestAuth, url: &Url) -> Option<String> {
        if !self.is_target(url) {
            return None;
        }
        match &pass.sent {
            AttachedAuth::Nothing => None,
            AttachedAuth::Basic => self.credentials.as_ref().and_then(Credentials::basic),
            AttachedAuth::Bearer(token, _) => Some(format!("Bearer {}", token.text)),
        }
    }

    /// Remembers what the address needs that an answer leads to: an upload may go on anywhere.
    pub fn leads_to(&self, pass: &RequestAuth, from: &Url, headers: &HeaderMap) {
        let location = headers.get("location").and_then(|to| to.to_str().ok());
        let Some(to) = location.and_then(|to| from.join(to).ok()) else {
            return;
        };
        let plain = self.is_target(&to) && !pass.need.is_empty();
        if plain && !to.path().starts_with("/v2/") {
            let mut state = self.state();
            if state.places.len() < PLACES {
                state.places.insert(place(&to), pass.need.clone());
            }
        }
    }

    /// Makes sure of a token for each repository, where tokens are what the target wants; the first of them is
    /// what requests to no repository log in with.
    ///
    /// # Errors
    /// When there is none.
    pub async fn open(&self, repositories: &[&str]) -> Result<(), AccessError> {
        let Some(AuthScheme::Bearer(server)) = self.state().way.clone() else {
            return Ok(());
        };
        for name in repositories {
            let both = Scopes::repository(name, &["pull", "push"]);
            let asked = (server.clone(), both);
            let Err(refused) = self.token(&asked).await else {
                continue;
            };
            // Who may only read gets a verdict on what can be read.
            let reads = Scopes::repository(name, &["pull"]);
            let asked = (server.clone(), reads);
            self.token(&asked).await.map_err(|_| refused)?;
        }
        Ok(())
    }

    /// Notes that the target has let us in.
    pub fn is_inside(&self) {
        self.state().inside = true;
    }

    /// Says which repositories the run is about; the first of them is what requests to none log in with.
    pub fn set_repositories(&self, repositories: &[&str]) {
        let mut state = self.state();
        if let Some(home) = repositories.first() {
            state.home = Scopes::repository(home, &["pull"]);
        }
        state.own = repositories.iter().map(|&name| name.to_owned()).collect();
    }

    /// The scheme that requests log in with.
    pub fn scheme(&self) -> Option<&'static str> {
        match (&self.credentials, &self.state().way) {
            (Some(known), _) if matches!(known.secret, Secret::Bearer { .. }) => Some("Bearer"),
            (_, Some(AuthScheme::Bearer(_))) => Some("Bearer"),
            (_, Some(AuthScheme::Basic)) => Some("Basic"),
            (_, None) => None,
        }
    }

    /// The command by which a person gets the token that the run's requests are sent with.
    pub fn token_command(&self) -> Option<String> {
        let secret = self.credentials.as_ref().map(|known| &known.secret);
        if let Some(Secret::Bearer { .. }) = secret {
            return Some("TOKEN=$ASSAY_TOKEN".to_owned());
        }
        let state = self.state();
        let Some(AuthScheme::Bearer(server)) = &state.way else {
            return None;
        };
        let scopes = state.granted.only(&state.own);
        Some(token_command(server, &scopes, secret, state.by_form))
    }

    /// What the report should say of it.
    pub fn note(&self) -> Option<String> {
        let state = self.state();
        let whose = self.credentials.as_ref().map(Credentials::whose);
        match (&state.way, whose) {
            (None, None) => None,
            (None, Some(whose)) => Some(format!("the target did not ask {whose} to log in")),
            (Some(AuthScheme::Basic), whose) => {
                Some(format!("logged in as {}", whose.unwrap_or_default()))
            }
            (Some(AuthScheme::Bearer(server)), whose) => Some(format!(
                "logged in as {} with {} tokens of {}",
                whose.unwrap_or_else(|| "nobody".to_owned()),
                state.tokens,
                shown(&server.realm)
            )),
        }
    }

    fn at_least_home(&self, scopes: Scopes) -> Scopes {
        match scopes.is_empty() {
            true => self.state().home.clone(),
            false => scopes,
        }
    }

    fn is_target(&self, url: &Url) -> bool {
        url.origin() == self.base.origin()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Every change of it is whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An address as uploads come back to it: the digest that closes one is added to it.
fn place(url: &Url) -> String {
    let text = url.as_str();
    let end = text.find("?digest=").or_else(|| text.find("&digest="));
    text.get(..end.unwrap_or(text.len()))
        .unwrap_or(text)
        .to_owned()
}
