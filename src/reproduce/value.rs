//! The values that the templates of a case refer to, as the script has them.

use std::collections::BTreeMap;

use super::word::Word;
use crate::template::Reference;

/// A value that the script has.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Text(Word),
    /// A whole number.
    Number(Word),
    /// The bytes of a file of the script.
    Bytes(String),
    Record(BTreeMap<String, Value>),
    List(Vec<Value>),
}

impl Value {
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(Word::text(text))
    }

    /// The part with this name (of a record) or position (of a list).
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Record(record) => record.get(key),
            Self::List(list) => list.get(key.parse::<usize>().ok()?),
            Self::Text(_) | Self::Number(_) | Self::Bytes(_) => None,
        }
    }

    /// The part of this value, that of a reference's first name, which the reference names.
    pub fn follow(&self, reference: &Reference) -> Option<&Self> {
        reference.rest().try_fold(self, |at, key| at.get(key))
    }

    /// The value inside a text.
    pub fn word(&self) -> Option<Word> {
        match self {
            Self::Text(word) | Self::Number(word) => Some(word.clone()),
            Self::Bytes(file) => Some(Word::file(file)),
            Self::Record(_) | Self::List(_) => None,
        }
    }

    /// The file that has its bytes.
    pub fn file(&self) -> Option<&str> {
        match self {
            Self::Bytes(file) => Some(file),
            Self::Record(record) => record.get("bytes")?.file(),
            Self::Text(_) | Self::Number(_) | Self::List(_) => None,
        }
    }
}
