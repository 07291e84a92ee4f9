//! A report.json read back: what was cut off, comes from another version or is hostile is refused with its place.

use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use super::{sanitize_line, upgrade};
use crate::data::read_bounded_bytes;
use crate::record::{Run, SCHEMA};

/// The largest report that is read, in bytes.
const LARGEST: u64 = 256 * 1024 * 1024;

/// A report that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file cannot be opened or read.
    #[error("cannot read {}: {source}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file is too large to be a report.
    #[error("{} is larger than {} MiB: no report is", path.display(), LARGEST / 1024 / 1024)]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// The file ends in the middle.
    #[error("{} is cut off in line {line}: take a whole copy, or run again", path.display())]
    CutOff {
        /// The file.
        path: PathBuf,
        /// Its last line.
        line: usize,
    },
    /// The file is no report.
    #[error("{}, line {line}, column {column}: {problem}; this is no report.json of assay", path.display())]
    NoReport {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What is wrong there.
        problem: String,
    },
    /// The file has version 1 of the format, and something in it is not as that version has it.
    #[error("{}: {problem}; this is no report.json of assay 0.2 or before", path.display())]
    OldReport {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// The report has another version of the format.
    #[error("{} has version {found:?} of the report format, and this assay reads \"1\" and {SCHEMA:?}: read it with the assay that wrote it, or run again", path.display())]
    OtherSchema {
        /// The file.
        path: PathBuf,
        /// The version it names.
        found: String,
    },
}

/// What every version of the format has. Its name is part of messages.
#[derive(Deserialize)]
#[serde(
    rename = "the object of a report",
    expecting = "the object of a report"
)]
struct Head {
    schema: String,
}

/// Reads a report.json of this version of the format, or of version 1 (assay 0.2 and before).
///
/// # Errors
/// When there is no such file, or it is cut off, no report, of another version, or larger than 256 MiB.
pub fn read(path: &Path) -> Result<Run, ReadError> {
    read_bytes(path, &load(path)?)
}

/// The same for the bytes of a report; `path` names it in messages.
///
/// # Errors
/// When the bytes are cut off, no report, or of another version.
pub fn read_bytes(path: &Path, bytes: &[u8]) -> Result<Run, ReadError> {
    let head: Head = parse(path, bytes)?;
    match head.schema.as_str() {
        SCHEMA => parse(path, bytes),
        upgrade::VERSION_1 => {
            let mut report: Value = parse(path, bytes)?;
            upgrade::from_1(&mut report);
            Run::deserialize(report).map_err(|error| ReadError::OldReport {
                path: path.to_path_buf(),
                problem: short(&error.to_string()),
            })
        }
        other => Err(ReadError::OtherSchema {
            path: path.to_path_buf(),
            found: other.chars().take(40).collect(),
        }),
    }
}

fn load(path: &Path) -> Result<Vec<u8>, ReadError> {
    read_bounded_bytes(path, LARGEST).map_err(|source| {
        let path = path.to_path_buf();
        match source.kind() {
            io::ErrorKind::FileTooLarge => ReadError::TooLarge { path },
            _ => ReadError::Open { path, source },
        }
    })
}

fn parse<'a, T: Deserialize<'a>>(path: &Path, bytes: &'a [u8]) -> Result<T, ReadError> {
    serde_json::from_slice(bytes).map_err(|error| {
        let path = path.to_path_buf();
        let (line, column) = (error.line(), error.column());
        if error.is_eof() {
            return ReadError::CutOff { path, line };
        }
        let message = error.to_string();
        let position = format!(" at line {line} column {column}");
        let problem = message.strip_suffix(&position).unwrap_or(&message);
        ReadError::NoReport {
            path,
            line,
            column,
            problem: short(problem),
        }
    })
}

/// As much of a message as fits a line: it may quote the file.
fn short(message: &str) -> String {
    sanitize_line(&message.chars().take(200).collect::<String>()).into_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;
    use crate::record::Stop;
    use crate::report::{Format, render, sample};

    fn read_text(text: &str) -> Result<Run, ReadError> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        read(file.path())
    }

    #[test]
    fn what_was_written_is_read() {
        let run = sample::all_states();
        assert_eq!(
            read_text(&render(&run, Format::Json).unwrap()).unwrap(),
            run
        );
    }

    #[test]
    fn a_report_that_is_cut_off_says_so() {
        let text = render(&sample::all_states(), Format::Json).unwrap();
        for part in [0, 1, text.len() / 3, text.len() / 2, text.len() - 3] {
            let error = read_text(&text[..text.floor_char_boundary(part)]).unwrap_err();
            assert!(matches!(error, ReadError::CutOff { .. }), "{part}: {error}");
        }
    }

    #[test]
    fn another_version_is_named() {
        let text = render(&sample::all_pass(), Format::Json).unwrap();
        let text = text.replacen("\"schema\": \"2\"", "\"schema\": \"7\"", 1);
        let error = read_text(&text).unwrap_err();
        assert!(error.to_string().contains("has version \"7\""), "{error}");
    }

    /// What the first report had, and nothing that came after.
    #[test]
    fn the_first_form_of_version_1_is_read() {
        let text = r#"{ "schema": "1", "tool": {"name": "assay", "version": "0.1.0"},
            "target": {"url": "http://h:1", "repo": "a/b", "repo2": "a/c"}, "spec": "1.1", "seed": 1,
            "started": "2026-01-01T00:00:00Z", "duration_ms": 5, "verdict": "non-conformant",
            "summary": {"pass": 0, "fail": 1, "warn": 0, "unsupported": 0, "blocked": 0, "error": 0, "skipped": 0},
            "requests": 1, "categories": {}, "features": {},
            "requirements": [{"id": "r", "level": "MUST", "category": "pull", "section": "s", "verdict": "fail", "cases": ["c"]}],
            "cases": [{"id": "c", "suite": "pull/s", "category": "pull", "title": "t", "verdict": "fail", "duration_ms": 1, "notes": [],
                "checks": [{"requirement": "r", "level": "MUST", "verdict": "fail", "message": "m", "expected": "e", "actual": "a", "exchange": 0}],
                "exchanges": [{"method": "GET", "url": "http://h:1/v2/", "request_headers": [], "status": 500,
                    "response_headers": [], "body": {"size": 0, "text": ""}, "duration_ms": 1, "curl": "curl"}]}] }"#;
        let run = read_text(text).unwrap();
        for format in Format::ALL {
            assert!(render(&run, *format).is_ok(), "{format}");
        }
    }

    /// A report of assay 0.2, cut small, with every key that has another name now.
    #[test]
    fn a_report_of_version_1_is_read() {
        let run = read_text(include_str!("../../tests/data/report-0.2.json")).unwrap();
        assert_eq!(run.schema, SCHEMA);
        assert!(run.partial, "a shard is a part of a run");
        let rerun = &run.rerun.as_ref().unwrap().cases[0];
        assert_eq!(rerun.id, "blob-head/sha256");
        assert_eq!(rerun.violated, ["blob-head-status"]);
        assert_eq!(run.leftovers[0].reference, "tag-1");
        assert!(run.uncounted[0].case.canonical);
        let case = &run.cases[0];
        assert!(case.canonical && case.exchanges[0].transport.is_some());
        assert_eq!(
            case.checks[0].via_procedure.as_deref(),
            Some("push-manifest")
        );
        let lost = Stop::WriteUnanswered("the connection was closed".into());
        assert_eq!(run.cases[1].stopped, Some(lost));
        let reason = run.cases[1].reason.as_deref();
        assert_eq!(reason, Some("the connection was closed"));
        assert!(run.cases[1].notes.is_empty());
        let again = render(&run, Format::Json).unwrap();
        assert_eq!(
            read_text(&again).unwrap(),
            run,
            "it is written as version 2"
        );
    }

    #[test]
    fn a_mistake_in_a_report_of_version_1_is_named() {
        let text = include_str!("../../tests/data/report-0.2.json");
        let text = text.replacen("\"inconclusive\"", "\"\\u001b[31m\"", 1);
        let error = read_text(&text).unwrap_err();
        assert!(matches!(error, ReadError::OldReport { .. }), "{error}");
        assert!(error.to_string().contains("⟨ESC⟩[31m"), "{error}");
    }

    #[test]
    fn what_a_file_says_does_not_act_on_the_terminal() {
        let text = render(&sample::all_pass(), Format::Json).unwrap();
        let text = text.replacen("\"conformant\"", r#""\u001b[31m\u202e""#, 1);
        let error = read_text(&text).unwrap_err().to_string();
        assert!(error.contains("⟨ESC⟩[31m⟨U+202E⟩"), "{error}");
    }

    #[test]
    fn what_is_no_report_is_refused_with_its_place() {
        let error = read_text("{\n  \"schema\": 1\n}").unwrap_err();
        assert!(error.to_string().contains("line 2, column"), "{error}");
        let deep = "[".repeat(100_000);
        assert!(read_text(&deep).is_err());
        let error = read_text("<html>").unwrap_err();
        assert!(matches!(error, ReadError::NoReport { .. }), "{error}");
        let error = read(Path::new("no/such/report.json")).unwrap_err();
        assert!(matches!(error, ReadError::Open { .. }), "{error}");
    }
}
