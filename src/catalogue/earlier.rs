//! The earlier text that a new text is compared with: the user's file, or what the catalogue keeps of it.

use super::text::{Sketch, keywords, resemblance};
use super::texts::mark;
use super::{Catalogue, Citation, Passage, Text, Version};

/// A passage of the earlier text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// Where the catalogue finds it.
    pub citation: Citation,
    /// Its keywords (RFC 2119), in order; `None` if the catalogue does not know them.
    pub keywords: Option<Vec<String>>,
    /// Its words; the catalogue does not have them.
    pub words: Option<String>,
    sketch: Option<Sketch>,
}

impl Earlier {
    /// The passages of a text.
    pub(super) fn of_text(text: &Text) -> Vec<Self> {
        let passage = |passage: &Passage| Self {
            citation: Citation {
                fingerprint: passage.fingerprint.clone(),
                section: passage.section.clone(),
            },
            keywords: Some(keywords(&passage.words)),
            words: Some(passage.words.clone()),
            sketch: None,
        };
        text.passages.iter().map(passage).collect()
    }

    /// The passages of a version's text as the catalogue knows them: if it does not have the text, only those that
    /// requirements cite.
    pub(super) fn of_version(catalogue: &Catalogue, version: Version) -> Vec<Self> {
        if let Some(passages) = catalogue.texts.passages(version) {
            return passages
                .map(|(section, summary)| Self::of_summary(section, summary))
                .collect();
        }
        let mut cited: Vec<Self> = Vec::new();
        for citation in catalogue.iter().flat_map(|one| one.text(version)) {
            if !cited.iter().any(|one| one.citation == *citation) {
                cited.push(Self::of_summary(&citation.section, &citation.fingerprint));
            }
        }
        cited
    }

    /// Reads what `Passage::summary` writes, or a fingerprint alone.
    fn of_summary(section: &str, summary: &str) -> Self {
        let mut parts = summary.split('/');
        let (fingerprint, _) = mark(parts.next().unwrap_or_default());
        let sketch = parts.next().and_then(Sketch::parse);
        let keywords = parts.map(|keyword| keyword.replace('-', " ")).collect();
        Self {
            citation: Citation {
                fingerprint: fingerprint.to_owned(),
                section: section.to_owned(),
            },
            keywords: sketch.is_some().then_some(keywords),
            words: None,
            sketch,
        }
    }

    /// The share of words that it has in common with a passage, from 0 to 1: an estimate without its words, 0 if the
    /// catalogue knows only its fingerprint.
    pub(super) fn resemblance(&self, passage: &Passage) -> f64 {
        match (&self.words, &self.sketch) {
            (Some(words), _) => resemblance(words, &passage.words),
            (None, Some(sketch)) => sketch.resemblance(&Sketch::of(&passage.words)),
            (None, None) => 0.0,
        }
    }
}
