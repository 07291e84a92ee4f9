//! A parsed data file, and the positions of its parts.

use std::ops::Range;
use std::sync::Arc;

use serde_json::Value;

use super::node::Node;
use super::{Diagnostic, File};

/// A data file as a tree of values, each with the bytes that it was read from.
#[derive(Debug)]
pub struct Document {
    /// The file that it was read from.
    pub file: File,
    pub(super) root: Node,
}

impl Document {
    /// The content as JSON.
    pub fn value(&self) -> Value {
        self.root.to_json()
    }

    /// The bytes of the part that a JSON pointer names, or of the nearest part above it.
    pub fn span(&self, pointer: &str) -> Range<usize> {
        self.root.span_of(pointer)
    }
}

/// A part of a document, for diagnostics about it.
#[derive(Debug, Clone)]
pub struct SourceSpan {
    document: Arc<Document>,
    pointer: String,
}

impl SourceSpan {
    pub fn root(document: Arc<Document>) -> Self {
        Self {
            document,
            pointer: String::new(),
        }
    }

    /// The part under `key`: a name in a map, or a position in a list.
    #[must_use]
    pub fn at(&self, key: impl ToString) -> Self {
        let key = key.to_string().replace('~', "~0").replace('/', "~1");
        Self {
            document: self.document.clone(),
            pointer: format!("{}/{key}", self.pointer),
        }
    }

    /// The path of the file as it is printed.
    pub fn file(&self) -> &str {
        &self.document.file.shown
    }

    /// The file's path below its folder.
    pub fn path(&self) -> &str {
        &self.document.file.path
    }

    /// The line that the part starts in, from 1.
    pub fn line(&self) -> usize {
        let start = self.document.span(&self.pointer).start;
        self.document.file.line(start)
    }

    pub fn diagnostic(&self, message: impl Into<String>) -> Diagnostic {
        let span = self.document.span(&self.pointer);
        Diagnostic::new(&self.document.file, span, message)
    }
}
