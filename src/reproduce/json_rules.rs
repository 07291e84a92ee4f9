//! What rules say of a value of a JSON body alone, as commands.

use serde_json::Value as Json;

use super::builder::Builder;
use super::condition::Condition;
use super::not_sayable::NotSayable;
use super::rule_subject::RuleSubject;
use super::said::{Said, beyond, joined, spaced};
use super::scope::Scope;
use super::word::{Word, quote};
use crate::data::count_between;
use crate::suite::{JsonTemplate, Rule, Sorting};

impl<'a> Builder<'a> {
    /// A rule that only JSON values have.
    ///
    /// # Errors
    /// For a rule that has no command.
    pub fn json_rule(
        &mut self,
        pointer: &Word,
        rule: &Rule,
        scope: &mut Scope<'a>,
    ) -> Result<Said, NotSayable> {
        let value = RuleSubject::Json(pointer);
        Ok(match rule {
            Rule::Type(types) => {
                let expected = format!(" of type {}", types.join(" or "));
                value.checked_with("type", &types.join(" "), &expected)
            }
            Rule::Sorted(sorting) => {
                let (word, order) = match sorting {
                    Sorting::Tags => ("tags", "lexical order"),
                    Sorting::Letters => ("letters", "alphabetical order regardless of case"),
                };
                value.checked_with("sorted", word, &format!(" in {order}"))
            }
            Rule::Unique => value.checked("unique", " without duplicates"),
            Rule::Count(least, most) => count(value, *least, *most),
            Rule::Each(rules) => self.json_each(pointer, rules, scope)?,
            Rule::Inside(inner, rules) => {
                let pointer = pointer.clone().and_text(inner);
                self.rules(RuleSubject::Json(&pointer), rules, scope)?
            }
            _ => return Err(beyond("of a JSON value")),
        })
    }

    /// `one_of` with lists.
    ///
    /// # Errors
    /// Where a value is no list of scalars.
    pub fn one_of_lists(
        &mut self,
        value: RuleSubject<'_>,
        lists: &[JsonTemplate],
        scope: &mut Scope<'a>,
    ) -> Result<Said, NotSayable> {
        let mut conditions = Vec::new();
        let mut expected = Vec::new();
        for list in lists {
            let Json::Array(items) = list.source() else {
                return Err(beyond("one_of"));
            };
            let items = items
                .iter()
                .map(|item| self.scalar(scope, item).map(|(_, word)| word));
            let items: Vec<Word> = items.collect::<Result<_, _>>()?;
            let command = format!("{} {}", value.command("list_is"), spaced(&items));
            conditions.push(Condition::of(command.trim_end()));
            expected.push(Word::text("[").and(&joined(&items, ", ")).and_text("]"));
        }
        Ok(Said {
            condition: Condition::any(conditions),
            expected: value.words(": ").and(&joined(&expected, " or ")),
        })
    }

    /// `contains` and `excludes`: texts together, and each object alone.
    ///
    /// # Errors
    /// Where a value is neither a text nor an object.
    pub fn json_elements(
        &mut self,
        subject: RuleSubject<'_>,
        values: &[JsonTemplate],
        scope: &mut Scope<'a>,
        [of_texts, of_object]: [&str; 2],
        expected_of: &str,
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
                let command = format!("{} {}", subject.command(of_object), words.join(" "));
                condition = condition.and(Condition::of(command));
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
            let command = format!("{} {}", subject.command(of_texts), spaced(&texts));
            condition = condition.and(Condition::of(command));
        }
        Ok(Said {
            condition,
            expected: subject.words(expected_of).and(&joined(&expected, " and ")),
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
        let element = Word::variable("1");
        let inner = self.rules(RuleSubject::Json(&element), rules, scope)?;
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
fn count(value: RuleSubject<'_>, least: u64, most: u64) -> Said {
    let limit = match most {
        u64::MAX => "''".to_owned(),
        most => most.to_string(),
    };
    let words = count_between(least, most, "element");
    value.checked_with(
        "count",
        &format!("{least} {limit}"),
        &format!(" with {words}"),
    )
}
