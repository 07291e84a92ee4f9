//! A baseline read from its file.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use time::Date;

use super::names::KnownNames;
use crate::data::{Diagnostic, Diagnostics, File, load, parse_date, read_bounded};
use crate::record::{Run, is_bad};
use crate::report::{self, ReadError};

/// The largest baseline that is read, in bytes.
const LARGEST: u64 = 4 * 1024 * 1024;

/// A file of known failures.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BaselineFile {
    /// What is known to fail.
    #[serde(default)]
    pub known: Vec<EntryFile>,
}

/// A known failure.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct EntryFile {
    /// A case (with its values or without: `chunk-order`, `chunk-order/sha512`), or a requirement: then every case
    /// that violates no other is known.
    pub id: String,
    /// For a case: the requirements that it is known to violate. Violating another one is a new failure. Without
    /// it, the case may violate any requirement, or have no verdict.
    #[serde(default, skip_serializing_if = "Vec::is_empty", alias = "breaks")]
    pub violates: Vec<String>,
    /// Why, and where it is followed up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The last day on which it is expected, as 2027-01-31: from the next on, it fails the run again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(regex(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")))]
    pub expires: Option<String>,
    /// Whether it comes and goes: then it may pass as well.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub flaky: bool,
}

/// A known failure, its date read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// A case or a requirement.
    pub id: String,
    /// The requirements that the case may violate; empty allows any.
    pub violates: Vec<String>,
    /// Why.
    pub reason: String,
    /// The last day on which it is expected.
    pub expires: Option<Date>,
    /// Whether it comes and goes.
    pub flaky: bool,
}

/// What a registry is known to fail.
#[derive(Debug, Clone)]
pub struct Baseline {
    /// The file, as the user named it.
    pub name: String,
    /// The entries in order.
    pub entries: Vec<Entry>,
    /// What an entry can name; `None` where only a run tells.
    pub(super) names: Option<KnownNames>,
    /// For a YAML file: its text, and the line (from 1) that each entry starts in.
    pub(super) text: Option<(String, Vec<usize>)>,
}

/// A baseline that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// The file cannot be read.
    #[error("cannot read the baseline {}: {reason}. `assay baseline new` writes one from a report.json", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// It is a report, and cannot be read.
    #[error(transparent)]
    Report(#[from] ReadError),
    /// It is not valid: each diagnostic has its place.
    #[error("the baseline is not valid")]
    Diagnostics(Diagnostics),
}

impl Baseline {
    /// Reads a baseline: a YAML file of entries, or the report.json of a run, all of whose failures are known.
    ///
    /// # Errors
    /// When the file cannot be read, or is neither.
    pub fn read(path: &Path) -> Result<Self, BaselineError> {
        let name = path.display().to_string();
        let open = |reason: String| BaselineError::Open {
            path: path.to_path_buf(),
            reason,
        };
        let is_json = path.extension().is_some_and(|end| end == "json");
        if is_json {
            return Ok(Self::of(name, &report::read(path)?));
        }
        let text = read_bounded(path, LARGEST).map_err(|e| open(e.to_string()))?;
        Self::parse(&name, &text).map_err(BaselineError::Diagnostics)
    }

    /// Every failure of a run, known.
    pub fn of(name: String, run: &Run) -> Self {
        let entries = run.cases.iter().filter(|case| is_bad(case.verdict));
        Self {
            name,
            entries: entries
                .map(|case| Entry {
                    id: case.id.clone(),
                    violates: case.violated(),
                    reason: String::new(),
                    expires: None,
                    flaky: false,
                })
                .collect(),
            names: None,
            text: None,
        }
    }

    /// The same, its entries compared with all names, also those that a run leaves out.
    pub fn with_names(self, names: KnownNames) -> Self {
        Self {
            names: Some(names),
            ..self
        }
    }

    /// Reads the text of a YAML file.
    ///
    /// # Errors
    /// All mistakes, each with its place.
    pub fn parse(name: &str, text: &str) -> Result<Self, Diagnostics> {
        let file = File::new(name, text);
        let mut diagnostics = Diagnostics::default();
        let Some(loaded) = diagnostics.take(load::<BaselineFile>(&file)) else {
            return Err(diagnostics);
        };
        let (mut entries, mut lines): (Vec<Entry>, Vec<usize>) = (Vec::new(), Vec::new());
        for (index, entry) in loaded.value.known.into_iter().enumerate() {
            let span = loaded.span.at("known").at(index);
            lines.push(span.line());
            if entries.iter().any(|known| known.id == entry.id) {
                let message = format!("`{}` is here a second time", entry.id);
                let diagnostic: Diagnostic = span.at("id").diagnostic(message);
                diagnostics
                    .list
                    .push(diagnostic.help("an id has one entry"));
            }
            let expires = entry.expires.as_deref().map(parse_date);
            if expires == Some(None) {
                let diagnostic = span.at("expires").diagnostic("there is no such day");
                let help = "write the last day as 2027-01-31";
                diagnostics.list.push(diagnostic.help(help));
            }
            entries.push(Entry {
                id: entry.id,
                violates: entry.violates,
                reason: entry.reason.unwrap_or_default(),
                expires: expires.flatten(),
                flaky: entry.flaky,
            });
        }
        diagnostics.or(Self {
            name: name.to_owned(),
            entries,
            names: None,
            text: Some((text.to_owned(), lines)),
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn wrong(text: &str) -> String {
        let diagnostics = Baseline::parse("b.yaml", text).unwrap_err();
        let messages: Vec<&str> = diagnostics.list.iter().map(Diagnostic::message).collect();
        messages.join("; ")
    }

    #[test]
    fn entries_are_read_with_their_lines() {
        let text = "# ours\nknown:\n  - id: a\n  # why\n  - id: b/sha512\n    breaks: [r]\n    reason: quay#6388\n    expires: 2027-01-31\n    flaky: true\n";
        let baseline = Baseline::parse("b.yaml", text).unwrap();
        assert_eq!(baseline.text.unwrap().1, [3, 5]);
        let last = baseline.entries.last().unwrap();
        assert_eq!((last.id.as_str(), last.flaky), ("b/sha512", true));
        let day = Date::from_calendar_date(2027, time::Month::January, 31);
        assert_eq!(last.expires, day.ok());
        assert!(Baseline::parse("b.yaml", "").unwrap().entries.is_empty());
    }

    #[test]
    fn mistakes_are_named() {
        assert!(
            wrong("known:\n  - id: a\n    expire: 2027-01-31\n").contains("unknown key `expire`")
        );
        assert!(wrong("known:\n  - id: a\n    expires: 2027-02-30\n").contains("no such day"));
        assert!(wrong("known:\n  - id: a\n  - id: a\n").contains("a second time"));
        assert!(wrong("known:\n  - reason: x\n").contains("`id` is missing"));
        assert!(wrong("known: [").contains("not YAML"));
    }
}
