//! Why a report was not published or fetched.

use crate::client::RequestError;
use crate::report::{ReadError, RenderError};

/// Why a report was not published or fetched. `what` is the step: "push report.json".
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// There is no response.
    #[error("cannot {what}: {reason}")]
    NoResponse {
        /// The step.
        what: String,
        /// Why there is no response.
        reason: Box<RequestError>,
    },
    /// The registry refuses a request.
    #[error("cannot {what}: {method} {path} returned {status}{message}{hint}")]
    Refused {
        /// The step.
        what: String,
        /// The method of the request.
        method: String,
        /// The path of the request.
        path: String,
        /// The status of the response.
        status: u16,
        /// The message of the response, after a colon; empty where there is none.
        message: String,
        /// The way out; empty where none is known.
        hint: &'static str,
    },
    /// A response violates the specification so that the transfer cannot go on.
    #[error("cannot {what}: {problem}")]
    Malformed {
        /// The step.
        what: String,
        /// What is wrong.
        problem: String,
    },
    /// The manifest is no report.
    #[error(
        "{reference} is no report of assay ({found}), and no report has it as subject: `assay publish` pushes one"
    )]
    NoReport {
        /// What the user named.
        reference: String,
        /// What the manifest is.
        found: String,
    },
    /// A file is larger than what `assay fetch` reads.
    #[error(
        "{file} has {size} bytes, and an artifact's file may have {limit}: leave it out with --format, or run fewer cases"
    )]
    TooLarge {
        /// The file.
        file: &'static str,
        /// Its size in bytes.
        size: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// The fetched report.json cannot be read.
    #[error(transparent)]
    Report(#[from] ReadError),
    /// A format cannot be made of the report.
    #[error(transparent)]
    Render(#[from] RenderError),
}

impl PublishError {
    /// Whether the registry is at fault, and not what the user typed.
    pub const fn is_registrys(&self) -> bool {
        matches!(
            self,
            Self::NoResponse { .. } | Self::Refused { .. } | Self::Malformed { .. }
        )
    }
}
