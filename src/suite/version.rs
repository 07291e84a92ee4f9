//! The versions of the suites. A case names the versions that added and changed it.

use std::fmt;
use std::str::FromStr;

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A version of the suites: that of the release of assay that contains them (`0.2.0`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SuiteVersion {
    major: u32,
    minor: u32,
    patch: u32,
}

/// A text that is not a version of the suites.
#[derive(Debug, Clone, thiserror::Error)]
#[error(
    "`{0}` is not a version of the suites: write three numbers with dots between, such as 0.2.0"
)]
pub struct NoSuiteVersion(String);

/// Why cases cannot be counted as of a version.
#[derive(Debug, Clone, thiserror::Error)]
pub enum NotAsOf {
    /// The text is no version.
    #[error(transparent)]
    NoVersion(#[from] NoSuiteVersion),
    /// The version is newer than the suites.
    #[error("{0} is still to come: these suites have version {latest}", latest = SuiteVersion::LATEST)]
    ToCome(String),
}

impl SuiteVersion {
    /// The version of every case that names none.
    pub const FIRST: Self = Self::new(0, 1, 0);

    /// The version of a case that is added now.
    pub const LATEST: Self = Self::new(0, 3, 0);

    /// From this version on, reads whose body broke off are judged.
    pub(crate) const BROKEN_OFF: Self = Self::new(0, 3, 0);

    const fn new(major: u32, minor: u32, patch: u32) -> Self {
        Self {
            major,
            minor,
            patch,
        }
    }

    /// Parses the version of `--as-of`: `0.1` stands for the last of all 0.1 versions.
    ///
    /// # Errors
    /// When the text is neither two nor three numbers, or a version that is still to come.
    pub fn as_of(text: &str) -> Result<Self, NotAsOf> {
        let wrong = || NoSuiteVersion(text.to_owned());
        let version = match numbers(text).ok_or_else(wrong)?.as_slice() {
            [major, minor] => Self::new(*major, *minor, u32::MAX),
            [major, minor, patch] => Self::new(*major, *minor, *patch),
            _ => return Err(wrong().into()),
        };
        let (latest, given) = (Self::LATEST, (version.major, version.minor));
        match given > (latest.major, latest.minor) {
            true => Err(NotAsOf::ToCome(text.to_owned())),
            false => Ok(version),
        }
    }
}

/// Numbers without signs, separated by dots.
fn numbers(text: &str) -> Option<Vec<u32>> {
    text.split('.')
        .map(|part| {
            let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| part.parse().ok()).flatten()
        })
        .collect()
}

impl FromStr for SuiteVersion {
    type Err = NoSuiteVersion;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match numbers(text).as_deref() {
            Some([major, minor, patch]) => Ok(Self::new(*major, *minor, *patch)),
            _ => Err(NoSuiteVersion(text.to_owned())),
        }
    }
}

impl fmt::Display for SuiteVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.patch == u32::MAX {
            return write!(f, "{}.{}", self.major, self.minor);
        }
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

impl Serialize for SuiteVersion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for SuiteVersion {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(VersionVisitor)
    }
}

struct VersionVisitor;

impl Visitor<'_> for VersionVisitor {
    type Value = SuiteVersion;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a version of the suites: three numbers with dots between, such as 0.2.0")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<SuiteVersion, E> {
        text.parse()
            .map_err(|_| E::invalid_value(Unexpected::Str(text), &self))
    }
}

#[cfg(test)]
mod schema {
    use std::borrow::Cow;

    use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

    use super::SuiteVersion;

    impl JsonSchema for SuiteVersion {
        fn schema_name() -> Cow<'static, str> {
            "SuiteVersion".into()
        }

        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            json_schema!({
                "description": "A version of the suites: `0.2.0`.",
                "type": "string",
                "pattern": r"^[0-9]{1,9}\.[0-9]{1,9}\.[0-9]{1,9}$",
            })
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn version(text: &str) -> SuiteVersion {
        text.parse().unwrap()
    }

    #[test]
    fn versions_are_ordered_by_their_numbers() {
        assert!(version("0.9.0") < version("0.10.0"));
        assert!(version("0.10.1") < version("1.0.0"));
        assert_eq!(version("0.1.0"), SuiteVersion::FIRST);
        assert_eq!(version("0.2.0").to_string(), "0.2.0");
    }

    #[test]
    fn two_numbers_name_the_last_of_their_versions() {
        let as_of = SuiteVersion::as_of("0.1").unwrap();
        assert!(version("0.1.9") < as_of && as_of < version("0.2.0"));
        assert_eq!(as_of.to_string(), "0.1");
        assert_eq!(SuiteVersion::as_of("0.1.0").unwrap(), version("0.1.0"));
    }

    #[test]
    fn an_invalid_version_is_refused() {
        for text in [
            "",
            "1",
            "0.1.",
            "0.1.x",
            "+0.1.0",
            "0.1.0.0",
            "0.1.99999999999",
        ] {
            assert!(text.parse::<SuiteVersion>().is_err(), "{text}");
            assert!(SuiteVersion::as_of(text).is_err(), "{text}");
        }
        assert!("0.1".parse::<SuiteVersion>().is_err());
        assert!(matches!(
            SuiteVersion::as_of("9.9"),
            Err(NotAsOf::ToCome(_))
        ));
    }
}
