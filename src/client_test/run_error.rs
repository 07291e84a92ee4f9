//! Why a client cannot be tested.

use super::authority::CertificateError;
use super::process::StartError;

/// Why a client cannot be tested at all.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error(
        "{program} is not installed: `{name}` needs it{}",
        if program.contains('/') { "" } else { " in PATH" }
    )]
    NotInstalled { program: String, name: String },
    #[error("{0}")]
    Start(#[from] StartError),
    #[error("the service of {name} is not ready after {seconds} s; its last line: {last}")]
    Service {
        name: String,
        seconds: u64,
        last: String,
    },
    #[error("the service of {name} ended before it was ready; its last line: {last}")]
    ServiceEnded { name: String, last: String },
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    #[error("no folder for trials: {0}")]
    Folder(#[from] std::io::Error),
}
