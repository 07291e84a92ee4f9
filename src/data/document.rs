//! A parsed data file.

use std::ops::Range;
use std::sync::OnceLock;

use serde_json::{Map, Value};

use super::node::{Node, NodeKind, SyntaxError};
use super::{Diagnostic, File, yaml};

/// A data file as a tree of values, each with the bytes that it was read from.
#[derive(Debug)]
pub struct Document {
    /// The file that it was read from.
    pub file: File,
    root: OnceLock<Node>,
}

impl Document {
    /// Parses the text of a YAML file. An empty file is an empty map.
    ///
    /// # Errors
    /// One diagnostic, if the text is not YAML, has a key twice in a map, nests too deep, or has more than one
    /// document.
    pub fn parse(file: &File) -> Result<Self, Diagnostic> {
        match parse_yaml(&file.text) {
            Ok(root) => Ok(Self::new(file, root)),
            Err(error) => Err(Diagnostic::syntax(file, error)),
        }
    }

    pub(super) fn new(file: &File, root: Node) -> Self {
        Self {
            file: file.clone(),
            root: root.into(),
        }
    }

    /// The document of a bundled file. Its text is parsed when a diagnostic needs a position.
    pub(super) fn unread(file: &File) -> Self {
        Self {
            file: file.clone(),
            root: OnceLock::new(),
        }
    }

    /// The whole of it. A bundled file is YAML: the build parses each one.
    pub(super) fn root(&self) -> &Node {
        self.root.get_or_init(|| {
            parse_yaml(&self.file.text).unwrap_or(Node {
                kind: NodeKind::Null,
                span: 0..0,
            })
        })
    }

    /// The content as JSON.
    pub fn value(&self) -> Value {
        to_json(self.root())
    }

    /// The bytes of the part that a JSON pointer names, or of the nearest part above it.
    pub fn span(&self, pointer: &str) -> Range<usize> {
        self.root().located(pointer).span
    }

    /// The bytes of the key of the part that a JSON pointer names, or of the nearest part above it.
    pub fn key_span(&self, pointer: &str) -> Range<usize> {
        self.root().located(pointer).key
    }
}

#[cfg(test)]
thread_local! {
    static PARSED: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// The number of YAML texts that this thread has parsed.
#[cfg(test)]
pub fn parsed_texts() -> usize {
    PARSED.get()
}

fn parse_yaml(text: &str) -> Result<Node, SyntaxError> {
    #[cfg(test)]
    PARSED.set(PARSED.get() + 1);
    yaml::parse(text)
}

fn to_json(node: &Node) -> Value {
    match &node.kind {
        NodeKind::Null => Value::Null,
        NodeKind::Flag(flag) => Value::from(*flag),
        NodeKind::Integer(number) => Value::from(*number),
        NodeKind::Float(number) => Value::from(*number),
        NodeKind::Text(text) => Value::from(text.as_str()),
        NodeKind::List(items) => items.iter().map(to_json).collect(),
        NodeKind::Map(entries) => {
            let pairs = entries.iter();
            let pairs = pairs.map(|entry| (entry.key.clone(), to_json(&entry.value)));
            Value::Object(Map::from_iter(pairs))
        }
    }
}
