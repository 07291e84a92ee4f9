//! The position of a part of a document. Only a diagnostic needs it, so that it is found when one asks.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::{Diagnostic, Document, File};

/// A part of a document, for diagnostics about it.
#[derive(Clone)]
pub struct SourceSpan(Arc<Part>);

enum Part {
    Whole(Document),
    Below { above: SourceSpan, key: Key },
}

/// A name in a map, or a position in a list.
#[derive(Debug, Clone)]
pub enum Key {
    Name(Cow<'static, str>),
    Index(usize),
}

impl SourceSpan {
    pub fn root(document: Document) -> Self {
        Self(Arc::new(Part::Whole(document)))
    }

    /// The part under a key.
    #[must_use]
    pub fn at(&self, key: impl Into<Key>) -> Self {
        Self(Arc::new(Part::Below {
            above: self.clone(),
            key: key.into(),
        }))
    }

    /// The path of the file as it is printed.
    pub fn file(&self) -> &str {
        &self.source().shown
    }

    /// The file's path below its folder.
    pub fn path(&self) -> &str {
        &self.source().path
    }

    /// The line that the part starts in, from 1.
    pub fn line(&self) -> usize {
        let start = self.document().span(&self.pointer()).start;
        self.source().line(start)
    }

    pub fn diagnostic(&self, message: impl Into<String>) -> Diagnostic {
        let span = self.document().span(&self.pointer());
        Diagnostic::new(self.source(), span, message)
    }

    /// A diagnostic about the key of the part, and not about its value.
    pub fn key_diagnostic(&self, message: impl Into<String>) -> Diagnostic {
        let span = self.document().key_span(&self.pointer());
        Diagnostic::new(self.source(), span, message)
    }

    fn document(&self) -> &Document {
        let mut part = self;
        loop {
            match &*part.0 {
                Part::Whole(document) => return document,
                Part::Below { above, .. } => part = above,
            }
        }
    }

    fn source(&self) -> &File {
        &self.document().file
    }

    fn pointer(&self) -> String {
        match &*self.0 {
            Part::Whole(_) => String::new(),
            Part::Below { above, key } => match key {
                Key::Index(index) => format!("{}/{index}", above.pointer()),
                Key::Name(name) => {
                    let name = name.replace('~', "~0").replace('/', "~1");
                    format!("{}/{name}", above.pointer())
                }
            },
        }
    }
}

impl fmt::Debug for SourceSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.path(), self.pointer())
    }
}

impl From<usize> for Key {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

impl From<&'static str> for Key {
    fn from(name: &'static str) -> Self {
        Self::Name(Cow::Borrowed(name))
    }
}

impl From<String> for Key {
    fn from(name: String) -> Self {
        Self::Name(Cow::Owned(name))
    }
}

impl From<&String> for Key {
    fn from(name: &String) -> Self {
        Self::Name(Cow::Owned(name.clone()))
    }
}
