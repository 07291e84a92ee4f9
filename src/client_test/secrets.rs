//! The secrets of a trial: who got them, and how they are kept out of reports.

use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::client::Redactor;
use crate::registry::ApiRequest;

/// The user of every trial.
pub const USER: &str = "assay";

/// The password of a trial, and the tokens that were issued in it.
pub struct Secrets {
    password: String,
    tokens: Mutex<Vec<String>>,
    pub redactor: Redactor,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets")
    }
}

/// A secret that a request carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leak {
    Password,
    Token,
}

impl Leak {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Password => "the password",
            Self::Token => "a token",
        }
    }
}

impl Secrets {
    /// A new password.
    pub fn new() -> Self {
        let password = format!("secret-{}", hex::encode(rand::random::<[u8; 12]>()));
        let redactor = Redactor::new(&[password.clone(), basic(&password)]);
        Self {
            password,
            tokens: Mutex::default(),
            redactor,
        }
    }

    pub fn password(&self) -> &str {
        &self.password
    }

    /// User name and password as Basic authentication has them.
    pub fn basic(&self) -> String {
        basic(&self.password)
    }

    pub fn learn_token(&self, token: &str) {
        self.redactor.learn(token);
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        tokens.push(token.to_owned());
    }

    /// The secret that a request carries in a header, its query or its body.
    pub fn carried(&self, request: &ApiRequest) -> Option<Leak> {
        let tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        let secret = |text: &str| {
            if text.contains(&self.password) || text.contains(&self.basic()) {
                return Some(Leak::Password);
            }
            let token = tokens.iter().any(|token| text.contains(token.as_str()));
            token.then_some(Leak::Token)
        };
        let headers = request.headers.iter().map(|(_, value)| value.as_str());
        let query = request.query.iter().map(|(_, value)| value.as_str());
        headers
            .chain(query)
            .find_map(secret)
            .or_else(|| std::str::from_utf8(&request.body).ok().and_then(secret))
    }
}

fn basic(password: &str) -> String {
    STANDARD.encode(format!("{USER}:{password}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_wherever_a_request_carries_it() {
        let secrets = Secrets::new();
        secrets.learn_token("token-0123456789abcdef");
        let request = || ApiRequest::new("GET", "http://other.example", "/v2/");
        assert_eq!(secrets.carried(&request()), None);
        let mut basic = request();
        let value = format!("Basic {}", secrets.basic());
        basic.headers.push(("authorization".to_owned(), value));
        assert_eq!(secrets.carried(&basic), Some(Leak::Password));
        let mut query = request();
        query
            .query
            .push(("t".to_owned(), "token-0123456789abcdef".to_owned()));
        assert_eq!(secrets.carried(&query), Some(Leak::Token));
        let mut body = request();
        body.body = format!("password={}", secrets.password()).into();
        assert_eq!(secrets.carried(&body), Some(Leak::Password));
        let shown = secrets.redactor.text(&format!("{:?} {:?}", basic, body));
        assert!(!shown.contains(secrets.password()) && !shown.contains(&secrets.basic()));
    }
}
