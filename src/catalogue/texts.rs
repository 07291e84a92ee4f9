//! The sections and passages of the specification's texts, which the catalogue may refer to.

use indexmap::IndexMap;
use serde::Deserialize;

use super::{Citation, Version};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TextsFile {
    /// For each version, its sections by anchor, each with the summaries of its passages (`Passage::summary`), separated
    /// by spaces.
    versions: IndexMap<Version, IndexMap<String, String>>,
}

impl TextsFile {
    /// True if the file does not have the text of the version.
    pub(super) fn has_section(&self, version: Version, section: &str) -> bool {
        let text = self.versions.get(&version);
        text.is_none_or(|text| text.contains_key(section))
    }

    /// The anchors of the sections of all versions.
    pub(super) fn sections(&self) -> impl Iterator<Item = &str> {
        let texts = self.versions.values();
        texts.flat_map(|text| text.keys().map(String::as_str))
    }

    /// True if the file does not have the text of the version.
    pub(super) fn has_passage(&self, version: Version, section: &str, fingerprint: &str) -> bool {
        let text = self.versions.get(&version);
        text.is_none_or(|text| lines(text, section, fingerprint).next().is_some())
    }

    /// The line of a version's text in which a passage begins, where the file has it.
    pub(super) fn line(&self, version: Version, passage: &Citation) -> Option<usize> {
        let text = self.versions.get(&version)?;
        lines(text, &passage.section, &passage.fingerprint).next()?
    }

    /// The passages of a version's text in order, each as its section and its summary; `None` if the file does not have
    /// the text.
    pub(super) fn passages(
        &self,
        version: Version,
    ) -> Option<impl Iterator<Item = (&String, &str)>> {
        let sections = self.versions.get(&version)?.iter();
        Some(sections.flat_map(|(section, passages)| {
            let passages = passages.split(' ').filter(|one| !one.is_empty());
            passages.map(move |passage| (section, passage))
        }))
    }
}

/// The lines of the passages of a section that have this fingerprint: none for a passage without its line.
fn lines<'t>(
    text: &'t IndexMap<String, String>,
    section: &str,
    fingerprint: &'t str,
) -> impl Iterator<Item = Option<usize>> + 't {
    let passages = text.get(section).into_iter();
    let passages = passages.flat_map(|passages| passages.split(' '));
    passages.filter_map(move |summary| {
        let (known, line) = mark(summary.split('/').next().unwrap_or_default());
        (known == fingerprint).then_some(line)
    })
}

/// The fingerprint, and the line, of the first part of a summary.
pub(super) fn mark(mark: &str) -> (&str, Option<usize>) {
    match mark.split_once(':') {
        Some((fingerprint, line)) => (fingerprint, line.parse().ok()),
        None => (mark, None),
    }
}
