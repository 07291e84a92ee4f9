//! Authorizes every request: 401 with a challenge, unless its credentials or token permit it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::authorization_header::{basic_credentials, bearer_token};
use super::options::{ChallengeForm, Login, MissingRepository, Revocation, Scheme};
use super::tokens::{Access, TokenDefect, TokenStore};
use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;

/// Authorizes requests, and issues tokens.
#[derive(Debug, Default)]
pub struct AuthGate {
    tokens: Mutex<TokenStore>,
    /// The port of the token server, if it has a port of its own.
    token_port: Option<u16>,
    /// The number of requests so far.
    requests: AtomicU64,
}

impl AuthGate {
    pub fn new(token_port: Option<u16>) -> Self {
        Self {
            token_port,
            ..Self::default()
        }
    }

    /// The response to an unauthorized request or a request for a token; `None` for an authorized request.
    pub fn authorize(&self, login: &Login, request: &ApiRequest) -> Option<ApiResponse> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let by_token = matches!(login.scheme, Scheme::Bearer | Scheme::Either);
        if by_token && self.token_port.is_none() && request.path == login.tokens.path {
            return Some(self.token_response(login, request));
        }
        self.reject(login, request)
            .or_else(|| check_repository(login, request))
    }

    /// The repositories that tokens created since the last call.
    pub fn take_created_repositories(&self) -> Vec<String> {
        self.tokens().take_created()
    }

    /// The response of a token server with a port of its own.
    pub fn token_server_response(&self, login: &Login, request: &ApiRequest) -> ApiResponse {
        match request.path == login.tokens.path {
            true => self.token_response(login, request),
            false => ApiResponse::new(404),
        }
    }

    fn token_response(&self, login: &Login, request: &ApiRequest) -> ApiResponse {
        match self
            .revoked(login)
            .and_then(|revocation| revocation.token_server)
        {
            Some(status) => ApiResponse::error(status, "DENIED", "access was revoked"),
            None => self.tokens().response(login, request),
        }
    }

    /// The revocation, once it has happened.
    fn revoked(&self, login: &Login) -> Option<Revocation> {
        let requests = self.requests.load(Ordering::Relaxed);
        login
            .revocation
            .filter(|revocation| requests > revocation.after)
    }

    /// The challenge to a request without a valid password or token, and the response once access was revoked.
    fn reject(&self, login: &Login, request: &ApiRequest) -> Option<ApiResponse> {
        let header = request.header("authorization");
        let password = header.and_then(basic_credentials);
        let known = password.is_some_and(|(user, password)| login.accepts(&user, &password));
        let needed = required_access(request, login.tokens.delete);
        match self.revoked(login).map(|revocation| revocation.only) {
            None => {}
            Some(None) => {
                return Some(self.challenge(login, request, &needed, Some(TokenDefect::Invalid)));
            }
            Some(only) if only == request.endpoint.repository() => {
                return Some(match login.scheme {
                    Scheme::Basic => ApiResponse::error(403, "DENIED", "access was revoked"),
                    _ => self.challenge(login, request, &needed, Some(TokenDefect::Scope)),
                });
            }
            Some(_) => {}
        }
        let defect = match (login.scheme, header.and_then(bearer_token)) {
            (Scheme::Open, _) => return None,
            (Scheme::Basic | Scheme::Either, _) if known => return None,
            (Scheme::Bearer | Scheme::Either, Some(token)) => {
                let base = request.endpoint == Endpoint::Base;
                let without_scope = base && login.tokens.base_without_scope;
                match self.tokens().check(token, &needed, without_scope) {
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
        let response = ApiResponse::error(401, "UNAUTHORIZED", "authentication is required");
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
                with_challenge(response, form, if refused { &basic } else { &bearer })
            }
            Scheme::Basic => with_challenge(response, login.challenges, &basic),
            Scheme::Bearer => with_challenge(response, login.challenges, &bearer),
            Scheme::Either => {
                with_challenge(response, login.challenges, &bearer).with("WWW-Authenticate", basic)
            }
        }
    }

    /// Scheme, host and port of the token server, with the host that the client of this request used.
    fn token_server(&self, request: &ApiRequest) -> String {
        let own = url::Url::parse(&request.origin).ok();
        let separate = own.zip(self.token_port).and_then(|(mut url, port)| {
            url.set_port(Some(port)).ok()?;
            Some(url.origin().ascii_serialization())
        });
        separate.unwrap_or_else(|| request.origin.clone())
    }

    fn tokens(&self) -> MutexGuard<'_, TokenStore> {
        // A handler that panicked leaves the tokens usable.
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The response to a request for a repository that does not exist and that no push creates.
fn check_repository(login: &Login, request: &ApiRequest) -> Option<ApiResponse> {
    let name = request.endpoint.repository()?;
    if login.has_repository(name) {
        return None;
    }
    Some(match login.missing_repository {
        MissingRepository::Unknown => ApiResponse::repository_unknown(),
        MissingRepository::Denied => {
            ApiResponse::error(403, "DENIED", "access to the repository is denied")
        }
    })
}

/// The access that a request needs, as in the registry `distribution`.
fn required_access(request: &ApiRequest, delete: bool) -> Vec<Access> {
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

/// Adds a challenge in this form.
fn with_challenge(response: ApiResponse, form: ChallengeForm, challenge: &str) -> ApiResponse {
    match form {
        ChallengeForm::Plain
        | ChallengeForm::NoScope
        | ChallengeForm::BareAtBase
        | ChallengeForm::BasicOnceRefused => response.with("WWW-Authenticate", challenge),
        ChallengeForm::Odd => {
            // A sender must not generate white space around `=` or empty elements of a list (RFC 9110, sections
            // 5.6.1.1 and 5.6.3).
            let odd = challenge
                .replace("realm=", "REALM=")
                .replace("\",", "\"  ,\t");
            let odd = odd
                .replace("Bearer ", "bEARER   ")
                .replace("Basic ", "BASIC ");
            response.with("WWW-Authenticate", odd)
        }
        ChallengeForm::LastOfLine => {
            let others =
                "Negotiate YIIabc+/==, Digest realm=\"a, Bearer realm=\\\"b\\\"\", nonce=\"0\"";
            response.with("WWW-Authenticate", format!("{others}, {challenge}"))
        }
        ChallengeForm::Lines => response
            .with("WWW-Authenticate", challenge)
            .with("WWW-Authenticate", "Negotiate"),
    }
}
