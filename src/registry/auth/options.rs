//! The options of the login.

use std::time::Duration;

/// Authentication and authorization: users, challenges, tokens and repositories.
#[derive(Debug, Clone)]
pub struct Login {
    /// The scheme that the registry accepts.
    pub scheme: Scheme,
    /// User names and passwords. Each user may do everything, except for those of `no_deletion`.
    pub users: Vec<(String, String)>,
    /// The users whose tokens never grant `delete`.
    pub no_deletion: Vec<String>,
    /// The form of `WWW-Authenticate`.
    pub challenges: ChallengeForm,
    /// The token server of the scheme Bearer.
    pub tokens: Tokens,
    /// The repositories that exist or that a push creates: names, and prefixes that end with a slash. If empty, a push
    /// creates any repository.
    pub repositories: Vec<String>,
    /// The response to a request for any other repository.
    pub missing_repository: MissingRepository,
    /// When access is revoked.
    pub revocation: Option<Revocation>,
}

/// Access is revoked during a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revocation {
    /// The number of requests before it.
    pub after: u64,
    /// The status of the token server from then on; `None`: it issues tokens that grant nothing.
    pub token_server: Option<u16>,
    /// The only repository that it concerns; `None`: all.
    pub only: Option<&'static str>,
}

/// The response to a request for a repository that does not exist and that no push creates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissingRepository {
    /// 404 and NAME_UNKNOWN.
    Unknown,
    /// As without permission: the token server issues a token that does not grant access, and the registry answers
    /// 401. Without tokens: 403 and DENIED.
    Denied,
}

/// A scheme of HTTP authentication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// No authentication.
    Open,
    /// Basic (RFC 7617).
    Basic,
    /// Bearer (RFC 6750), with the token server of the challenge.
    Bearer,
    /// Basic or Bearer.
    Either,
}

/// The form of challenges; all of them conform to RFC 9110, section 11.6.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChallengeForm {
    /// The form of most registries.
    Plain,
    /// Unusual case, and optional spaces.
    Odd,
    /// After challenges of other schemes, in one header.
    LastOfLine,
    /// Before a challenge of another scheme, each in its own header.
    Lines,
    /// Without a scope.
    NoScope,
    /// Without scope and service for `/v2/`, with both for other paths.
    BareAtBase,
    /// Bearer; Basic after a refused `Authorization` header.
    BasicOnceRefused,
}

/// The options of the token server.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// The path of the realm's URL.
    pub path: &'static str,
    /// Whether it listens on a port of its own, at the same address.
    pub separate_port: bool,
    /// The `service` of challenges and requests for tokens.
    pub service: &'static str,
    /// How long a token is valid.
    pub lifetime: Duration,
    /// Whether responses have `expires_in`.
    pub expires_in: bool,
    /// The field of the token.
    pub fields: Fields,
    /// The supported methods.
    pub methods: Methods,
    /// Whether responses have a refresh token.
    pub refresh: bool,
    /// Whether a request without credentials gets a token to pull.
    pub anonymous: bool,
    /// Whether a token grants only the last of several requested scopes.
    pub last_scope_only: bool,
    /// Whether deletion needs the action `delete`; if not, it needs `push`.
    pub delete: bool,
    /// Whether unknown actions of a scope are ignored; if not, the scope is refused with 400.
    pub ignore_unknown_actions: bool,
    /// Whether `/v2/` accepts only a token without scope.
    pub base_without_scope: bool,
    /// Whether a token for a push creates the repository.
    pub push_token_creates: bool,
}

/// The field of the token in a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fields {
    /// `token` and `access_token`.
    Both,
    /// `token` only.
    Token,
    /// `access_token` only.
    AccessToken,
}

/// The methods that a token server supports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Methods {
    /// GET and POST.
    Both,
    /// GET only.
    Get,
    /// POST only.
    Post,
}

impl Login {
    /// Replaces all users by one.
    pub fn user(&mut self, name: &str, password: &str) {
        self.users = vec![(name.to_owned(), password.to_owned())];
    }

    /// Whether a user has this password.
    pub fn accepts(&self, user: &str, password: &str) -> bool {
        let mut users = self.users.iter();
        users.any(|(name, known)| name == user && known == password)
    }

    /// Whether a repository exists, or a push creates it.
    pub fn has_repository(&self, repository: &str) -> bool {
        let matches = |known: &String| match known.ends_with('/') {
            true => repository.starts_with(known.as_str()) && repository.len() > known.len(),
            false => repository == known,
        };
        self.repositories.is_empty() || self.repositories.iter().any(matches)
    }
}

impl Default for Login {
    fn default() -> Self {
        Self {
            scheme: Scheme::Open,
            users: Vec::new(),
            no_deletion: Vec::new(),
            challenges: ChallengeForm::Plain,
            tokens: Tokens {
                path: "/token",
                separate_port: false,
                service: "bundled",
                lifetime: Duration::from_secs(300),
                expires_in: true,
                fields: Fields::Both,
                methods: Methods::Both,
                refresh: false,
                anonymous: false,
                last_scope_only: false,
                delete: true,
                ignore_unknown_actions: false,
                base_without_scope: false,
                push_token_creates: false,
            },
            repositories: Vec::new(),
            missing_repository: MissingRepository::Unknown,
            revocation: None,
        }
    }
}
