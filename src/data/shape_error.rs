//! Errors of the deserializer, before the position of the value is known.

use std::fmt;
use std::ops::Range;

use serde::de::{self, Expected, Unexpected};

use super::mismatch::{Mismatch, unknown_word};
use super::node::describe_text;

#[derive(Debug)]
pub(super) struct ShapeError {
    pub wrong: Wrong,
    /// The bytes that the diagnostic points at, once they are known.
    pub span: Option<Range<usize>>,
}

#[derive(Debug)]
pub(super) enum Wrong {
    /// A value of another type than its key takes.
    Type { expected: String, found: String },
    /// An unknown word.
    Variant {
        word: String,
        known: &'static [&'static str],
    },
    /// A missing key of a map.
    Missing(&'static str),
    /// A sentence, and after a line break the help.
    Sentence(String),
    /// It already has a diagnostic.
    Reported,
}

impl ShapeError {
    pub fn new(wrong: Wrong) -> Self {
        Self { wrong, span: None }
    }

    /// Sets the span, unless the error already has one.
    pub fn at(mut self, span: &Range<usize>) -> Self {
        self.span.get_or_insert_with(|| span.clone());
        self
    }

    /// The sentence and the help for a value under the key `name`; the sentence calls the value `subject`.
    pub fn sentence(self, name: &str, subject: &str) -> (String, Option<String>) {
        match self.wrong {
            Wrong::Type { expected, found } => (
                format!("{subject} must be {expected}, but it is {found}"),
                None,
            ),
            Wrong::Variant { word, known } => {
                let Mismatch { message, help } = unknown_word(name, &word, known);
                (message, help)
            }
            Wrong::Missing(key) => (format!("the key `{key}` is missing"), None),
            Wrong::Sentence(text) => match text.split_once('\n') {
                Some((message, help)) => (message.to_owned(), Some(help.to_owned())),
                None => (text, None),
            },
            Wrong::Reported => (String::new(), None),
        }
    }
}

impl fmt::Display for ShapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.wrong)
    }
}

impl std::error::Error for ShapeError {}

impl de::Error for ShapeError {
    fn custom<T: fmt::Display>(text: T) -> Self {
        Self::new(Wrong::Sentence(text.to_string()))
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let found = match unexpected {
            Unexpected::Unit | Unexpected::Option => "empty".to_owned(),
            Unexpected::Bool(flag) => format!("`{flag}`"),
            Unexpected::Unsigned(number) => format!("the number {number}"),
            Unexpected::Signed(number) => format!("the number {number}"),
            Unexpected::Float(number) => format!("the number {number}"),
            Unexpected::Str(text) => describe_text(text),
            Unexpected::Seq => "a list".to_owned(),
            Unexpected::Map => "a map".to_owned(),
            other => other.to_string(),
        };
        Self::new(Wrong::Type {
            expected: expected.to_string(),
            found,
        })
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_type(unexpected, expected)
    }

    fn unknown_variant(word: &str, known: &'static [&'static str]) -> Self {
        Self::new(Wrong::Variant {
            word: word.to_owned(),
            known,
        })
    }

    fn unknown_field(word: &str, known: &'static [&'static str]) -> Self {
        Self::unknown_variant(word, known)
    }

    fn missing_field(key: &'static str) -> Self {
        Self::new(Wrong::Missing(key))
    }
}
