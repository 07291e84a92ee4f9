//! Updating a baseline's file line by line, so that reasons, order and comments stay.

use std::collections::HashSet;

use super::file::{Baseline, Entry};
use super::write::{of, one};
use crate::record::BaselineResult;
use crate::record::Run;

/// A file of known failures, updated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Updated {
    /// The whole text.
    pub text: String,
    /// The entries that were taken out.
    pub removed: Vec<String>,
    /// The entries that were added.
    pub added: Vec<String>,
}

/// A file that cannot be updated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UpdateError {
    /// It is no file of entries.
    #[error(
        "{0} is a report: `assay baseline new --from {0}` makes a baseline of it that can be updated"
    )]
    Report(String),
    /// Its entries are not a line or more each.
    #[error(
        "{0} cannot be updated line by line: write one entry below the other, each starting with `- id:`"
    )]
    Layout(String),
}

/// Removes from a baseline the entries that a run compared with it found stale; with `accept`, adds new failures.
///
/// # Errors
/// When the baseline is a report, or its entries do not stand on lines of their own.
pub fn update(baseline: &Baseline, run: &Run, accept: bool) -> Result<Updated, UpdateError> {
    let Some((text, lines)) = &baseline.text else {
        return Err(UpdateError::Report(baseline.name.clone()));
    };
    let nothing = BaselineResult::default();
    let result = run.baseline.as_ref().unwrap_or(&nothing);
    let stale: HashSet<&str> = result.stale.iter().map(|one| one.entry.as_str()).collect();
    let entries = baseline.entries.iter();
    let added: Vec<Entry> = match accept {
        false => Vec::new(),
        true => of(run, false)
            .into_iter()
            .filter(|entry| result.new.contains(&entry.id))
            .collect(),
    };
    // A new failure of a case that has an entry replaces it.
    let replaced: HashSet<&str> = added.iter().map(|entry| entry.id.as_str()).collect();
    let gone = |id: &str| stale.contains(id) || replaced.contains(id);
    let mut wanted: Vec<Entry> = entries.clone().filter(|e| !gone(&e.id)).cloned().collect();
    let removed: Vec<String> = entries
        .clone()
        .filter(|entry| stale.contains(entry.id.as_str()))
        .map(|entry| entry.id.clone())
        .collect();
    let out: Vec<bool> = entries.map(|entry| gone(&entry.id)).collect();
    let text = edited(text, lines, &out, &added);
    wanted.extend(added.iter().cloned());
    match Baseline::parse(&baseline.name, &text) {
        Ok(again) if again.entries == wanted => Ok(Updated {
            text,
            removed,
            added: added.into_iter().map(|entry| entry.id).collect(),
        }),
        Ok(_) | Err(_) => Err(UpdateError::Layout(baseline.name.clone())),
    }
}

/// The text without the entries that go, and with those that come at the end of the list.
fn edited(text: &str, starts: &[usize], gone: &[bool], added: &[Entry]) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let line = |number: usize| {
        lines
            .get(number.wrapping_sub(1))
            .copied()
            .unwrap_or_default()
    };
    // An entry's lines: the comments right above it, and everything up to the next entry's.
    let first = |start: usize| {
        let comments = (1..start)
            .rev()
            .take_while(|above| line(*above).trim_start().starts_with('#'));
        comments.last().unwrap_or(start)
    };
    let last_start = starts.last().copied().unwrap_or(0);
    let indent = indent_of(line(last_start));
    // The list ends before the first line that is indented no deeper than its dashes.
    let ends = |number: &usize| {
        let text = line(*number);
        !text.trim().is_empty() && indent_of(text) <= indent
    };
    let end = (last_start + 1..=lines.len()).find(ends);
    let end = end.unwrap_or(lines.len() + 1);
    let mut dropped = HashSet::new();
    for (index, start) in starts.iter().enumerate() {
        if gone.get(index) == Some(&true) {
            let next = starts.get(index + 1).map_or(end, |next| first(*next));
            // The comment at the top of the list may be about all of it.
            let from = if index == 0 { *start } else { first(*start) };
            dropped.extend(from..next);
        }
    }
    let emptied = gone.iter().all(|gone| *gone) && added.is_empty();
    let indent = " ".repeat(if starts.is_empty() { 2 } else { indent });
    let new: String = added.iter().map(|entry| one(entry, &indent)).collect();
    let mut out = String::new();
    for (number, text) in (1..).zip(&lines) {
        if number == end && !starts.is_empty() {
            out.push_str(&new);
        }
        if dropped.contains(&number) {
            continue;
        }
        let opens = text.trim_end().starts_with("known:");
        if opens && emptied {
            out.push_str("known: []\n");
        } else if opens && starts.is_empty() && !new.is_empty() {
            out.push_str("known:\n");
            out.push_str(&new);
        } else {
            out.push_str(text);
            out.push('\n');
        }
    }
    if end > lines.len() && !starts.is_empty() {
        out.push_str(&new);
    }
    out
}

fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use time::{Date, Month};

    use super::*;
    use crate::baseline::apply;
    use crate::report::sample;

    fn updated(text: &str, accept: bool) -> Result<Updated, UpdateError> {
        let mut run = sample::all_states();
        let baseline = Baseline::parse("b.yaml", text).unwrap();
        let today = Date::from_calendar_date(2026, Month::June, 1).unwrap();
        apply(&mut run, &baseline, today);
        update(&baseline, &run, accept)
    }

    #[test]
    fn what_is_stale_goes_with_its_comment_and_the_rest_stays() {
        let text = "# ours\nknown:\n  # about all\n  - id: manifest-by-digest # passes\n    reason: x\n  # the hostile one\n  - id: chunk-hostile\n    reason: y # kept\n  # gone with it\n  - id: error-body\n\n# the end\n";
        let updated = updated(text, false).unwrap();
        assert_eq!(updated.removed, ["manifest-by-digest", "error-body"]);
        let rest = "# ours\nknown:\n  # about all\n  # the hostile one\n  - id: chunk-hostile\n    reason: y # kept\n# the end\n";
        assert_eq!(updated.text, rest);
    }

    #[test]
    fn what_is_new_is_added_when_it_is_accepted() {
        for text in [
            "known: []\n",
            "known:\n  - id: chunk-hostile",
            "known:\n- id: error-body\n",
        ] {
            let updated = updated(text, true).unwrap();
            assert!(updated.added.contains(&"odd-manifest".to_owned()));
            let line = "- id: odd-manifest\n";
            assert!(updated.text.contains(line), "{}", updated.text);
            // Ids with brackets are quoted.
            assert!(
                updated
                    .text
                    .contains("- id: \"chunk-out-of-order[sha256]\"\n")
            );
        }
    }

    #[test]
    fn the_last_entry_leaves_an_empty_list() {
        let updated = updated("known:\n  - id: error-body\n", false).unwrap();
        assert_eq!(updated.text, "known: []\n");
    }

    #[test]
    fn what_cannot_be_updated_line_by_line_is_refused() {
        let error = updated("known: [{id: error-body}, {id: chunk-hostile}]\n", false).unwrap_err();
        assert!(matches!(error, UpdateError::Layout(_)), "{error}");
    }
}
