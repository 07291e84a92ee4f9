//! Rules for a header as commands.

use std::fmt;

use super::builder::Builder;
use super::condition::Condition;
use super::not_sayable::NotSayable;
use super::pattern::posix;
use super::scope::Scope;
use super::word::{Word, quote};
use crate::suite::{JsonTemplate, Rule};
use crate::template::Template;

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

    /// What a command finds of a header, or of a value at a JSON pointer, where it is given these words.
    pub fn compared(
        command: &str,
        subject: impl fmt::Display,
        words: &[Word],
        about: Word,
        joint: &str,
    ) -> Self {
        Self::new(
            format!("{command} {subject} {}", spaced(words)),
            about.and(&joined(words, joint)),
        )
    }

    /// What a command finds of a header, or of a value at a JSON pointer, that has a form.
    pub fn compared_as(
        command: &str,
        subject: impl fmt::Display,
        pattern: &str,
        expected: Word,
    ) -> Self {
        Self::new(format!("{command} {subject} {}", quote(pattern)), expected)
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

impl<'a> Builder<'a> {
    /// Rules for a header.
    ///
    /// # Errors
    /// For a rule that has no command.
    pub fn header_rules(
        &mut self,
        name: &str,
        rules: &[Rule],
        scope: &mut Scope<'a>,
    ) -> Result<Said, NotSayable> {
        let rules = rules.iter().map(|rule| self.header_rule(name, rule, scope));
        Ok(Said::all(rules.collect::<Result<_, _>>()?))
    }

    fn header_rule(
        &mut self,
        name: &str,
        rule: &Rule,
        scope: &mut Scope<'a>,
    ) -> Result<Said, NotSayable> {
        let quoted = quote(name);
        let about = |what: &str| Word::text(format!("header {name}{what}"));
        Ok(match rule {
            Rule::Present(present) => {
                let what = if *present { "present" } else { "absent" };
                let expected = about(&format!(" {what}"));
                Said::new(format!("header_{what} {quoted}"), expected)
            }
            Rule::OneOf(values) => {
                let words = self.scalars(values, scope)?;
                Said::compared("header_is", quoted, &words, about(": "), " or ")
            }
            Rule::NoneOf(values) => {
                let words = self.scalars(values, scope)?;
                let expected = about(" other than ");
                Said::compared("header_is_not", quoted, &words, expected, " and ")
            }
            Rule::Matches(form) => {
                let pattern = posix(form.regex.as_str()).ok_or_else(|| beyond("matches"))?;
                let expected = about(&format!(" of the form {}", form.words));
                Said::compared_as("header_matches", quoted, &pattern, expected)
            }
            Rule::DigestOf(content) => {
                let file = self.file(scope, content)?;
                let expected = about(" with a digest of the content");
                Said::new(format!("header_is_digest_of {quoted} {file}"), expected)
            }
            Rule::MediaType(kind) => {
                let kind = [self.text(scope, kind)?];
                Said::compared("header_media_type", quoted, &kind, about(": "), "")
            }
            Rule::Address(wanted) => {
                let (command, with) = match wanted {
                    true => ("header_is_url", "with"),
                    false => ("header_is_no_url", "without"),
                };
                let expected = about(&format!(" {with} a URL for requests"));
                Said::new(format!("{command} {quoted}"), expected)
            }
            Rule::BytesAtMost(most) => Said::new(
                format!("header_bytes_at_most {quoted} {most}"),
                about(&format!(" with at most {most} bytes")),
            ),
            Rule::Contains(_) | Rule::Excludes(_) | Rule::Lists(_) | Rule::ListsOnly(_) => {
                self.header_list_rule(name, rule, scope)?
            }
            Rule::Type(_)
            | Rule::Sorted(_)
            | Rule::Unique
            | Rule::Count(..)
            | Rule::Each(_)
            | Rule::Inside(..) => return Err(beyond("of a header")),
        })
    }

    /// A rule for the parts of a header.
    fn header_list_rule(
        &mut self,
        name: &str,
        rule: &Rule,
        scope: &mut Scope<'a>,
    ) -> Result<Said, NotSayable> {
        let quoted = quote(name);
        let about = |what: &str| Word::text(format!("header {name}{what}"));
        Ok(match rule {
            Rule::Contains(values) => {
                let words = self.scalars(values, scope)?;
                self.each_word("header_contains", &quoted, &words, about(" with "))
            }
            Rule::Excludes(values) => {
                let words = self.scalars(values, scope)?;
                self.each_word("header_excludes", &quoted, &words, about(" without "))
            }
            Rule::Lists(parts) => {
                let words = self.texts(parts, scope)?;
                Said::compared("header_lists", quoted, &words, about(" with "), " and ")
            }
            Rule::ListsOnly(parts) => {
                let words = self.texts(parts, scope)?;
                let expected = about(" with only ");
                Said::compared("header_lists_only", quoted, &words, expected, ", ")
            }
            _ => return Err(beyond("of a header")),
        })
    }

    fn each_word(&self, command: &str, name: &str, words: &[Word], expected: Word) -> Said {
        let conditions = words
            .iter()
            .map(|word| Condition::of(format!("{command} {name} {word}")));
        Said {
            condition: conditions.fold(Condition::default(), Condition::and),
            expected: expected.and(&joined(words, " and ")),
        }
    }

    pub fn scalars(
        &mut self,
        values: &[JsonTemplate],
        scope: &mut Scope<'a>,
    ) -> Result<Vec<Word>, NotSayable> {
        let words = values
            .iter()
            .map(|value| self.scalar(scope, value.source()).map(|(_, word)| word));
        words.collect()
    }

    pub fn texts(
        &mut self,
        parts: &[Template],
        scope: &mut Scope<'a>,
    ) -> Result<Vec<Word>, NotSayable> {
        parts.iter().map(|part| self.text(scope, part)).collect()
    }
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
