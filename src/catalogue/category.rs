//! The categories of the specification, and those of cases beside them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A category of the specification (section "Requirements"), in its order there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Category {
    /// Manifests and blobs are served.
    Pull,
    /// Blobs and manifests are accepted.
    Push,
    /// Tags and referrers are listed.
    Discovery,
    /// Tags, manifests and blobs are deleted.
    Management,
    /// What holds for every answer: error bodies, warnings, the base endpoint.
    Everywhere,
    /// The Docker Registry HTTP API V2 that the specification came from: run only where asked for.
    #[serde(rename = "docker-v2")]
    DockerV2,
    /// The specification's extensions: run only where asked for.
    Extensions,
    /// What HTTP and the image specification demand of a client.
    Clients,
}

impl Category {
    /// The categories that a verdict is about, in the order of the specification.
    pub const ALL: [Self; 5] = [
        Self::Pull,
        Self::Push,
        Self::Discovery,
        Self::Management,
        Self::Everywhere,
    ];

    /// The categories that run only if they are named.
    pub const EXTRA: [Self; 3] = [Self::DockerV2, Self::Extensions, Self::Clients];

    /// Every category that can be named.
    pub fn every() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().chain(Self::EXTRA)
    }

    /// Whether it runs only if it is named.
    pub fn is_extra(self) -> bool {
        Self::EXTRA.contains(&self)
    }

    /// The name used in options, folders and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pull => "pull",
            Self::Push => "push",
            Self::Discovery => "discovery",
            Self::Management => "management",
            Self::Everywhere => "everywhere",
            Self::DockerV2 => "docker-v2",
            Self::Extensions => "extensions",
            Self::Clients => "clients",
        }
    }

    /// The name for a person.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Pull => "Pull",
            Self::Push => "Push",
            Self::Discovery => "Content discovery",
            Self::Management => "Content management",
            Self::Everywhere => "All responses",
            Self::DockerV2 => "Docker V2 legacy",
            Self::Extensions => "Extensions",
            Self::Clients => "HTTP and image specification",
        }
    }

    /// Whether `assay run` tests it: what clients must do is tested by `assay client run`.
    pub fn is_of_registry(self) -> bool {
        self != Self::Clients
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::every().find(|category| category.name() == name)
    }
}

impl Category {
    /// The names of all categories, for the help of an option.
    pub(crate) fn choices() -> String {
        let known: Vec<&str> = Self::every().map(Self::name).collect();
        known.join(", ")
    }

    /// The names of the categories that `assay run` tests.
    pub(crate) fn choices_of_registry() -> String {
        let known = Self::every().filter(|one| one.is_of_registry());
        known.map(Self::name).collect::<Vec<_>>().join(", ")
    }

    /// Parses the name of a category that `assay run` tests.
    ///
    /// # Errors
    /// A sentence with the known names.
    pub fn parse_of_registry(name: &str) -> Result<Self, String> {
        let known = Self::choices_of_registry();
        match Self::from_name(name) {
            Some(category) if category.is_of_registry() => Ok(category),
            Some(category) => Err(format!(
                "`assay client run` tests the category {category}: use {known}"
            )),
            None => Err(format!("there is no such category: use {known}")),
        }
    }

    /// Parses the name that a user gives.
    ///
    /// # Errors
    /// A sentence with the known names.
    pub fn parse(name: &str) -> Result<Self, String> {
        Self::from_name(name)
            .ok_or_else(|| format!("there is no such category: use {}", Self::choices()))
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
