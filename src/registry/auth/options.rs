//! Deviation the registry wants clients to log in.

use std::time::Duration;

/// Who is let in, and how.
#[derive(Debug, Clone)]
pub struct Login {
    /// The scheme.
    pub scheme: Scheme,
    /// User names and passwords.
    pub users: Vec<(String, String)>,
    /// The form of its challenges.
    pub challenges: ChallengeForm,
    /// The token server.
    pub tokens: Tokens,
    /// The repositories that are there: names, and paths with a slash at their end, below which any name will do.
    /// Where none is given, every repository comes to be when something is pushed to it.
    pub places: Vec<String>,
    /// What is said of all others.
    pub missing_repository: MissingRepository,
    /// When nobody is let in any more.
    pub revocation: Option<Revocation>,
}

/// The end of every right, in the middle of a client's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revocation {
    /// After so many requests.
    pub after: u64,
    /// What the token server answers from then on; otherwise it gives tokens that are good for nothing.
    pub token_server: Option<u16>,
    /// The repository where alone it happens; otherwise it happens everywhere.
    pub only: Option<&'static str>,
}

/// Deviation a request to a repository is answered that is not there, and that no push makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissingRepository {
    /// With 404 and NAME_UNKNOWN.
    Unknown,
    /// As one that nobody has a right to: the token server gives a token that is not good for it, and the
    /// registry answers 401. Without tokens: 403 and DENIED.
    Denied,
}

/// A scheme of HTTP authentication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Everybody is let in.
    Open,
    /// RFC 7617.
    Basic,
    /// RFC 6750, with the token server that the challenge names.
    Bearer,
    /// Either of them, as the client likes.
    Either,
}

/// Deviation a challenge is written: all of them are legal (RFC 9110, section 11.6.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChallengeForm {
    /// As most registries do.
    Plain,
    /// Odd case, and spaces where they may be.
    Odd,
    /// After others, all in one line.
    LastOfLine,
    /// Before another, each in a line of its own.
    Lines,
    /// Without a scope.
    NoScope,
    /// Without scope and service to `/v2/`, with both elsewhere.
    BareAtBase,
    /// Bearer, and Basic to who has sent an Authorization header that does not do.
    BasicOnceRefused,
}

/// What the token server does.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// The path of the realm.
    pub path: &'static str,
    /// Whether it has a host of its own: the same address with another port.
    pub elsewhere: bool,
    /// The name of the registry there.
    pub service: &'static str,
    /// Deviation long a token lives.
    pub lives: Duration,
    /// Whether it says so.
    pub says_lives: bool,
    /// What the token is called.
    pub fields: Fields,
    /// Deviation it can be asked.
    pub methods: Methods,
    /// Whether refresh tokens come along.
    pub refresh: bool,
    /// Whether everybody gets a token to pull.
    pub anonymous: bool,
    /// Whether there is a right to delete; otherwise who may push may delete.
    pub delete: bool,
}

/// What a token is called in the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fields {
    /// `token` and `access_token`.
    Both,
    /// `token` alone.
    Token,
    /// `access_token` alone.
    AccessToken,
}

/// Deviation a token server can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Methods {
    /// By GET and POST.
    Both,
    /// By GET alone.
    Get,
    /// By POST alone.
    Post,
}

impl Login {
    /// One user who may do everything.
    pub fn user(&mut self, name: &str, password: &str) {
        self.users = vec![(name.to_owned(), password.to_owned())];
    }
}

impl Default for Login {
    fn default() -> Self {
        Self {
            scheme: Scheme::Open,
            users: Vec::new(),
            challenges: ChallengeForm::Plain,
            tokens: Tokens {
                path: "/token",
                elsewhere: false,
                service: "bundled",
                lives: Duration::from_secs(300),
                says_lives: true,
                fields: Fields::Both,
                methods: Methods::Both,
                refresh: false,
                anonymous: false,
                delete: true,
            },
            places: Vec::new(),
            missing_repository: MissingRepository::Unknown,
            revocation: None,
        }
    }
}
