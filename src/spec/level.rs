//! How strongly a requirement binds, and whom.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The strength of a requirement (RFC 2119); SHALL and REQUIRED count as MUST, RECOMMENDED as SHOULD.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "UPPERCASE")]
pub enum Level {
    /// Breaking it fails the registry.
    Must,
    /// Breaking it warns.
    Should,
    /// Permitted: nothing can break it.
    May,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Must => "MUST",
            Self::Should => "SHOULD",
            Self::May => "MAY",
        })
    }
}

/// Whom a requirement binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Party {
    /// The server.
    Registry,
    /// Whoever talks to it.
    Client,
}
