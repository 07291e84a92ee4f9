//! What stands in front of every request: 401, unless it shows who is asking.

use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::options::{ChallengeForm, Login, Scheme};
use super::tokens::{Access, Lack, TokenStore};
use crate::registry::answer::Answer;
use crate::registry::call::{Call, Endpoint};

/// The door, and the tokens that open it.
#[derive(Debug, Default)]
pub struct Door {
    tokens: Mutex<TokenStore>,
}

impl Door {
    /// The answer to a request that does not get through; nothing where it does.
    pub fn stops(&self, login: &Login, call: &Call) -> Option<Answer> {
        match login.scheme {
            Scheme::Open => None,
            Scheme::Basic => {
                let known = call.header("authorization").and_then(password_of);
                let known = known.is_some_and(|(user, password)| login.knows(&user, &password));
                (!known).then(|| challenge(login, call, &[], None))
            }
            Scheme::Bearer if call.path == login.tokens.path => {
                Some(self.tokens().answer(login, call))
            }
            Scheme::Bearer => {
                let needed = needed(call, login.tokens.delete);
                let token = call.header("authorization").and_then(token_of);
                let lack = match token {
                    None => None,
                    Some(token) => match self.tokens().check(token, &needed) {
                        Ok(()) => return None,
                        Err(lack) => Some(lack),
                    },
                };
                Some(challenge(login, call, &needed, lack))
            }
        }
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

    /// Whether a repository may be pushed to.
    pub fn has_place_for(&self, repository: &str) -> bool {
        let fits = |place: &String| {
            let rest = repository.strip_prefix(place.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.places.is_empty() || self.places.iter().any(fits)
    }
}

/// What a request needs: as distribution does it.
fn needed(call: &Call, delete: bool) -> Vec<Access> {
    let Some(name) = call.endpoint.repository() else {
        return Vec::new();
    };
    let access = |name: &str, actions: &[&str]| Access {
        resource: format!("repository:{name}"),
        actions: actions.iter().map(|action| (*action).to_owned()).collect(),
    };
    let mut needed = vec![match call.method.as_str() {
        "GET" | "HEAD" => access(name, &["pull"]),
        "DELETE" if delete => access(name, &["delete"]),
        _ => access(name, &["pull", "push"]),
    }];
    if matches!(call.endpoint, Endpoint::Uploads(_))
        && call.query("mount").is_some()
        && let Some(from) = call.query("from")
    {
        needed.push(access(from, &["pull"]));
    }
    needed
}

fn challenge(login: &Login, call: &Call, needed: &[Access], lack: Option<Lack>) -> Answer {
    let answer = Answer::error(401, "UNAUTHORIZED", "log in first");
    let (realm, service) = (
        format!("{}{}", call.origin, login.tokens.path),
        login.tokens.service,
    );
    let scopes: Vec<String> = needed.iter().map(Access::scope).collect();
    let scope = match scopes.is_empty() || login.challenges == ChallengeForm::NoScope {
        true => String::new(),
        false => format!(",scope=\"{}\"", scopes.join(" ")),
    };
    let error = match lack {
        None => "",
        Some(Lack::Invalid) => ",error=\"invalid_token\"",
        Some(Lack::Scope) => ",error=\"insufficient_scope\"",
    };
    let plain = match login.scheme {
        Scheme::Open => return answer,
        Scheme::Basic => format!("Basic realm=\"{service}\", charset=\"UTF-8\""),
        Scheme::Bearer => format!("Bearer realm=\"{realm}\",service=\"{service}\"{scope}{error}"),
    };
    match login.challenges {
        ChallengeForm::Plain | ChallengeForm::NoScope => answer.with("WWW-Authenticate", plain),
        ChallengeForm::Odd => {
            let odd = plain
                .replace("realm=", "REALM = ")
                .replace("\",", "\"  ,\t");
            let odd = odd
                .replace("Bearer ", "bEARER   ")
                .replace("Basic ", "BASIC ");
            answer.with("WWW-Authenticate", format!(", {odd} ,"))
        }
        ChallengeForm::LastOfLine => {
            let others =
                "Negotiate YIIabc+/==, Digest realm=\"a, Bearer realm=\\\"b\\\"\", nonce=\"0\"";
            answer.with("WWW-Authenticate", format!("{others}, {plain}"))
        }
        ChallengeForm::Lines => answer
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
