//! The credentials of the user, and where they were found.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Credentials for the registry under test.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The password or token.
    pub secret: Secret,
    /// Where it was found: a file, an option, a credential helper. For messages; no secret.
    pub source: String,
}

/// A password or a token.
#[derive(Clone)]
pub enum Secret {
    /// A user name and a password.
    Password {
        /// The user name.
        username: String,
        /// The password.
        password: String,
    },
    /// An identity token: a refresh token, which the token server exchanges for access tokens (OAuth 2).
    Identity {
        /// The user name; empty where there is none.
        username: String,
        /// The token.
        token: String,
    },
    /// A bearer token that the registry itself accepts.
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

/// The value of an `Authorization` header of the Basic scheme (RFC 7617).
pub fn basic_authorization(username: &str, password: &str) -> String {
    format!(
        "Basic {}",
        STANDARD.encode(format!("{username}:{password}"))
    )
}

/// How messages name a user without credentials.
pub const ANONYMOUS: &str = "an anonymous user";

/// The user that a request is sent for, for messages.
pub fn identity_of(known: Option<&Credentials>) -> String {
    known.map_or_else(|| ANONYMOUS.to_owned(), Credentials::identity)
}

impl Credentials {
    /// The user with the source of the credentials, for messages: "`me` (from --username and ASSAY_PASSWORD)".
    pub fn identity(&self) -> String {
        let user = match &self.secret {
            Secret::Password { username, .. } => format!("`{username}`"),
            Secret::Identity { username, .. } if username.is_empty() => "an identity token".into(),
            Secret::Identity { username, .. } => format!("the identity token of `{username}`"),
            Secret::Bearer { .. } => "a token".into(),
        };
        format!("{user} (from {})", self.source)
    }

    /// The `Authorization` header of the Basic scheme; none without a password.
    pub fn basic(&self) -> Option<String> {
        match &self.secret {
            Secret::Password { username, password } => {
                Some(basic_authorization(username, password))
            }
            Secret::Identity { .. } | Secret::Bearer { .. } => None,
        }
    }

    /// The user name of a password.
    pub fn username(&self) -> Option<String> {
        match &self.secret {
            Secret::Password { username, .. } => Some(username.clone()),
            Secret::Identity { .. } | Secret::Bearer { .. } => None,
        }
    }

    /// Every text that no output may contain.
    pub fn secrets(&self) -> Vec<String> {
        match &self.secret {
            Secret::Password { username, password } => {
                let basic = basic_authorization(username, password);
                vec![password.clone(), basic.trim_start_matches("Basic ").into()]
            }
            Secret::Identity { token, .. } | Secret::Bearer { token } => vec![token.clone()],
        }
    }
}
