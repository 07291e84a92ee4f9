//! The token server.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::auth_gate::password_of;
use super::options::{Fields, Login, Methods, MissingRepository};
use crate::registry::api_request::ApiRequest;
use crate::registry::api_response::ApiResponse;

/// The most tokens that are kept.
const MOST: usize = 20_000;

/// Tokens that were given.
#[derive(Debug, Default)]
pub struct TokenStore {
    tokens: HashMap<String, Grant>,
    refresh: HashMap<String, String>,
}

/// What a token is good for.
#[derive(Debug)]
struct Grant {
    access: Vec<Access>,
    until: Instant,
}

/// A resource, and what may be done to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// `repository:team/app`.
    pub resource: String,
    /// `pull`, `push`, `delete`.
    pub actions: Vec<String>,
}

impl Access {
    /// As a scope: `repository:team/app:pull,push`.
    pub fn scope(&self) -> String {
        format!("{}:{}", self.resource, self.actions.join(","))
    }
}

/// Why a token does not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenDefect {
    /// It is none, or no longer one.
    Invalid,
    /// It is not good for this.
    Scope,
}

impl TokenStore {
    /// Whether a token is good for all of this.
    pub fn check(&self, token: &str, needed: &[Access]) -> Result<(), TokenDefect> {
        let grant = self.tokens.get(token).filter(|g| g.until > Instant::now());
        let grant = grant.ok_or(TokenDefect::Invalid)?;
        let covers = |need: &Access, action: &String| {
            grant
                .access
                .iter()
                .any(|one| one.resource == need.resource && one.actions.contains(action))
        };
        match needed
            .iter()
            .all(|need| need.actions.iter().all(|action| covers(need, action)))
        {
            true => Ok(()),
            false => Err(TokenDefect::Scope),
        }
    }

    /// Answers a request to the token server.
    pub fn response(&mut self, login: &Login, request: &ApiRequest) -> ApiResponse {
        let rules = &login.tokens;
        let (form, allowed) = match request.method.as_str() {
            "GET" => (request.query.clone(), rules.methods != Methods::Post),
            "POST" => (fields(&request.body), rules.methods != Methods::Get),
            _ => (Vec::new(), false),
        };
        if !allowed {
            return refuse(405, "UNSUPPORTED", "no tokens are given this way");
        }
        let value = |name: &str| {
            let mut found = form.iter().filter(|(known, _)| known == name);
            found.next().map(|(_, value)| value.as_str())
        };
        if value("service").is_some_and(|service| service != rules.service) {
            return refuse(400, "UNSUPPORTED", "the service is another");
        }
        let user = match (request.method.as_str(), value("grant_type")) {
            ("GET", _) => match request.header("authorization") {
                Some(header) => password_of(header).and_then(|(user, password)| {
                    let refreshed = self.refresh.get(&password).cloned();
                    refreshed.or_else(|| login.knows(&user, &password).then_some(user))
                }),
                None if rules.anonymous => Some(String::new()),
                None => None,
            },
            (_, Some("password")) => {
                let name = value("username").unwrap_or_default();
                let password = value("password").unwrap_or_default();
                login.knows(name, password).then(|| name.to_owned())
            }
            (_, Some("refresh_token")) => value("refresh_token")
                .and_then(|token| self.refresh.get(token))
                .cloned(),
            _ => return refuse(400, "UNSUPPORTED", "this grant is unknown"),
        };
        let Some(user) = user else {
            return refuse(401, "UNAUTHORIZED", "who is this?");
        };
        let scopes = form.iter().filter(|(name, _)| name == "scope");
        let mut access = Vec::new();
        for scope in scopes.flat_map(|(_, scopes)| scopes.split(' ')) {
            match read(scope, rules.delete) {
                Some(one) => access.push(one),
                None if scope.is_empty() => {}
                None => return refuse(400, "UNSUPPORTED", "this scope is not understood"),
            }
        }
        if user.is_empty() {
            let pulls = |one: &mut Access| one.actions.retain(|action| action == "pull");
            access.iter_mut().for_each(pulls);
        }
        if login.missing_repository == MissingRepository::Denied {
            access.retain(|one: &Access| {
                let name = one.resource.strip_prefix("repository:");
                name.is_none_or(|name| login.has_place_for(name))
            });
        }
        self.give(login, &user, access)
    }

    fn give(&mut self, login: &Login, user: &str, access: Vec<Access>) -> ApiResponse {
        let rules = &login.tokens;
        if self.tokens.len() >= MOST {
            let now = Instant::now();
            self.tokens.retain(|_, grant| grant.until > now);
        }
        if self.tokens.len() >= MOST || self.refresh.len() >= MOST {
            return refuse(503, "TOOMANYREQUESTS", "too many tokens are out");
        }
        let token = secret("token");
        let now = Instant::now();
        let until = now.checked_add(rules.lives).unwrap_or(now);
        self.tokens.insert(token.clone(), Grant { access, until });
        let mut body = serde_json::Map::new();
        if rules.fields != Fields::AccessToken {
            body.insert("token".to_owned(), token.clone().into());
        }
        if rules.fields != Fields::Token {
            body.insert("access_token".to_owned(), token.into());
        }
        if rules.says_lives {
            body.insert("expires_in".to_owned(), whole_seconds(rules.lives).into());
        }
        if rules.refresh && !user.is_empty() {
            let refresh = secret("refresh");
            self.refresh.insert(refresh.clone(), user.to_owned());
            body.insert("refresh_token".to_owned(), refresh.into());
        }
        ApiResponse::json(200, "application/json", &body.into()).with("Cache-Control", "no-store")
    }
}

fn whole_seconds(lives: Duration) -> u64 {
    lives.as_secs().max(1)
}

fn refuse(status: u16, code: &str, message: &str) -> ApiResponse {
    ApiResponse::error(status, code, message)
}

fn secret(kind: &str) -> String {
    format!("{kind}-{:032x}", rand::random::<u128>())
}

fn fields(body: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(body).into_owned().collect()
}

fn read(scope: &str, delete: bool) -> Option<Access> {
    let (resource, actions) = scope.rsplit_once(':')?;
    let known =
        |action: &str| matches!(action, "pull" | "push" | "*") || (delete && action == "delete");
    let actions: Vec<String> = actions.split(',').map(str::to_owned).collect();
    let fits = resource.contains(':') && actions.iter().all(|action| known(action));
    fits.then(|| Access {
        resource: resource.to_owned(),
        actions,
    })
}
