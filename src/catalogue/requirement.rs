use std::collections::BTreeMap;

use super::by_version::EachVersion;
use super::format::Basis;
use super::{Category, Citation, Level, Party, Version};
use crate::data::SourceSpan;

/// An obligation or a permission of the specification.
#[derive(Debug)]
pub struct Requirement {
    /// Never changes: reports, baselines and suites name the requirement by it.
    pub id: String,
    pub category: Category,
    pub party: Party,
    /// What must hold, in one sentence that is not the specification's.
    pub says: String,
    /// Why it has its level, if the text has no keyword or leaves something open.
    pub why: Option<String>,
    /// The RFC and its section, if HTTP or another RFC demands it.
    pub rfc: Option<String>,
    /// Why no HTTP client can see whether a registry conforms to it.
    pub unobservable: Option<String>,
    /// Why no case tests it, though a client could see it.
    pub untested: Option<String>,
    /// Why the bundled registry has no fault that violates it.
    pub unfaulted: Option<String>,
    /// The feature that it belongs to, if a registry may decline that.
    pub feature: Option<String>,
    /// The requirements without which it has no meaning.
    pub presumes: Vec<String>,
    pub span: SourceSpan,
    /// The URL of the text that it comes from, if that is not the specification.
    pub(super) source: Option<String>,
    pub(super) level: EachVersion<Level>,
    pub(super) basis: Option<EachVersion<Basis>>,
    pub(super) section: EachVersion<String>,
    pub(super) text: BTreeMap<Version, Vec<Citation>>,
    /// The line of its first passage in the text of each version that has one.
    pub(super) line: BTreeMap<Version, usize>,
}

impl Requirement {
    /// How strongly a version demands it; `None` if it does not.
    pub fn level(&self, version: Version) -> Option<Level> {
        self.level.get(version).copied()
    }

    /// What its level rests on in a version; `None` if the catalogue does not say, or the version does not demand it.
    pub fn basis(&self, version: Version) -> Option<Basis> {
        self.level(version)?;
        self.basis.as_ref()?.get(version).copied()
    }

    /// The anchor of its section in a version; empty if it has none there.
    pub fn section(&self, version: Version) -> &str {
        self.section.get(version).map_or("", String::as_str)
    }

    /// The URL of its section in a version of the specification, or in the other text that it comes from.
    pub fn section_link(&self, version: Version) -> String {
        match &self.source {
            Some(_) => self.link(version),
            None => version.link(self.section(version)),
        }
    }

    /// The URL of the sentence that it comes from, or else of its section, in a version of the specification or in the other
    /// text that it comes from.
    pub fn link(&self, version: Version) -> String {
        let section = self.section(version);
        match (&self.source, self.line.get(&version)) {
            (Some(source), _) => format!("{source}#{section}"),
            (None, Some(line)) => version.link_to_line(*line),
            (None, None) => version.link(section),
        }
    }

    /// The passages that it comes from in a version's text.
    pub fn text(&self, version: Version) -> &[Citation] {
        self.text.get(&version).map_or(&[], Vec::as_slice)
    }

    pub(super) fn is_of_specification(&self) -> bool {
        self.source.is_none()
    }

    /// Whether a case must test it: the version binds the registry to it, and an HTTP client can see whether the registry
    /// conforms.
    pub fn is_testable(&self, version: Version) -> bool {
        self.party == Party::Registry
            && self.unobservable.is_none()
            && self.level(version).is_some_and(|level| level != Level::May)
    }
}
