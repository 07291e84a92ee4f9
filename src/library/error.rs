//! Why a conformance test has no report, or the bundled registry does not start.

use super::UnknownName;
use crate::client::{AddressError, NameError, PushDenied, SettingsError, Unreachable};
use crate::data::Diagnostics;
use crate::engine::{PatternError, PlanError, SessionError};
use crate::registry::TlsError;
use crate::suite::SourcesError;

/// Why a conformance test has no report, or the bundled registry does not start.
///
/// The text of each names the cause and what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The target is not a URL or `host[:port]`.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// A repository name violates the grammar (section "Pulling manifests").
    #[error(transparent)]
    Repository(#[from] NameError),
    /// The two repositories are the same.
    #[error(
        "both repositories are `{0}`: mounts and isolation between repositories need two repositories"
    )]
    SameRepository(String),
    /// A pattern of [`ConformanceTest::only`](super::ConformanceTest::only) is not a glob.
    #[error(transparent)]
    Pattern(#[from] PatternError),
    /// The selection holds no case.
    #[error(transparent)]
    Selection(#[from] PlanError),
    /// A folder of suites cannot be read.
    #[error(transparent)]
    Folder(#[from] SourcesError),
    /// Suites are wrong: every mistake with its file, line and column.
    #[error("{0}")]
    Suites(String),
    /// The HTTP client cannot be set up.
    #[error(transparent)]
    Client(#[from] SettingsError),
    /// The registry does not answer, or refuses the login.
    #[error(transparent)]
    Unreachable(Box<Unreachable>),
    /// The login does not permit pushing to the repositories.
    #[error(transparent)]
    PushDenied(Box<PushDenied>),
    /// The bundled registry has no fault of this name.
    #[error("{}", UnknownName::fault(.0))]
    UnknownFault(String),
    /// The bundled registry has no variant of this name.
    #[error("{}", UnknownName::variant(.0))]
    UnknownVariant(String),
    /// The bundled registry cannot listen on its address.
    #[error("cannot listen on {0}: {1}")]
    Listen(std::net::SocketAddr, std::io::Error),
    /// The certificate or key of the bundled registry cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
}

impl From<Diagnostics> for Error {
    fn from(diagnostics: Diagnostics) -> Self {
        Self::Suites(diagnostics.to_string())
    }
}

impl From<SessionError> for Error {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::Unreachable(error) => Self::Unreachable(error),
            SessionError::PushDenied(error) => Self::PushDenied(error),
        }
    }
}
