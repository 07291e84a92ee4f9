//! The level of a requirement, and the party that it binds.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The strength of a requirement (RFC 2119); SHALL and REQUIRED count as MUST, RECOMMENDED as SHOULD.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum Level {
    /// A violation fails the registry.
    Must,
    /// A violation warns.
    Should,
    /// Permitted: it cannot be violated.
    May,
}

impl Level {
    /// Every level, strongest first.
    pub const ALL: [Self; 3] = [Self::Must, Self::Should, Self::May];

    /// Parses the name that a user gives, in upper or lower case.
    ///
    /// # Errors
    /// A sentence with the known names.
    pub fn parse(name: &str) -> Result<Self, String> {
        let mut all = Self::ALL.into_iter();
        let named = all.find(|level| level.to_string().eq_ignore_ascii_case(name));
        named.ok_or_else(|| "there is no such level: use must, should, may".to_owned())
    }
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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Party {
    /// The server.
    #[default]
    Registry,
    /// Whoever talks to it.
    Client,
}

impl Party {
    /// Whether it is the registry. By reference, as serde asks.
    #[allow(clippy::trivially_copy_pass_by_ref)]
    pub fn is_registry(&self) -> bool {
        *self == Self::Registry
    }
}
