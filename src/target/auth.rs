//! Logging in: Basic, where the registry asks for it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// How to log in.
#[derive(Clone)]
pub enum Credentials {
    /// A user name and a password.
    Password {
        /// The user name.
        username: String,
        /// The password.
        password: String,
    },
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Password { username, .. } => write!(f, "Password({username}, …)"),
        }
    }
}

impl Credentials {
    /// The Authorization header of the Basic scheme (RFC 7617).
    pub fn basic(&self) -> String {
        match self {
            Self::Password { username, password } => {
                format!(
                    "Basic {}",
                    STANDARD.encode(format!("{username}:{password}"))
                )
            }
        }
    }

    /// Every text that must appear nowhere.
    pub fn secrets(&self) -> Vec<String> {
        match self {
            Self::Password { password, .. } => {
                let basic = self.basic();
                let encoded = basic.trim_start_matches("Basic ").to_owned();
                vec![password.clone(), encoded]
            }
        }
    }
}

/// Whether a challenge asks for the Basic scheme (RFC 9110, section 11.6.1).
pub fn asks_for_basic(challenges: &str) -> bool {
    challenges
        .split(',')
        .any(|part| part.trim().to_ascii_lowercase().starts_with("basic"))
}
