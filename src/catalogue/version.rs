//! The versions of the specification that a registry can be tested for.

use std::fmt;
use std::str::FromStr;

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A version of the Distribution Specification. Versions are ordered from the oldest to the draft.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(&'static Row);

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Row {
    /// Its position among the versions: a later version has a higher one.
    order: u8,
    id: &'static str,
    title: &'static str,
    /// The tag or the commit of its text in the repository of the specification.
    revision: &'static str,
    /// The name of the version before it, from which it inherits the requirements that the catalogue does not change.
    before: Option<&'static str>,
}

/// A new version needs a row here, a constant and an element of [`Version::ALL`] below. Its requirements are in the
/// catalogue.
const TABLE: [Row; 3] = [
    Row {
        order: 10,
        id: "1.0",
        title: "The released 1.0 (its text: 1.0.1).",
        revision: "v1.0.1",
        before: None,
    },
    Row {
        order: 11,
        id: "1.1",
        title: "The released 1.1 (its text: 1.1.1).",
        revision: "v1.1.1",
        before: Some("1.0"),
    },
    Row {
        order: u8::MAX,
        id: "dev",
        title: "The draft after 1.1 (its text: commit 967efdc).",
        revision: "967efdc079b91785ad18c77cc4f8991a47feefbf",
        before: Some("1.1"),
    },
];

#[derive(Debug, Clone, thiserror::Error)]
#[error("`{0}` is not a version of the specification: use {known}", known = known())]
pub struct UnknownVersion(String);

impl Version {
    /// The released 1.0.
    pub const V1_0: Self = Self(&TABLE[0]);
    /// The released 1.1.
    pub const V1_1: Self = Self(&TABLE[1]);
    /// The draft.
    pub const DRAFT: Self = Self(&TABLE[2]);

    /// The newest release: what a command means unless the user says otherwise.
    pub const RELEASED: Self = Self::V1_1;

    /// Every version, oldest first.
    pub const ALL: [Self; 3] = [Self::V1_0, Self::V1_1, Self::DRAFT];

    /// The name used in options, suites and reports.
    pub const fn name(self) -> &'static str {
        self.0.id
    }

    /// The version and those that it inherits from, newest first.
    pub fn lineage(self) -> impl Iterator<Item = Self> {
        std::iter::successors(Some(self), |version| version.0.before?.parse().ok())
    }

    /// Every version: the newest release first, then the others from the newest on.
    pub(crate) fn by_preference() -> Vec<Self> {
        let mut all = Self::ALL.to_vec();
        all.sort_by_key(|version| (*version != Self::RELEASED, std::cmp::Reverse(*version)));
        all
    }

    /// Whether the `Link` of a list of tags says where the next page is. Version 1.0 has no Link there: it only shows that there
    /// is another page.
    pub(crate) fn has_tag_links(self) -> bool {
        self > Self::V1_0
    }

    /// The URL of this version's text.
    pub(crate) fn text_url(self) -> String {
        let revision = self.0.revision;
        format!("https://github.com/opencontainers/distribution-spec/blob/{revision}/spec.md")
    }

    /// The URL of a section of this version's text.
    pub fn link(self, section: &str) -> String {
        format!("{}#{section}", self.text_url())
    }

    /// The URL of a line of this version's text, as it is written.
    pub(crate) fn link_to_line(self, line: usize) -> String {
        format!("{}?plain=1#L{line}", self.text_url())
    }

    /// Every version with its text, for the help of an option.
    pub(crate) fn choices() -> String {
        choice(&Self::ALL.map(Self::long_name))
    }

    /// The name, and the release or commit whose text it means.
    pub(crate) fn long_name(self) -> String {
        let text = self.0.revision.trim_start_matches('v');
        match self {
            Self::DRAFT => format!("{self} (commit {text:.7})"),
            _ => format!("{self} (text {text})"),
        }
    }
}

fn known() -> String {
    choice(&Version::ALL.map(|version| version.name().to_owned()))
}

fn choice(names: &[String]) -> String {
    match names.split_last() {
        Some((last, first)) => format!("{} or {last}", first.join(", ")),
        None => String::new(),
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Version({})", self.name())
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

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(VersionVisitor)
    }
}

struct VersionVisitor;

impl Visitor<'_> for VersionVisitor {
    type Value = Version;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a version of the specification ({})", known())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Version, E> {
        text.parse()
            .map_err(|_| E::invalid_value(Unexpected::Str(text), &self))
    }
}

#[cfg(test)]
mod schema {
    use std::borrow::Cow;

    use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
    use serde_json::json;

    use super::Version;

    impl JsonSchema for Version {
        fn schema_name() -> Cow<'static, str> {
            "Version".into()
        }

        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            let one = |version: Version| {
                json!({
                    "type": "string",
                    "const": version.name(),
                    "description": version.0.title,
                })
            };
            json_schema!({
                "oneOf": Version::ALL.map(one),
                "description": "A version of the Distribution Specification, oldest first.",
            })
        }
    }
}

#[cfg(test)]
pub(super) mod made_up {
    //! A version that does not exist, after 1.1.
    use super::{Row, Version};

    pub const NEXT: Version = Version(&Row {
        order: 12,
        id: "1.2",
        title: "A version that does not exist.",
        revision: "v1.2.0",
        before: Some("1.1"),
    });
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_version_names_the_text_that_it_means() {
        assert_eq!(
            Version::choices(),
            "1.0 (text 1.0.1), 1.1 (text 1.1.1) or dev (commit 967efdc)"
        );
        assert!(Version::V1_1.text_url().ends_with("/blob/v1.1.1/spec.md"));
    }

    #[test]
    fn the_table_is_in_order_and_each_version_follows_the_one_before() {
        assert!(Version::ALL.is_sorted());
        for (index, version) in Version::ALL.into_iter().enumerate() {
            let before = index.checked_sub(1).and_then(|one| Version::ALL.get(one));
            assert_eq!(version.0.before, before.map(|before| before.name()));
            assert_eq!(version.name().parse::<Version>().unwrap(), version);
            let json = serde_json::to_string(&version).unwrap();
            assert_eq!(serde_json::from_str::<Version>(&json).unwrap(), version);
        }
        assert_eq!(
            "2.0".parse::<Version>().unwrap_err().to_string(),
            "`2.0` is not a version of the specification: use 1.0, 1.1 or dev"
        );
    }
}
