//! A condition of a script, with its words.

use super::condition::Condition;
use super::not_sayable::NotSayable;
use super::word::Word;

/// A condition, and the expected value for a reader.
pub struct Said {
    pub condition: Condition,
    pub expected: Word,
}

impl Said {
    pub fn new(command: impl Into<String>, expected: Word) -> Self {
        Self {
            condition: Condition::of(command),
            expected,
        }
    }

    /// All of these hold.
    pub fn all(parts: Vec<Self>) -> Self {
        let mut all = Self {
            condition: Condition::default(),
            expected: Word::default(),
        };
        for part in parts {
            let joint = if all.expected.is_empty() { "" } else { "; " };
            all.condition = all.condition.and(part.condition);
            all.expected = all.expected.and_text(joint).and(&part.expected);
        }
        all
    }
}

pub fn beyond(what: &str) -> NotSayable {
    NotSayable::beyond(format!(
        "the rule `{what}` is not one that a script can check here"
    ))
}

pub fn spaced(words: &[Word]) -> String {
    let words = words.iter().map(ToString::to_string);
    words.collect::<Vec<_>>().join(" ")
}

pub fn joined(words: &[Word], between: &str) -> Word {
    let mut joined = Word::default();
    for word in words {
        let joint = if joined.is_empty() { "" } else { between };
        joined = joined.and_text(joint).and(word);
    }
    joined
}
