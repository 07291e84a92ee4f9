//! Matchers as conditions.

use super::builder::Builder;
use super::condition::Condition;
use super::json_rules::WHOLE_VALUE;
use super::not_sayable::NotSayable;
use super::rules::Said;
use super::scope::Scope;
use super::value::Value;
use super::word::{Word, quote};
use crate::suite::{LinkText, Matcher, Rule, Statuses};

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
        // A new word does not compile until it stands here and in one of the functions below.
        let Matcher {
            when,
            status: _,
            headers: _,
            lines: _,
            link: _,
            body: _,
            part: _,
            digest: _,
            json: _,
            error: _,
            is_json: _,
            page: _,
            items: _,
            ends: _,
            any,
        } = matcher;
        let when = match when {
            Some(when) => Some(self.matcher(when, scope)?.conforms()),
            None => None,
        };
        let mut parts = Vec::new();
        self.of_head(matcher, scope, &mut parts)?;
        self.of_body(matcher, scope, &mut parts)?;
        self.of_pages(matcher, scope, &mut parts)?;
        if !any.is_empty() {
            parts.push(self.any(any, scope)?);
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

    /// The status and the headers.
    fn of_head(
        &mut self,
        matcher: &Matcher,
        scope: &mut Scope<'a>,
        parts: &mut Vec<Said>,
    ) -> Result<(), NotSayable> {
        if let Some(statuses) = &matcher.status {
            parts.push(Said::new(
                status_command(statuses),
                Word::text(format!("status {statuses}")),
            ));
        }
        for (name, rules) in &matcher.headers {
            parts.push(self.header_rules(name, rules, scope)?);
        }
        for (name, rules) in &matcher.lines {
            match rules.as_slice() {
                [Rule::BytesAtMost(_)] => parts.push(self.header_rules(name, rules, scope)?),
                _ => {
                    return Err(NotSayable::beyond(format!(
                        "the lines of header {name} are compared one by one"
                    )));
                }
            }
        }
        if let Some(link) = matcher.link {
            let (quality, words) = link_words(link);
            parts.push(Said::new(format!("link_is {quality}"), words.into()));
        }
        Ok(())
    }

    fn of_body(
        &mut self,
        matcher: &Matcher,
        scope: &mut Scope<'a>,
        parts: &mut Vec<Said>,
    ) -> Result<(), NotSayable> {
        if let Some(body) = &matcher.body {
            let file = self.file(scope, body)?;
            let value = self.value(scope, body).ok();
            let size = value.and_then(|value| value.get("size").and_then(Value::word));
            let size = size.map_or_else(Word::default, |size| size.and_text(" "));
            let expected = Word::text("the ")
                .and(&size)
                .and_text("bytes that were pushed");
            parts.push(Said::new(format!("body_is {file}"), expected));
        }
        if let Some(part) = &matcher.part {
            let (file, chunk) = (self.file(scope, part)?, self.value(scope, part)?);
            let start = chunk.get("start").and_then(Value::word);
            let start = start.unwrap_or_else(|| "0".into());
            parts.push(Said::new(
                format!("body_is_part {file} {start}"),
                "the part that Content-Range names".into(),
            ));
        }
        if let Some(digest) = &matcher.digest {
            let digest = self.text(scope, digest)?;
            parts.push(Said::new(
                format!("body_has_digest {digest}"),
                Word::text("the bytes of ").and(&digest),
            ));
        }
        for (pointer, rules) in &matcher.json {
            parts.push(self.json_rules(&Word::text(pointer), rules, scope)?);
        }
        match matcher.is_json {
            Some(true) => parts.push(Said::new("is_json", "a JSON body".into())),
            Some(false) => parts.push(Said::new("is_not_json", "a body that is not JSON".into())),
            None => {}
        }
        if !matcher.error.is_empty() {
            let codes: Vec<String> = matcher.error.iter().map(|code| quote(code)).collect();
            let expected = format!("an error body with the code {}", matcher.error.join(" or "));
            parts.push(Said::new(
                format!("error_code_is {}", codes.join(" ")),
                Word::text(expected),
            ));
        }
        Ok(())
    }

    fn of_pages(
        &mut self,
        matcher: &Matcher,
        scope: &mut Scope<'a>,
        parts: &mut Vec<Said>,
    ) -> Result<(), NotSayable> {
        if let Some(page) = &matcher.page {
            let inner = self.matcher(page, scope)?;
            let expected = Word::text("each page: ").and(&inner.expected);
            let function = self.function("page");
            self.body.open(format!("{function}() {{"));
            self.body.push(inner.holds().to_string());
            self.body.close("}");
            parts.push(Said::new(format!("each_page {function}"), expected));
        }
        if let Some(rules) = &matcher.items {
            for rule in rules {
                let said = self.json_rules(&Word::default(), std::slice::from_ref(rule), scope)?;
                let function = self.function("items");
                self.body.open(format!("{function}() {{"));
                self.body.push(said.condition.to_string());
                self.body.close("}");
                let expected = of_whole_list(&said.expected);
                parts.push(Said::new(format!("items {function}"), expected));
            }
        }
        if matcher.ends {
            parts.push(Said::new(
                "pages_end",
                "Links that lead to a last page".into(),
            ));
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
