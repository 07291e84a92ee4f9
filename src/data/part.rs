//! A value that is deserialized, and the diagnostics about it.

use std::cell::RefCell;
use std::ops::Range;

use super::node::{Entry, Node};
use super::shape_error::{ShapeError, Wrong};
use super::{Diagnostic, File};

/// The diagnostics of a file so far.
pub(super) struct Reports<'a> {
    pub file: &'a File,
    pub list: RefCell<Vec<Diagnostic>>,
}

impl Reports<'_> {
    pub fn add(&self, span: Range<usize>, message: String, help: Option<String>) {
        let mut diagnostic = Diagnostic::new(self.file, span, message);
        if let Some(help) = help {
            diagnostic = diagnostic.help(help);
        }
        self.list.borrow_mut().push(diagnostic);
    }
}

/// A value to deserialize from.
#[derive(Clone)]
pub(super) struct Part<'a> {
    pub node: &'a Node,
    /// The key in the map above it, or in the map above its list; empty for the whole file.
    pub name: &'a str,
    /// Whether it is an element of the list under the key.
    pub element: bool,
    /// The bytes that a diagnostic about it points at.
    pub span: Range<usize>,
    pub reports: &'a Reports<'a>,
}

impl<'a> Part<'a> {
    /// Adds the diagnostic of an error, unless it already has one.
    pub fn report(&self, error: ShapeError) {
        if matches!(error.wrong, Wrong::Reported) {
            return;
        }
        let span = error.span.clone().unwrap_or_else(|| self.span.clone());
        let (message, help) = error.sentence(self.name, &self.subject());
        self.reports.add(span, message, help);
    }

    /// It as the subject of a sentence.
    fn subject(&self) -> String {
        match (self.name, self.element) {
            ("", _) => "this file".to_owned(),
            (name, false) => format!("`{name}`"),
            (name, true) => format!("an element of `{name}`"),
        }
    }

    /// Reports a value of another type than `expected`; `help` says how to write it instead.
    pub fn mismatch(&self, expected: &str, help: Option<String>) -> ShapeError {
        let found = self.node.describe();
        let sentence = format!("{} must be {expected}, but it is {found}", self.subject());
        self.reports.add(self.span.clone(), sentence, help);
        ShapeError::new(Wrong::Reported)
    }

    /// Reports an error of this value, whose key is known here; the error that goes up has its diagnostic already.
    pub fn reported(&self, error: ShapeError) -> ShapeError {
        self.report(error);
        ShapeError::new(Wrong::Reported)
    }

    /// The value of an entry of this map.
    pub fn below(&self, entry: &'a Entry) -> Self {
        Part {
            node: &entry.value,
            name: &entry.key,
            element: false,
            span: entry.span(),
            reports: self.reports,
        }
    }
}
