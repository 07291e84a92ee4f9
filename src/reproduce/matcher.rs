//! Matchers as conditions.

use super::builder::Builder;
use super::condition::Condition;
use super::not_sayable::NotSayable;
use super::rule_subject::{RuleSubject, WHOLE_VALUE};
use super::said::Said;
use super::scope::Scope;
use super::value::Value;
use super::word::{Word, quote};
use crate::suite::{LinkText, Matcher, MatcherWord, Rule, Statuses};
use crate::template::Template;

/// A matcher as conditions.
pub struct SaidMatcher {
    /// Without it, the matcher does not apply.
    pub when: Option<Condition>,
    pub condition: Condition,
    pub expected: Word,
}

impl SaidMatcher {
    /// Where the response meets the matcher.
    pub fn conforms(self) -> Condition {
        self.when.unwrap_or_default().and(self.condition)
    }

    /// Where the response does not violate the matcher.
    pub fn holds(self) -> Condition {
        match self.when {
            None => self.condition,
            Some(when) => Condition::any(vec![when.negated(), self.condition]),
        }
    }
}

impl<'a> Builder<'a> {
    /// A matcher for a response, or for the pages of a list.
    ///
    /// # Errors
    /// For a word that has no command.
    pub fn matcher(
        &mut self,
        matcher: &Matcher,
        scope: &mut Scope<'a>,
    ) -> Result<SaidMatcher, NotSayable> {
        let when = match &matcher.when {
            Some(when) => Some(self.matcher(when, scope)?.conforms()),
            None => None,
        };
        let mut parts = Vec::new();
        for word in matcher.words() {
            self.of_word(word, scope, &mut parts)?;
        }
        let Said {
            condition,
            expected,
        } = Said::all(parts);
        Ok(SaidMatcher {
            when,
            condition,
            expected,
        })
    }

    /// Adds the commands of one word.
    fn of_word(
        &mut self,
        word: MatcherWord<'_>,
        scope: &mut Scope<'a>,
        parts: &mut Vec<Said>,
    ) -> Result<(), NotSayable> {
        parts.push(match word {
            MatcherWord::Status(statuses) => Said::new(
                status_command(statuses),
                Word::text(format!("status {statuses}")),
            ),
            MatcherWord::Header(name, rules) => {
                self.rules(RuleSubject::Header(name), rules, scope)?
            }
            MatcherWord::Lines(name, rules @ [Rule::BytesAtMost(_)]) => {
                self.rules(RuleSubject::Header(name), rules, scope)?
            }
            MatcherWord::Lines(name, _) => {
                return Err(NotSayable::beyond(format!(
                    "the lines of header {name} are compared one by one"
                )));
            }
            MatcherWord::Link(link) => {
                let (quality, words) = link_words(link);
                Said::new(format!("link_is {quality}"), words.into())
            }
            MatcherWord::Body(body) => self.body_is(body, scope)?,
            MatcherWord::Part(part) => self.body_is_part(part, scope)?,
            MatcherWord::Digest(digest) => {
                let digest = self.text(scope, digest)?;
                let expected = Word::text("the bytes of ").and(&digest);
                Said::new(format!("body_has_digest {digest}"), expected)
            }
            MatcherWord::Json(pointer, rules) => {
                self.rules(RuleSubject::Json(&Word::text(pointer)), rules, scope)?
            }
            MatcherWord::IsJson(true) => Said::new("is_json", "a JSON body".into()),
            MatcherWord::IsJson(false) => {
                Said::new("is_not_json", "a body that is not JSON".into())
            }
            MatcherWord::Error(codes) => {
                let quoted: Vec<String> = codes.iter().map(|code| quote(code)).collect();
                let expected = format!("an error body with the code {}", codes.join(" or "));
                let command = format!("error_code_is {}", quoted.join(" "));
                Said::new(command, Word::text(expected))
            }
            MatcherWord::Page(inner) => self.each_page(inner, scope)?,
            MatcherWord::Items(rules) => return self.items(rules, scope, parts),
            MatcherWord::Ends => Said::new("pages_end", "Links that lead to a last page".into()),
            MatcherWord::Any(alternatives) => self.any(alternatives, scope)?,
        });
        Ok(())
    }

    fn body_is(&mut self, body: &Template, scope: &mut Scope<'a>) -> Result<Said, NotSayable> {
        let file = self.file(scope, body)?;
        let value = self.value(scope, body).ok();
        let size = value.and_then(|value| value.get("size").and_then(Value::word));
        let size = size.map_or_else(Word::default, |size| size.and_text(" "));
        let expected = Word::text("the ")
            .and(&size)
            .and_text("bytes that were pushed");
        Ok(Said::new(format!("body_is {file}"), expected))
    }

    fn body_is_part(&mut self, part: &Template, scope: &mut Scope<'a>) -> Result<Said, NotSayable> {
        let (file, chunk) = (self.file(scope, part)?, self.value(scope, part)?);
        let start = chunk.get("start").and_then(Value::word);
        let start = start.unwrap_or_else(|| "0".into());
        Ok(Said::new(
            format!("body_is_part {file} {start}"),
            "the part that Content-Range names".into(),
        ))
    }

    fn each_page(&mut self, page: &Matcher, scope: &mut Scope<'a>) -> Result<Said, NotSayable> {
        let inner = self.matcher(page, scope)?;
        let expected = Word::text("each page: ").and(&inner.expected);
        let function = self.function("page");
        self.body.open(format!("{function}() {{"));
        self.body.push(inner.holds().to_string());
        self.body.close("}");
        Ok(Said::new(format!("each_page {function}"), expected))
    }

    /// Adds the rules for the whole list, each by itself.
    fn items(
        &mut self,
        rules: &[Rule],
        scope: &mut Scope<'a>,
        parts: &mut Vec<Said>,
    ) -> Result<(), NotSayable> {
        for rule in rules {
            let list = Word::default();
            let said = self.rules(RuleSubject::Json(&list), std::slice::from_ref(rule), scope)?;
            let function = self.function("items");
            self.body.open(format!("{function}() {{"));
            self.body.push(said.condition.to_string());
            self.body.close("}");
            let expected = of_whole_list(&said.expected);
            parts.push(Said::new(format!("items {function}"), expected));
        }
        Ok(())
    }

    fn any(&mut self, alternatives: &[Matcher], scope: &mut Scope<'a>) -> Result<Said, NotSayable> {
        let mut conditions = Vec::new();
        let mut expected = Word::default();
        for alternative in alternatives {
            let said = self.matcher(alternative, scope)?;
            let joint = if expected.is_empty() { "" } else { ", or " };
            expected = expected.and_text(joint).and(&said.expected);
            conditions.push(said.conforms());
        }
        Ok(Said {
            condition: Condition::any(conditions),
            expected,
        })
    }
}

/// What is expected of the elements of all pages together.
fn of_whole_list(expected: &Word) -> Word {
    let named = expected.map_text(|text| text.replacen(WHOLE_VALUE, "the whole list", 1));
    match named == *expected {
        true => Word::text("the whole list: ").and(expected),
        false => named,
    }
}

/// The test of a status.
pub fn status_command(statuses: &Statuses) -> String {
    let words = statuses
        .ranges
        .iter()
        .map(|(first, last)| match first == last {
            true => first.to_string(),
            false => format!("{}xx", first / 100),
        });
    format!("status_is {}", words.collect::<Vec<_>>().join(" "))
}

const fn link_words(link: LinkText) -> (&'static str, &'static str) {
    match link {
        LinkText::Next => ("next", "header Link with a link of relation next"),
        LinkText::None => ("none", "header Link without a link of relation next"),
        LinkText::Formed => ("formed", "header Link well-formed or absent"),
        LinkText::Forward => (
            "forward",
            "header Link with a link of relation next, or absent",
        ),
    }
}
