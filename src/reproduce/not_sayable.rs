//! Why a case cannot be said as a script.

use crate::template::Reference;

/// Why a case cannot be said as a script of curl commands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotSayable {
    #[error("the report has no case `{0}`")]
    NoCase(String),
    #[error("the suites have no case `{0}` in version {1} of the specification")]
    NotInSuites(String, String),
    #[error(
        "the bundled suites have no case `{0}` in version {1} of the specification: `assay reproduce` with --suites (and \
         --fixtures) of the run writes its script"
    )]
    NotBundled(String, String),
    #[error("scripts show cases of `assay run` alone")]
    NotOfRun,
    #[error("{0}")]
    Beyond(String),
    #[error("`{{{0}}}` has no value in a script")]
    Unknown(String),
    #[error("the bundled suites cannot be read")]
    NoSuites,
}

impl NotSayable {
    pub fn beyond(what: impl Into<String>) -> Self {
        Self::Beyond(what.into())
    }

    pub fn unknown(reference: &Reference) -> Self {
        Self::Unknown(reference.to_string())
    }
}
