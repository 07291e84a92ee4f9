//! The tree of a data file: every value with the bytes that it was read from.
//!
//! `build.rs` compiles this file too, with `yaml.rs`: it uses nothing else of the crate.

use std::ops::Range;

/// The maximum depth of nested values in a data file.
pub(super) const DEEPEST: usize = 48;

/// A value of a data file, and the bytes that it was read from.
#[derive(Debug)]
pub(super) struct Node {
    pub kind: NodeKind,
    pub span: Range<usize>,
}

#[derive(Debug)]
pub(super) enum NodeKind {
    Null,
    Flag(bool),
    Integer(i64),
    Float(f64),
    Text(String),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

#[derive(Debug)]
pub(super) struct Entry {
    pub key: String,
    pub key_span: Range<usize>,
    pub value: Node,
}

/// Why a text is not a data file.
#[derive(Debug)]
pub(super) struct SyntaxError {
    /// The bytes that are wrong.
    pub span: Range<usize>,
    pub message: String,
    /// How to fix it.
    pub help: Option<String>,
}

impl SyntaxError {
    pub fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            span,
            message: message.into(),
            help: None,
        }
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl Node {
    /// The value or its type, for a sentence such as "it must be a map, but it is …".
    pub fn describe(&self) -> String {
        match &self.kind {
            NodeKind::Null => "empty".to_owned(),
            NodeKind::Flag(flag) => format!("`{flag}`"),
            NodeKind::Integer(number) => format!("the number {number}"),
            NodeKind::Float(number) => format!("the number {number:?}"),
            NodeKind::Text(text) => describe_text(text),
            NodeKind::List(_) => "a list".to_owned(),
            NodeKind::Map(_) => "a map".to_owned(),
        }
    }

    /// The part that a JSON pointer names, or the nearest part above it.
    pub fn located(&self, pointer: &str) -> Located {
        let (mut node, mut found) = (self, Located::element(&self.span));
        for part in pointer.split('/').skip(1) {
            let part = part.replace("~1", "/").replace("~0", "~");
            match &node.kind {
                NodeKind::List(items) => {
                    let Some(item) = part.parse::<usize>().ok().and_then(|at| items.get(at)) else {
                        return found;
                    };
                    (node, found) = (item, Located::element(&item.span));
                }
                NodeKind::Map(entries) => {
                    let Some(entry) = entries.iter().find(|entry| entry.key == part) else {
                        return found;
                    };
                    node = &entry.value;
                    found = Located {
                        span: entry.span(),
                        key: entry.key_span.clone(),
                    };
                }
                _ => return found,
            }
        }
        found
    }
}

/// Where a part of a tree is.
#[derive(Debug)]
pub(super) struct Located {
    /// The bytes that a diagnostic about it points at. For a list or a map in a map, these are the key.
    pub span: Range<usize>,
    /// The bytes of its key; those of the part, if it has none.
    pub key: Range<usize>,
}

impl Located {
    fn element(span: &Range<usize>) -> Self {
        Self {
            span: span.clone(),
            key: span.clone(),
        }
    }
}

impl Entry {
    /// The bytes that a diagnostic points at: the key if the value is a list, a map or empty, the value otherwise.
    pub fn span(&self) -> Range<usize> {
        match self.value.kind {
            NodeKind::List(_) | NodeKind::Map(_) | NodeKind::Null => self.key_span.clone(),
            _ => self.value.span.clone(),
        }
    }
}

/// A text for a sentence: quoted if it is short.
pub(super) fn describe_text(text: &str) -> String {
    match text.len() <= 40 && !text.contains('\n') {
        true => format!("the text `{text}`"),
        false => "a text".to_owned(),
    }
}
