//! Rules for a value of a JSON body as commands.

use serde_json::Value as Json;

use super::builder::Builder;
use super::condition::Condition;
use super::not_sayable::NotSayable;
use super::pattern::posix;
use super::rules::{Said, beyond, joined, spaced};
use super::scope::Scope;
use super::word::{Piece, Word, quote};
use crate::data::count_between;
use crate::suite::{JsonTemplate, Rule, Sorting};

/// The name of the value that the empty pointer names.
pub const WHOLE_VALUE: &str = "the JSON value";

impl<'a> Builder<'a> {
    /// Rules for the value at a JSON pointer, which the script names `pointer`.
    ///
    /// # Errors
    /// For a rule that has no command.
    pub fn json_rules(
        &mut self,
        pointer: &Word,
        rules: &[Rule],
        scope: &mut Scope<'a>,
    ) -> Result<Said, NotSayable> {
        let rules = rules
            .iter()
            .map(|rule| self.json_rule(pointer, rule, scope));
        Ok(Said::all(rules.collect::<Result<_, _>>()?))
    }

    fn json_rule(
        &mut self,
        pointer: &Word,
        rule: &Rule,
        scope: &mut Scope<'a>,
    ) -> Result<Said, NotSayable> {
        let about = |what: &str| subject_of(pointer).and_text(what);
        Ok(match rule {
            Rule::Present(present) => {
                let what = if *present { "present" } else { "absent" };
                Said::new(format!("json_{what} {pointer}"), about(&format!(" {what}")))
            }
            Rule::OneOf(values) => self.json_one_of(pointer, values, scope, &about(": "))?,
            Rule::NoneOf(values) => {
                let words = self.scalars(values, scope)?;
                let expected = about(" other than ");
                Said::compared("json_is_not", pointer, &words, expected, " and ")
            }
            Rule::Matches(form) => {
                let pattern = posix(form.regex.as_str()).ok_or_else(|| beyond("matches"))?;
                let expected = about(&format!(" of the form {}", form.words));
                Said::compared_as("json_matches", pointer, &pattern, expected)
            }
            Rule::Type(types) => of_type(pointer, types, &about(" of type ")),
            Rule::Contains(values) => {
                let commands = ["json_contains", "json_covers"];
                self.json_members(pointer, values, scope, commands, about(" with "))?
            }
            Rule::Excludes(values) => {
                let commands = ["json_excludes", "json_covers_none"];
                self.json_members(pointer, values, scope, commands, about(" without "))?
            }
            Rule::Sorted(sorting) => {
                let (word, order) = match sorting {
                    Sorting::Tags => ("tags", "lexical order"),
                    Sorting::Letters => ("letters", "alphabetical order regardless of case"),
                };
                let expected = about(&format!(" in {order}"));
                Said::new(format!("json_sorted {pointer} {word}"), expected)
            }
            Rule::Unique => {
                let expected = about(" without duplicates");
                Said::new(format!("json_unique {pointer}"), expected)
            }
            Rule::Count(least, most) => count(pointer, *least, *most, about("")),
            Rule::Each(rules) => self.json_each(pointer, rules, scope)?,
            Rule::Inside(inner, rules) => {
                let pointer = pointer.clone().and_text(inner);
                self.json_rules(&pointer, rules, scope)?
            }
            Rule::DigestOf(_)
            | Rule::MediaType(_)
            | Rule::Address(_)
            | Rule::Lists(_)
            | Rule::ListsOnly(_)
            | Rule::BytesAtMost(_) => {
                return Err(beyond("of a JSON value"));
            }
        })
    }

    fn json_one_of(
        &mut self,
        pointer: &Word,
        values: &[JsonTemplate],
        scope: &mut Scope<'a>,
        about: &Word,
    ) -> Result<Said, NotSayable> {
        let is_list = |value: &&JsonTemplate| value.source().is_array();
        if values.iter().any(|value| is_list(&value)) {
            let mut conditions = Vec::new();
            let mut expected = Vec::new();
            for value in values {
                let Json::Array(items) = value.source() else {
                    return Err(beyond("one_of"));
                };
                let items = items
                    .iter()
                    .map(|item| self.scalar(scope, item).map(|(_, word)| word));
                let items: Vec<Word> = items.collect::<Result<_, _>>()?;
                conditions.push(Condition::of(
                    format!("json_list_is {pointer} {}", spaced(&items)).trim_end(),
                ));
                expected.push(Word::text("[").and(&joined(&items, ", ")).and_text("]"));
            }
            return Ok(Said {
                condition: Condition::any(conditions),
                expected: about.clone().and(&joined(&expected, " or ")),
            });
        }
        let words = self.scalars(values, scope)?;
        Ok(Said::new(
            format!("json_is {pointer} {}", spaced(&words)),
            about.clone().and(&joined(&words, " or ")),
        ))
    }

    /// `contains` and `excludes`: texts together, and each object alone.
    fn json_members(
        &mut self,
        pointer: &Word,
        values: &[JsonTemplate],
        scope: &mut Scope<'a>,
        [of_texts, of_object]: [&str; 2],
        about: Word,
    ) -> Result<Said, NotSayable> {
        let (mut texts, mut expected) = (Vec::new(), Vec::new());
        let mut condition = Condition::default();
        for value in values {
            if value.source().is_object() {
                let mut members = Vec::new();
                self.members(scope, "", value.source(), &mut members)?;
                let words = members
                    .iter()
                    .map(|(at, kind, word)| format!("{} {kind} {word}", quote(at)));
                let words: Vec<String> = words.collect();
                condition = condition.and(Condition::of(format!(
                    "{of_object} {pointer} {}",
                    words.join(" ")
                )));
                let named = members
                    .iter()
                    .map(|(at, _, word)| Word::text(format!("{at} ")).and(word));
                expected.push(
                    Word::text("an element with ").and(&joined(&named.collect::<Vec<_>>(), ", ")),
                );
            } else {
                let (kind, word) = self.scalar(scope, value.source())?;
                if kind != "string" {
                    return Err(beyond("contains"));
                }
                expected.push(word.clone());
                texts.push(word);
            }
        }
        if !texts.is_empty() {
            condition = condition.and(Condition::of(format!(
                "{of_texts} {pointer} {}",
                spaced(&texts)
            )));
        }
        Ok(Said {
            condition,
            expected: about.and(&joined(&expected, " and ")),
        })
    }

    /// The scalars inside an object, each with its pointer and type.
    fn members(
        &mut self,
        scope: &mut Scope<'a>,
        at: &str,
        json: &Json,
        into: &mut Vec<(String, &'static str, Word)>,
    ) -> Result<(), NotSayable> {
        match json {
            Json::Object(map) if !map.is_empty() => {
                for (key, value) in map {
                    let key = key.replace('~', "~0").replace('/', "~1");
                    self.members(scope, &format!("{at}/{key}"), value, into)?;
                }
                Ok(())
            }
            other => {
                let (kind, word) = self.scalar(scope, other)?;
                into.push((at.to_owned(), kind, word));
                Ok(())
            }
        }
    }

    fn json_each(
        &mut self,
        pointer: &Word,
        rules: &[Rule],
        scope: &mut Scope<'a>,
    ) -> Result<Said, NotSayable> {
        let inner = self.json_rules(&Word::variable("1"), rules, scope)?;
        let function = self.function("each");
        self.body.open(format!("{function}() {{"));
        self.body.push(inner.condition.to_string());
        self.body.close("}");
        let expected = match pointer.literal() {
            Some("") | None => inner.expected,
            Some(pointer) => Word::text(format!("in {pointer}, ")).and(&inner.expected),
        };
        Ok(Said::new(
            format!("json_each {pointer} {function}"),
            expected,
        ))
    }
}

/// A number of elements between these limits, the greatest of which is none.
fn count(pointer: &Word, least: u64, most: u64, about: Word) -> Said {
    let limit = match most {
        u64::MAX => "''".to_owned(),
        most => most.to_string(),
    };
    let words = count_between(least, most, "element");
    Said::new(
        format!("json_count {pointer} {least} {limit}"),
        about.and_text(format!(" with {words}")),
    )
}

fn of_type(pointer: &Word, types: &[String], about: &Word) -> Said {
    let expected = about.clone().and_text(types.join(" or "));
    Said::new(format!("json_type {pointer} {}", types.join(" ")), expected)
}

/// The name of the value at a pointer.
fn subject_of(pointer: &Word) -> Word {
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
