//! What rules are compared with, in commands and in words.

use super::not_sayable::NotSayable;
use super::said::{Said, beyond, joined, spaced};
use super::word::{Piece, Word, quote};

/// The name of the value that the empty pointer names.
pub const WHOLE_VALUE: &str = "the JSON value";

/// What rules are compared with.
#[derive(Clone, Copy)]
pub enum RuleSubject<'w> {
    /// The header of this name.
    Header(&'w str),
    /// The value at this JSON pointer.
    Json(&'w Word),
}

impl<'w> RuleSubject<'w> {
    /// A command of `helpers/` about it: `header_NAME HEADER` or `json_NAME POINTER`, to which arguments may be added.
    pub fn command(self, name: &str) -> String {
        match self {
            Self::Header(header) => format!("header_{name} {}", quote(header)),
            Self::Json(pointer) => format!("json_{name} {pointer}"),
        }
    }

    /// Its name, and what is expected of it.
    pub fn words(self, expected: &str) -> Word {
        match self {
            Self::Header(header) => Word::text(format!("header {header}{expected}")),
            Self::Json(pointer) => name_of(pointer).and_text(expected),
        }
    }

    /// A command without other arguments.
    pub fn checked(self, command: &str, expected: &str) -> Said {
        Said::new(self.command(command), self.words(expected))
    }

    /// A command with an argument that its words do not repeat.
    pub fn checked_with(self, command: &str, argument: &str, expected: &str) -> Said {
        let command = format!("{} {argument}", self.command(command));
        Said::new(command, self.words(expected))
    }

    /// A command that compares it with `words`.
    pub fn compared(self, command: &str, words: &[Word], expected: &str, joint: &str) -> Said {
        Said::new(
            format!("{} {}", self.command(command), spaced(words)),
            self.words(expected).and(&joined(words, joint)),
        )
    }

    /// The same subject, for a rule of headers.
    ///
    /// # Errors
    /// For a JSON value.
    pub fn header(self) -> Result<Self, NotSayable> {
        match self {
            Self::Header(_) => Ok(self),
            Self::Json(_) => Err(beyond("of a JSON value")),
        }
    }

    /// The pointer, for a rule of JSON values.
    ///
    /// # Errors
    /// For a header.
    pub fn pointer(self) -> Result<&'w Word, NotSayable> {
        match self {
            Self::Header(_) => Err(beyond("of a header")),
            Self::Json(pointer) => Ok(pointer),
        }
    }
}

/// The name of the value at a pointer.
fn name_of(pointer: &Word) -> Word {
    match pointer.literal() {
        Some("") => Word::text(WHOLE_VALUE),
        Some(pointer) => Word::text(pointer),
        None => Word::text("each ").and(&rest_of(pointer)),
    }
}

/// What follows the element in a pointer to a part of it.
fn rest_of(pointer: &Word) -> Word {
    match pointer.pieces().get(1) {
        Some(Piece::Text(text)) => Word::text(text),
        _ => Word::text("element"),
    }
}
