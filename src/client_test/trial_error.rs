//! Why a trial cannot be made.

use super::authority::CertificateError;
use super::process::StartError;

/// Why a trial could not be made.
#[derive(Debug, thiserror::Error)]
pub enum TrialError {
    #[error("the trial cannot be set up: {0}")]
    SetUp(String),
    #[error("{0}")]
    Start(#[from] StartError),
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    #[error("`{command}`, which prepares the action, failed: {reason}")]
    Prepare { command: String, reason: String },
}

impl From<std::io::Error> for TrialError {
    fn from(error: std::io::Error) -> Self {
        Self::SetUp(error.to_string())
    }
}
