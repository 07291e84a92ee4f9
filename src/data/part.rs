//! A value that is deserialized, and the diagnostics about it.

use std::cell::RefCell;
use std::ops::Range;

use super::file_syntax::FileSyntax;
use super::mismatch::{Mismatch, Wanted, mismatch};
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

    /// The value as the file has it.
    pub fn written(&self) -> &str {
        let text = self.reports.file.text.get(self.node.span.clone());
        text.unwrap_or_default()
    }

    /// Reports a value of another type; `help` says how to write it instead, where the type does not.
    pub fn mismatch(&self, wanted: Wanted, help: Option<String>) -> ShapeError {
        let Mismatch { message, help: own } = mismatch(
            (self.node, self.written()),
            (self.name, &self.subject()),
            wanted,
            FileSyntax::of(self.reports.file),
        );
        self.reports.add(self.span.clone(), message, help.or(own));
        ShapeError::new(Wrong::Reported)
    }

    /// Reports a value that is neither a known word nor one with a value.
    pub fn not_one_of(&self, known: &[&str]) -> ShapeError {
        let (subject, found) = (self.subject(), self.node.describe());
        let listed = known.join(", ");
        let message = format!("{subject} must be one of {listed}, but it is {found}");
        self.reports.add(self.span.clone(), message, None);
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
