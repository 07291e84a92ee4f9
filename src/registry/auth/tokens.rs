//! The token server.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::authorization_header::basic_credentials;
use super::options::{Fields, Login, Methods, MissingRepository, Tokens};
use crate::registry::api_request::ApiRequest;
use crate::registry::api_response::ApiResponse;

/// The most tokens in memory.
const MAX_TOKENS: usize = 20_000;

/// The issued tokens and refresh tokens.
#[derive(Debug, Default)]
pub struct TokenStore {
    tokens: HashMap<String, Grant>,
    refresh: HashMap<String, String>,
    /// The repositories that a token for a push created, until the registry takes them.
    created: Vec<String>,
}

/// The access of a token, until it expires.
#[derive(Debug)]
struct Grant {
    access: Vec<Access>,
    until: Instant,
}

/// A resource, and permitted actions on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// `repository:team/app`.
    pub resource: String,
    /// `pull`, `push`, `delete`.
    pub actions: Vec<String>,
}

impl Access {
    /// The scope: `repository:team/app:pull,push`.
    pub fn scope(&self) -> String {
        format!("{}:{}", self.resource, self.actions.join(","))
    }

    fn allows(&self, action: &str) -> bool {
        self.actions.iter().any(|known| known == action)
    }
}

/// Why a token does not authorize a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenDefect {
    /// It is unknown or has expired.
    Invalid,
    /// It does not grant the needed access.
    Scope,
}

impl TokenStore {
    /// Whether a token grants the needed access and, with `without_scope`, no other.
    pub fn check(
        &self,
        token: &str,
        needed: &[Access],
        without_scope: bool,
    ) -> Result<(), TokenDefect> {
        let grant = self.tokens.get(token).filter(|g| g.until > Instant::now());
        let grant = grant.ok_or(TokenDefect::Invalid)?;
        let covers = |need: &Access, action: &String| {
            grant
                .access
                .iter()
                .any(|one| one.resource == need.resource && one.actions.contains(action))
        };
        let mut needed = needed.iter();
        let covered = needed.all(|need| need.actions.iter().all(|action| covers(need, action)));
        match covered && (grant.access.is_empty() || !without_scope) {
            true => Ok(()),
            false => Err(TokenDefect::Scope),
        }
    }

    /// The repositories that were created since the last call.
    pub fn take_created(&mut self) -> Vec<String> {
        std::mem::take(&mut self.created)
    }

    /// The response of the token server.
    pub fn response(&mut self, login: &Login, request: &ApiRequest) -> ApiResponse {
        let options = &login.tokens;
        let (form, allowed) = match request.method.as_str() {
            "GET" => (request.query.clone(), options.methods != Methods::Post),
            "POST" => (form_fields(&request.body), options.methods != Methods::Get),
            _ => (Vec::new(), false),
        };
        if !allowed {
            return error(
                405,
                "UNSUPPORTED",
                "the token server does not support this method",
            );
        }
        let value = |name: &str| {
            let mut found = form.iter().filter(|(known, _)| known == name);
            found.next().map(|(_, value)| value.as_str())
        };
        if value("service").is_some_and(|service| service != options.service) {
            return error(400, "UNSUPPORTED", "the service is unknown");
        }
        let user = match self.authenticate(login, request, &value) {
            Ok(Some(user)) => user,
            Ok(None) => {
                return error(401, "UNAUTHORIZED", "the user name or password is wrong");
            }
            Err(error) => return error,
        };
        let scopes = form.iter().filter(|(name, _)| name == "scope");
        let scopes = scopes.flat_map(|(_, scopes)| scopes.split(' '));
        let Some(access) = granted_access(login, &user, scopes) else {
            return error(400, "UNSUPPORTED", "the scope is invalid");
        };
        if options.push_token_creates {
            let pushed = access.iter().filter(|one| one.allows("push"));
            let names = pushed.filter_map(|one| one.resource.strip_prefix("repository:"));
            self.created.extend(names.map(str::to_owned));
        }
        self.issue(login, &user, access)
    }

    /// The user of a request for a token: empty for an anonymous one, `None` for a wrong password or refresh token.
    fn authenticate<'a>(
        &self,
        login: &Login,
        request: &ApiRequest,
        value: &impl Fn(&str) -> Option<&'a str>,
    ) -> Result<Option<String>, ApiResponse> {
        let refreshed = |token: &str| self.refresh.get(token).cloned();
        let logged_in =
            |user: &str, password: &str| login.accepts(user, password).then(|| user.to_owned());
        Ok(match (request.method.as_str(), value("grant_type")) {
            ("GET", _) => match request.header("authorization") {
                Some(header) => basic_credentials(header).and_then(|(user, password)| {
                    refreshed(&password).or_else(|| logged_in(&user, &password))
                }),
                None => login.tokens.anonymous.then(String::new),
            },
            (_, Some("password")) => logged_in(
                value("username").unwrap_or_default(),
                value("password").unwrap_or_default(),
            ),
            (_, Some("refresh_token")) => value("refresh_token").and_then(refreshed),
            _ => {
                return Err(error(400, "UNSUPPORTED", "the grant type is not supported"));
            }
        })
    }

    fn issue(&mut self, login: &Login, user: &str, access: Vec<Access>) -> ApiResponse {
        let options = &login.tokens;
        if self.tokens.len() >= MAX_TOKENS {
            let now = Instant::now();
            self.tokens.retain(|_, grant| grant.until > now);
        }
        if self.tokens.len() >= MAX_TOKENS || self.refresh.len() >= MAX_TOKENS {
            return error(503, "TOOMANYREQUESTS", "too many tokens are valid");
        }
        let token = random_token("token");
        let now = Instant::now();
        let until = now.checked_add(options.lifetime).unwrap_or(now);
        self.tokens.insert(token.clone(), Grant { access, until });
        let mut body = serde_json::Map::new();
        if options.fields != Fields::AccessToken {
            body.insert("token".to_owned(), token.clone().into());
        }
        if options.fields != Fields::Token {
            body.insert("access_token".to_owned(), token.into());
        }
        if options.expires_in {
            body.insert(
                "expires_in".to_owned(),
                whole_seconds(options.lifetime).into(),
            );
        }
        if options.refresh && !user.is_empty() {
            let refresh = random_token("refresh");
            self.refresh.insert(refresh.clone(), user.to_owned());
            body.insert("refresh_token".to_owned(), refresh.into());
        }
        ApiResponse::json(200, "application/json", &body.into()).with("Cache-Control", "no-store")
    }
}

/// The access that a user gets of the requested scopes; `None` if one of them is invalid.
fn granted_access<'a>(
    login: &Login,
    user: &str,
    scopes: impl Iterator<Item = &'a str>,
) -> Option<Vec<Access>> {
    let scopes = scopes.filter(|scope| !scope.is_empty());
    let mut access: Vec<Access> = scopes
        .map(|scope| parse_scope(scope, &login.tokens))
        .collect::<Option<_>>()?;
    if login.no_deletion.iter().any(|one| one == user) {
        let not_delete = |one: &mut Access| one.actions.retain(|action| action != "delete");
        access.iter_mut().for_each(not_delete);
    }
    if login.tokens.last_scope_only {
        access = access.pop().into_iter().collect();
    }
    if user.is_empty() {
        let pull_only = |one: &mut Access| one.actions.retain(|action| action == "pull");
        access.iter_mut().for_each(pull_only);
    }
    if login.missing_repository == MissingRepository::Denied {
        access.retain(|one| {
            let name = one.resource.strip_prefix("repository:");
            name.is_none_or(|name| login.has_repository(name))
        });
    }
    Some(access)
}

fn whole_seconds(lifetime: Duration) -> u64 {
    lifetime.as_secs().max(1)
}

fn error(status: u16, code: &str, message: &str) -> ApiResponse {
    ApiResponse::error(status, code, message)
}

fn random_token(kind: &str) -> String {
    format!("{kind}-{:032x}", rand::random::<u128>())
}

fn form_fields(body: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(body).into_owned().collect()
}

fn parse_scope(scope: &str, options: &Tokens) -> Option<Access> {
    let (resource, actions) = scope.rsplit_once(':')?;
    let known = |action: &str| {
        matches!(action, "pull" | "push" | "*") || (options.delete && action == "delete")
    };
    let mut actions: Vec<String> = actions.split(',').map(str::to_owned).collect();
    if options.ignore_unknown_actions {
        actions.retain(|action| known(action));
    }
    let valid = resource.contains(':') && actions.iter().all(|action| known(action));
    valid.then(|| Access {
        resource: resource.to_owned(),
        actions,
    })
}
