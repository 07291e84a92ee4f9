//! What `assay spec diff` prints: for people, and as JSON.

use std::fmt;
use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;

use crate::catalogue::{Difference, Drift, Passage, Requirement};

/// How much of a sentence is shown, in characters.
const SHOWN: usize = 100;

/// How a text differs from the catalogue, as `--format json` prints it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Report {
    /// The version of this format.
    pub schema: String,
    /// The file.
    pub file: String,
    /// The version of the specification that the text is nearest to.
    pub version: String,
    /// What differs, in the order of the text.
    pub differences: Vec<Line>,
}

/// One difference.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Line {
    /// What is different.
    pub kind: LineKind,
    /// The line of the text, from 1; none for what is gone.
    pub line: Option<usize>,
    /// The anchor of the section.
    pub section: String,
    /// The passage as it is in the text, shortened; none for what is gone.
    pub sentence: Option<String>,
    /// How the catalogue would name the passage; for what is gone, how it does.
    pub fingerprint: Option<String>,
    /// The requirements that it touches.
    pub requirements: Vec<Touched>,
    /// What to do about it.
    pub advice: String,
}

/// What is different about a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LineKind {
    /// It took the place of one that is catalogued.
    Changed,
    /// Nobody catalogued it.
    New,
    /// It is catalogued, and gone.
    Gone,
    /// Its whole section is gone.
    Section,
}

/// A requirement that a difference touches.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Touched {
    /// Its id.
    pub id: String,
    /// What it says.
    pub says: String,
    /// Where it stands in the catalogue: file and line.
    pub span: String,
    /// The cases that test it.
    pub cases: Vec<String>,
}

impl Report {
    pub(super) fn of(
        file: &Path,
        drift: &Drift<'_>,
        tested_by: &dyn Fn(&str) -> Vec<String>,
    ) -> Self {
        let lines = drift.differences.iter();
        Self {
            schema: "1".to_owned(),
            file: file.display().to_string(),
            version: drift.version.to_string(),
            differences: lines.map(|one| Line::of(one, drift, tested_by)).collect(),
        }
    }
}

impl Line {
    fn of(
        difference: &Difference<'_>,
        drift: &Drift<'_>,
        tested_by: &dyn Fn(&str) -> Vec<String>,
    ) -> Self {
        let touched =
            |list: &[&Requirement]| list.iter().map(|one| Touched::of(one, tested_by)).collect();
        let passage = |kind, passage: &Passage, requirements, advice| Self {
            kind,
            line: Some(passage.line),
            section: passage.section.clone(),
            sentence: Some(shortened(&passage.words)),
            fingerprint: Some(passage.fingerprint.clone()),
            requirements,
            advice,
        };
        match difference {
            Difference::Changed { passage: now, removed: was, requirements } => passage(
                LineKind::Changed,
                now,
                touched(requirements),
                format!(
                    "check that the requirements and their cases still match the sentence, then replace {1} with {0}",
                    now.fingerprint, was.fingerprint
                ),
            ),
            Difference::New { passage: now, near } => passage(
                LineKind::New,
                now,
                touched(near.as_slice()),
                format!(
                    "add a requirement with {}, or, if the sentence is not an obligation, add it to not-obligations.yaml with the reason",
                    now.fingerprint
                ),
            ),
            Difference::Gone { removed: was, requirements } => Self {
                kind: LineKind::Gone,
                line: None,
                section: section_of(requirements, drift),
                sentence: None,
                fingerprint: Some(was.fingerprint.clone()),
                requirements: touched(requirements),
                advice: "if the specification no longer demands this, remove the version from the level and the text of the requirements".to_owned(),
            },
            Difference::Section { section, requirements } => Self {
                kind: LineKind::Section,
                line: None,
                section: section.clone(),
                sentence: None,
                fingerprint: None,
                requirements: touched(requirements),
                advice: "name the new section in the requirements".to_owned(),
            },
        }
    }
}

fn section_of(requirements: &[&Requirement], drift: &Drift<'_>) -> String {
    let first = requirements.first();
    first.map_or_else(String::new, |one| one.section(drift.version).to_owned())
}

impl Touched {
    fn of(requirement: &Requirement, tested_by: &dyn Fn(&str) -> Vec<String>) -> Self {
        let span = &requirement.span;
        Self {
            id: requirement.id.clone(),
            says: requirement.says.clone(),
            span: format!("{}:{}", span.file(), span.line()),
            cases: tested_by(&requirement.id),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.differences.len();
        let Self { file, version, .. } = self;
        match count {
            0 => return writeln!(f, "{file}: no difference from the catalogue of {version}"),
            1 => writeln!(f, "{file}: 1 difference from the catalogue of {version}")?,
            _ => writeln!(
                f,
                "{file}: {count} differences from the catalogue of {version}"
            )?,
        }
        self.differences
            .iter()
            .try_for_each(|line| write!(f, "\n{line}"))
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            LineKind::Changed => "changed",
            LineKind::New => "new",
            LineKind::Gone => "gone",
            LineKind::Section => "section gone",
        };
        let at = self
            .line
            .map_or_else(String::new, |line| format!("line {line}, "));
        writeln!(f, "{what}: {at}#{}", self.section)?;
        if let Some(sentence) = &self.sentence {
            writeln!(f, "  {sentence}")?;
        }
        let near = if self.kind == LineKind::New {
            "similar to"
        } else {
            "affects"
        };
        for touched in &self.requirements {
            writeln!(f, "  {near} {} ({})", touched.id, touched.span)?;
            writeln!(f, "    {}", touched.says)?;
            if !touched.cases.is_empty() {
                writeln!(f, "    tested by {}", touched.cases.join(", "))?;
            }
        }
        writeln!(f, "  what to do: {}", self.advice)
    }
}

/// The start of a passage, without control characters.
fn shortened(words: &str) -> String {
    let mut shown: String = words
        .chars()
        .map(|char| if char.is_control() { '\u{fffd}' } else { char })
        .take(SHOWN)
        .collect();
    if words.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_sentence_is_cut() {
        assert_eq!(shortened("short"), "short");
        assert_eq!(shortened(&"é".repeat(300)).chars().count(), SHOWN + 1);
    }
}
