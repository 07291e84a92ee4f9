//! What stands in front of every request: 401, unless it shows who is asking.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::options::{ChallengeForm, Login, MissingRepository, Revocation, Scheme};
use super::tokens::{Access, TokenDefect, TokenStore};
use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;

/// The door, and the tokens that open it.
#[derive(Debug, Default)]
pub struct AuthGate {
    tokens: Mutex<TokenStore>,
    /// The port of the token server, where it has a host of its own.
    elsewhere: Option<u16>,
    /// Deviation many requests came.
    came: AtomicU64,
}

impl AuthGate {
    /// A door whose token server listens on a port of its own, where one is given.
    pub fn new(elsewhere: Option<u16>) -> Self {
        Self {
            elsewhere,
            ..Self::default()
        }
    }

    /// The answer to a request that does not get through; nothing where it does.
    pub fn authorize(&self, login: &Login, request: &ApiRequest) -> Option<ApiResponse> {
        self.came.fetch_add(1, Ordering::Relaxed);
        let by_token = matches!(login.scheme, Scheme::Bearer | Scheme::Either);
        if by_token && self.elsewhere.is_none() && request.path == login.tokens.path {
            return Some(self.gives(login, request));
        }
        self.reject(login, request)
            .or_else(|| missing_repository(login, request))
    }

    /// The answer of a token server that has a host of its own.
    pub fn tokens_alone(&self, login: &Login, request: &ApiRequest) -> ApiResponse {
        match request.path == login.tokens.path {
            true => self.gives(login, request),
            false => ApiResponse::new(404),
        }
    }

    fn gives(&self, login: &Login, request: &ApiRequest) -> ApiResponse {
        match self
            .closed(login)
            .and_then(|revocation| revocation.token_server)
        {
            Some(status) => ApiResponse::error(status, "DENIED", "this is over"),
            None => self.tokens().response(login, request),
        }
    }

    fn closed(&self, login: &Login) -> Option<Revocation> {
        let came = self.came.load(Ordering::Relaxed);
        login
            .revocation
            .filter(|revocation| came > revocation.after)
    }

    /// The answer to who does not show that they may.
    fn reject(&self, login: &Login, request: &ApiRequest) -> Option<ApiResponse> {
        let header = request.header("authorization");
        let password = header.and_then(password_of);
        let known = password.is_some_and(|(user, password)| login.knows(&user, &password));
        let needed = needed(request, login.tokens.delete);
        match self.closed(login).map(|revocation| revocation.only) {
            None => {}
            Some(None) => {
                return Some(self.challenge(login, request, &needed, Some(TokenDefect::Invalid)));
            }
            Some(only) if only == request.endpoint.repository() => {
                return Some(match login.scheme {
                    Scheme::Basic => ApiResponse::error(403, "DENIED", "this is over"),
                    _ => self.challenge(login, request, &needed, Some(TokenDefect::Scope)),
                });
            }
            Some(_) => {}
        }
        let defect = match (login.scheme, header.and_then(token_of)) {
            (Scheme::Open, _) => return None,
            (Scheme::Basic | Scheme::Either, _) if known => return None,
            (Scheme::Bearer | Scheme::Either, Some(token)) => {
                match self.tokens().check(token, &needed) {
                    Ok(()) => return None,
                    Err(defect) => Some(defect),
                }
            }
            (Scheme::Basic | Scheme::Bearer | Scheme::Either, _) => None,
        };
        Some(self.challenge(login, request, &needed, defect))
    }

    fn challenge(
        &self,
        login: &Login,
        request: &ApiRequest,
        needed: &[Access],
        defect: Option<TokenDefect>,
    ) -> ApiResponse {
        let response = ApiResponse::error(401, "UNAUTHORIZED", "log in first");
        let service = login.tokens.service;
        let realm = format!("{}{}", self.token_server(request), login.tokens.path);
        let basic = format!("Basic realm=\"{service}\", charset=\"UTF-8\"");
        let scopes: Vec<String> = needed.iter().map(Access::scope).collect();
        let form = login.challenges;
        let bare = form == ChallengeForm::BareAtBase && scopes.is_empty();
        let scope = match scopes.is_empty() || form == ChallengeForm::NoScope {
            true => String::new(),
            false => format!(",scope=\"{}\"", scopes.join(" ")),
        };
        let error = match defect {
            None => "",
            Some(TokenDefect::Invalid) => ",error=\"invalid_token\"",
            Some(TokenDefect::Scope) => ",error=\"insufficient_scope\"",
        };
        let named = match bare {
            true => String::new(),
            false => format!(",service=\"{service}\""),
        };
        let bearer = format!("Bearer realm=\"{realm}\"{named}{scope}{error}");
        match login.scheme {
            Scheme::Open => response,
            Scheme::Either if form == ChallengeForm::BasicOnceRefused => {
                let refused = request.header("authorization").is_some();
                written(response, form, if refused { &basic } else { &bearer })
            }
            Scheme::Basic => written(response, login.challenges, &basic),
            Scheme::Bearer => written(response, login.challenges, &bearer),
            Scheme::Either => {
                written(response, login.challenges, &bearer).with("WWW-Authenticate", basic)
            }
        }
    }

    /// Scheme, host and port of the token server, as the client of this call sees it.
    fn token_server(&self, request: &ApiRequest) -> String {
        let own = url::Url::parse(&request.origin).ok();
        let moved = own.zip(self.elsewhere).and_then(|(mut url, port)| {
            url.set_port(Some(port)).ok()?;
            Some(url.origin().ascii_serialization())
        });
        moved.unwrap_or_else(|| request.origin.clone())
    }

    fn tokens(&self) -> MutexGuard<'_, TokenStore> {
        // A handler that panicked has left nothing half done.
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Login {
    /// Whether this is a user's password.
    pub fn knows(&self, user: &str, password: &str) -> bool {
        let mut users = self.users.iter();
        users.any(|(name, known)| name == user && known == password)
    }

    /// Whether a repository is there, or comes to be when something is pushed to it.
    pub fn has_place_for(&self, repository: &str) -> bool {
        let fits = |place: &String| match place.ends_with('/') {
            true => repository.starts_with(place.as_str()) && repository.len() > place.len(),
            false => repository == place,
        };
        self.places.is_empty() || self.places.iter().any(fits)
    }
}

/// The answer to a request to a repository that is not there, whoever asks.
fn missing_repository(login: &Login, request: &ApiRequest) -> Option<ApiResponse> {
    let name = request.endpoint.repository()?;
    if login.has_place_for(name) {
        return None;
    }
    Some(match login.missing_repository {
        MissingRepository::Unknown => {
            ApiResponse::error(404, "NAME_UNKNOWN", "there is no such repository")
        }
        MissingRepository::Denied => ApiResponse::error(403, "DENIED", "nobody may do this here"),
    })
}

/// What a request needs: as distribution does it.
fn needed(request: &ApiRequest, delete: bool) -> Vec<Access> {
    let Some(name) = request.endpoint.repository() else {
        return Vec::new();
    };
    let access = |name: &str, actions: &[&str]| Access {
        resource: format!("repository:{name}"),
        actions: actions.iter().map(|action| (*action).to_owned()).collect(),
    };
    let mut needed = vec![match request.method.as_str() {
        "GET" | "HEAD" => access(name, &["pull"]),
        "DELETE" if delete => access(name, &["delete"]),
        _ => access(name, &["pull", "push"]),
    }];
    if matches!(request.endpoint, Endpoint::Uploads(_))
        && request.query("mount").is_some()
        && let Some(from) = request.query("from")
    {
        needed.push(access(from, &["pull"]));
    }
    needed
}

/// With a challenge in this form.
fn written(response: ApiResponse, form: ChallengeForm, plain: &str) -> ApiResponse {
    match form {
        ChallengeForm::Plain
        | ChallengeForm::NoScope
        | ChallengeForm::BareAtBase
        | ChallengeForm::BasicOnceRefused => response.with("WWW-Authenticate", plain),
        ChallengeForm::Odd => {
            let odd = plain
                .replace("realm=", "REALM = ")
                .replace("\",", "\"  ,\t");
            let odd = odd
                .replace("Bearer ", "bEARER   ")
                .replace("Basic ", "BASIC ");
            response.with("WWW-Authenticate", format!(", {odd} ,"))
        }
        ChallengeForm::LastOfLine => {
            let others =
                "Negotiate YIIabc+/==, Digest realm=\"a, Bearer realm=\\\"b\\\"\", nonce=\"0\"";
            response.with("WWW-Authenticate", format!("{others}, {plain}"))
        }
        ChallengeForm::Lines => response
            .with("WWW-Authenticate", plain)
            .with("WWW-Authenticate", "Negotiate"),
    }
}

/// User name and password of the Basic scheme.
pub fn password_of(header: &str) -> Option<(String, String)> {
    let (scheme, encoded) = header.split_once(' ')?;
    let bytes = STANDARD.decode(encoded.trim()).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (user, password) = text.split_once(':')?;
    scheme
        .eq_ignore_ascii_case("basic")
        .then(|| (user.to_owned(), password.to_owned()))
}

fn token_of(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
