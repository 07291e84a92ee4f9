//! What `assay spec diff` prints: for people, and as JSON.

use std::fmt;
use std::path::Path;

use serde::Serialize;

use super::advice::advice;
use super::words::{marked, shortened};
use crate::catalogue::{Difference, Drift, Earlier, Passage, Requirement, Version, keywords};

/// How a text differs from the catalogue or from the text before it, as `--format json` prints it.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Report {
    /// The version of this format.
    pub schema: String,
    /// The file.
    pub file: String,
    /// The file with the text before it; none if the text is compared with the catalogue.
    pub from: Option<String>,
    /// The version of the specification whose requirements are named.
    pub version: String,
    /// The URL of the text that the catalogue has of this version.
    pub text: String,
    /// The differences, in the order of the text.
    pub differences: Vec<Line>,
}

/// One difference.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Line {
    /// What happened to the sentence.
    pub kind: LineKind,
    /// The line of the text, from 1; for a removed sentence the line of the sentence before it.
    pub line: Option<usize>,
    /// The anchor of the section.
    pub section: String,
    /// The section that the sentence was in, or the new name of the section, if it differs.
    pub other_section: Option<String>,
    /// The sentence as it is in the text; none if it was removed.
    pub sentence: Option<String>,
    /// The sentence as it was; none if it is new or only the catalogue has it.
    pub old_sentence: Option<String>,
    /// The fingerprint of the sentence in the text.
    pub fingerprint: Option<String>,
    /// The fingerprint of the sentence before.
    pub old_fingerprint: Option<String>,
    /// The keywords of the sentence (RFC 2119); none if it was removed.
    pub keywords: Option<Vec<String>>,
    /// The keywords of the sentence before; none if it is new or the catalogue does not know them.
    pub old_keywords: Option<Vec<String>>,
    /// The requirements that it touches.
    pub requirements: Vec<Touched>,
    /// What to do about it.
    pub advice: String,
}

/// What happened to a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum LineKind {
    /// It replaces a similar one.
    Changed,
    /// It is in another section.
    Moved,
    /// It replaces none.
    New,
    /// No sentence replaces it.
    Removed,
    /// Its whole section was removed or renamed.
    Section,
}

/// A requirement that a difference touches.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Touched {
    /// Its id.
    pub id: String,
    /// How the difference touches it.
    pub how: How,
    /// Its level in the version.
    pub level: Option<String>,
    /// What it demands.
    pub says: String,
    /// Where it stands in the catalogue: file and line.
    pub span: String,
    /// The cases that test it.
    pub cases: Vec<String>,
}

/// How a difference touches a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// It cites the sentence that changed.
    Affected,
    /// It cites the sentence as it is in the text.
    CitesNew,
    /// It cites neither, and is about something similar.
    Similar,
}

/// A comparison to report.
pub(super) struct Compared<'r, 'a> {
    pub file: &'r Path,
    pub from: Option<&'r Path>,
    pub drift: &'r Drift<'a>,
    /// The cases that test a requirement.
    pub tested_by: &'r dyn Fn(&str) -> Vec<String>,
}

impl Report {
    pub(super) fn of(compared: &Compared<'_, '_>) -> Self {
        let version = compared.drift.version;
        let lines = compared.drift.differences.iter();
        Self {
            schema: "2".to_owned(),
            file: compared.file.display().to_string(),
            from: compared.from.map(|from| from.display().to_string()),
            version: version.to_string(),
            text: version.text_url(),
            differences: lines.map(|one| compared.line(one)).collect(),
        }
    }
}

impl Compared<'_, '_> {
    fn line(&self, difference: &Difference<'_>) -> Line {
        let line = match difference {
            Difference::Changed { passage, old, .. } => {
                Line::of_old(old).with(LineKind::Changed, passage)
            }
            Difference::Moved { passage, old, .. } => Line {
                other_section: Some(old.citation.section.clone()),
                ..Line::of_old(old).with(LineKind::Moved, passage)
            },
            Difference::New { passage, .. } => Line::empty().with(LineKind::New, passage),
            Difference::Removed { old, after, .. } => Line {
                line: *after,
                ..Line::of_old(old)
            },
            Difference::Section {
                section, renamed, ..
            } => Line {
                kind: LineKind::Section,
                section: section.clone(),
                other_section: renamed.clone(),
                ..Line::empty()
            },
        };
        Line {
            requirements: self.requirements(difference),
            advice: advice(difference),
            ..line
        }
    }

    fn requirements(&self, difference: &Difference<'_>) -> Vec<Touched> {
        let (affected, cited_by, near) = match difference {
            Difference::Changed {
                requirements,
                cited_by,
                ..
            } => (requirements.as_slice(), cited_by.as_slice(), None),
            Difference::New { cited_by, near, .. } => (&[][..], cited_by.as_slice(), *near),
            Difference::Moved { requirements, .. }
            | Difference::Removed { requirements, .. }
            | Difference::Section { requirements, .. } => (requirements.as_slice(), &[][..], None),
        };
        let mut touched = self.touched(affected, How::Affected);
        touched.extend(self.touched(cited_by, How::CitesNew));
        touched.extend(self.touched(near.as_slice(), How::Similar));
        touched
    }

    fn touched(&self, requirements: &[&Requirement], how: How) -> Vec<Touched> {
        let version = self.drift.version;
        let one = |one: &&Requirement| Touched::of(one, how, version, self.tested_by);
        requirements.iter().map(one).collect()
    }
}

impl Line {
    fn empty() -> Self {
        Self {
            kind: LineKind::Removed,
            line: None,
            section: String::new(),
            other_section: None,
            sentence: None,
            old_sentence: None,
            fingerprint: None,
            old_fingerprint: None,
            keywords: None,
            old_keywords: None,
            requirements: Vec::new(),
            advice: String::new(),
        }
    }

    fn of_old(old: &Earlier) -> Self {
        Self {
            section: old.citation.section.clone(),
            old_sentence: old.words.as_deref().map(shortened),
            old_fingerprint: Some(old.citation.fingerprint.clone()),
            old_keywords: old.keywords.clone(),
            ..Self::empty()
        }
    }

    fn with(self, kind: LineKind, passage: &Passage) -> Self {
        Self {
            kind,
            line: Some(passage.line),
            section: passage.section.clone(),
            sentence: Some(shortened(&passage.words)),
            fingerprint: Some(passage.fingerprint.clone()),
            keywords: Some(keywords(&passage.words)),
            ..self
        }
    }

    /// The keywords, and how they changed.
    fn level(&self) -> Option<String> {
        let shown = |keywords: &Vec<String>| match keywords.is_empty() {
            true => "no keyword".to_owned(),
            false => keywords.join(", "),
        };
        match (&self.old_keywords, &self.keywords) {
            (Some(old), Some(new)) if old != new => {
                Some(format!("{} → {}", shown(old), shown(new)))
            }
            (_, Some(one)) | (Some(one), None) => Some(shown(one)),
            (None, None) => None,
        }
    }
}

impl Touched {
    fn of(
        requirement: &Requirement,
        how: How,
        version: Version,
        tested_by: &dyn Fn(&str) -> Vec<String>,
    ) -> Self {
        let span = &requirement.span;
        Self {
            id: requirement.id.clone(),
            how,
            level: requirement.level(version).map(|level| level.to_string()),
            says: requirement.says.clone(),
            span: format!("{}:{}", span.file(), span.line()),
            cases: tested_by(&requirement.id),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            version,
            text,
            ..
        } = self;
        let from = match &self.from {
            Some(from) => format!("{from} (requirements of {version})"),
            None => format!("the catalogue of {version}"),
        };
        match self.differences.len() {
            0 => return writeln!(f, "{file}: no difference from {from}"),
            1 => writeln!(f, "{file}: 1 difference from {from}")?,
            count => writeln!(f, "{file}: {count} differences from {from}")?,
        }
        for line in &self.differences {
            write!(f, "\n{line}")?;
        }
        let unknown = |line: &Line| line.old_fingerprint.is_some() && line.old_sentence.is_none();
        if self.differences.iter().any(unknown) {
            writeln!(
                f,
                "\nThe catalogue has fingerprints instead of words: `--from FILE` shows the old words too. Its text of {version}: {text}"
            )?;
        }
        Ok(())
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            LineKind::Changed => "changed",
            LineKind::Moved => "moved",
            LineKind::New => "new",
            LineKind::Removed => "removed",
            LineKind::Section if self.other_section.is_some() => "section renamed",
            LineKind::Section => "section removed",
        };
        write!(f, "{what}: ")?;
        match (self.kind, self.line) {
            (LineKind::Removed, Some(line)) => write!(f, "after line {line}, ")?,
            (_, Some(line)) => write!(f, "line {line}, ")?,
            (_, None) => {}
        }
        write!(f, "#{}", self.section)?;
        match (self.kind, &self.other_section) {
            (LineKind::Section, Some(new)) => write!(f, " → #{new}")?,
            (_, Some(old)) => write!(f, ", from #{old}")?,
            (_, None) => {}
        }
        match self.level() {
            Some(level) => writeln!(f, ": {level}")?,
            None => writeln!(f)?,
        }
        match (&self.old_sentence, &self.sentence) {
            (Some(old), Some(new)) => writeln!(f, "  {}", marked(old, new))?,
            (None, Some(one)) | (Some(one), None) => writeln!(f, "  {one}")?,
            (None, None) => {}
        }
        self.requirements
            .iter()
            .try_for_each(|one| write!(f, "{one}"))?;
        writeln!(f, "  what to do: {}", self.advice)
    }
}

impl fmt::Display for Touched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = match self.how {
            How::Affected => "affects",
            How::CitesNew => "cited by",
            How::Similar => "similar to",
        };
        let level = self.level.as_deref().unwrap_or("not demanded");
        writeln!(f, "  {how} {} ({level}, {})", self.id, self.span)?;
        writeln!(f, "    {}", self.says)?;
        match self.cases.is_empty() {
            true => Ok(()),
            false => writeln!(f, "    tested by {}", self.cases.join(", ")),
        }
    }
}
