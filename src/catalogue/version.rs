//! The versions of the specification that a registry can be judged against.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A version of the Distribution Specification, oldest first.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub enum Version {
    /// The released 1.0 (its text: 1.0.1).
    #[serde(rename = "1.0")]
    V1_0,
    /// The released 1.1 (its text: 1.1.1).
    #[serde(rename = "1.1")]
    V1_1,
    /// The draft after 1.1.
    #[serde(rename = "dev")]
    Dev,
}

/// A version that is none of those known.
#[derive(Debug, Clone, thiserror::Error)]
#[error("`{0}` is no version of the specification: use 1.0, 1.1 or dev")]
pub struct UnknownVersion(String);

impl Version {
    /// Every version, oldest first.
    pub const ALL: [Self; 3] = [Self::V1_0, Self::V1_1, Self::Dev];

    /// The name used in options, suites and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::V1_0 => "1.0",
            Self::V1_1 => "1.1",
            Self::Dev => "dev",
        }
    }

    /// The address of a section of this version's text, for a person to open.
    pub fn link(self, section: &str) -> String {
        let revision = match self {
            Self::V1_0 => "v1.0.1",
            Self::V1_1 => "v1.1.1",
            Self::Dev => "main",
        };
        format!(
            "https://github.com/opencontainers/distribution-spec/blob/{revision}/spec.md#{section}"
        )
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Version {
    type Err = UnknownVersion;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|version| version.name() == text)
            .ok_or_else(|| UnknownVersion(text.to_owned()))
    }
}
