//! Who we are, and where that was found.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Credentials for the target.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// What proves who we are.
    pub secret: Secret,
    /// Where it was found, in words: a file, an option, a credential helper. No secret.
    pub source: String,
}

/// What proves who we are.
#[derive(Clone)]
pub enum Secret {
    /// A user name and a password.
    Password {
        /// The user name.
        username: String,
        /// The password.
        password: String,
    },
    /// An identity token: a refresh token that the token server changes for others (OAuth 2).
    Identity {
        /// The user name, where there is one.
        username: String,
        /// The token.
        token: String,
    },
    /// A token that the registry itself takes.
    Bearer {
        /// The token.
        token: String,
    },
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Password { username, .. } => write!(f, "Password({username}, …)"),
            Self::Identity { username, .. } => write!(f, "Identity({username}, …)"),
            Self::Bearer { .. } => write!(f, "Bearer(…)"),
        }
    }
}

/// The Authorization header of the Basic scheme (RFC 7617).
pub fn basic(username: &str, password: &str) -> String {
    format!(
        "Basic {}",
        STANDARD.encode(format!("{username}:{password}"))
    )
}

impl Credentials {
    /// Who this is, in words, and where it was found.
    pub fn whose(&self) -> String {
        let who = match &self.secret {
            Secret::Password { username, .. } => format!("`{username}`"),
            Secret::Identity { username, .. } if username.is_empty() => "an identity token".into(),
            Secret::Identity { username, .. } => format!("the identity token of `{username}`"),
            Secret::Bearer { .. } => "a token".into(),
        };
        format!("{who} (from {})", self.source)
    }

    /// The Authorization header of the Basic scheme, where there is a password.
    pub fn basic(&self) -> Option<String> {
        match &self.secret {
            Secret::Password { username, password } => Some(basic(username, password)),
            Secret::Identity { .. } | Secret::Bearer { .. } => None,
        }
    }

    /// The user name that goes with a password.
    pub fn username(&self) -> Option<String> {
        match &self.secret {
            Secret::Password { username, .. } => Some(username.clone()),
            Secret::Identity { .. } | Secret::Bearer { .. } => None,
        }
    }

    /// Every text that must appear nowhere.
    pub fn secrets(&self) -> Vec<String> {
        match &self.secret {
            Secret::Password { username, password } => {
                let basic = basic(username, password);
                vec![password.clone(), basic.trim_start_matches("Basic ").into()]
            }
            Secret::Identity { token, .. } | Secret::Bearer { token } => vec![token.clone()],
        }
    }
}
