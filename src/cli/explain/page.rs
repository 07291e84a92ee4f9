//! An explanation, line by line: a headline, a sentence, and lines with labels.

use std::fmt::Write as _;

use crate::cli::output_style::columns;
use crate::report::terminal::wrapped;

/// The width of labels.
const LABEL: usize = 14;

/// An explanation, line by line.
pub struct Page {
    text: String,
}

impl Page {
    pub fn new(kind: &str, name: &str) -> Self {
        Self {
            text: format!("{name}  ({kind})\n"),
        }
    }

    /// The whole text.
    pub fn finish(self) -> String {
        self.text
    }

    /// The leading sentence.
    pub fn say(&mut self, sentence: &str) {
        let _ = writeln!(self.text, "\n  {sentence}\n");
    }

    /// A line that is never wrapped: short, or meant to be copied.
    pub fn line(&mut self, label: &str, what: &str) {
        let _ = writeln!(self.text, "  {label:<LABEL$} {what}");
    }

    /// A text, wrapped next to its label on a terminal.
    pub fn prose(&mut self, label: &str, what: &str) {
        let room = columns().map_or(usize::MAX, |all| all.saturating_sub(LABEL + 3).max(20));
        let mut label = label;
        for line in wrapped(what, room) {
            self.line(label, &line);
            label = "";
        }
    }

    /// Several names in a line; no line for none.
    pub fn list(&mut self, label: &str, names: impl Iterator<Item = String>) {
        let names: Vec<String> = names.collect();
        if !names.is_empty() {
            self.prose(label, &names.join(", "));
        }
    }
}
