//! Matchers and rules.

use indexmap::IndexMap;
use regex::Regex;
use serde_json::Value as Json;

use super::Compiler;
use super::names::Names;
use crate::data::SourceSpan;
use crate::suite::format::{MatcherText, OneOrMany, RuleText, RulesText, StatusText};
use crate::suite::model::{Matcher, Rule, Statuses};

impl Compiler<'_> {
    /// Compiles a matcher; its mistakes are left with the compiler.
    pub(super) fn matcher(
        &mut self,
        text: &MatcherText,
        names: &Names,
        span: &SourceSpan,
    ) -> Matcher {
        let status = text.status.as_ref();
        Matcher {
            when: text
                .when
                .as_ref()
                .map(|when| Box::new(self.matcher(when, names, &span.at("when")))),
            status: status.map(|status| self.statuses(status, &span.at("status"))),
            headers: self.rules_by_name(&text.header, names, &span.at("header")),
            lines: self.rules_by_name(&text.lines, names, &span.at("lines")),
            link: text.link,
            body: text
                .body
                .as_ref()
                .map(|body| self.template(body, names, &span.at("body"))),
            digest: text
                .digest
                .as_ref()
                .map(|digest| self.template(digest, names, &span.at("digest"))),
            json: self.rules_by_name(&text.json, names, &span.at("json")),
            error: text
                .error
                .iter()
                .flat_map(OneOrMany::iter)
                .cloned()
                .collect(),
            is_json: text.is_json,
            page: text
                .page
                .as_ref()
                .map(|page| Box::new(self.matcher(page, names, &span.at("page")))),
            items: text
                .items
                .as_ref()
                .map(|items| self.rule(items, names, &span.at("items"))),
            ends: text.ends,
            any: text
                .any
                .iter()
                .enumerate()
                .map(|(index, one)| self.matcher(one, names, &span.at("any").at(index)))
                .collect(),
        }
    }

    fn statuses(&mut self, text: &OneOrMany<StatusText>, span: &SourceSpan) -> Statuses {
        let mut ranges = Vec::new();
        for status in text.iter() {
            let range = match status {
                StatusText::Code(code) if (100..600).contains(code) => Some((*code, *code)),
                StatusText::Class(class) => class
                    .strip_suffix("xx")
                    .and_then(|class| class.parse::<u16>().ok())
                    .filter(|class| (1..=5).contains(class))
                    .map(|class| (class * 100, class * 100 + 99)),
                StatusText::Code(_) => None,
            };
            match range {
                Some(range) => ranges.push(range),
                None => self.diagnostic(
                    span.diagnostic("this is no status")
                        .help("write a number (404), a class (4xx), or a list of them"),
                ),
            }
        }
        Statuses { ranges }
    }

    fn rules_by_name(
        &mut self,
        texts: &IndexMap<String, RuleText>,
        names: &Names,
        span: &SourceSpan,
    ) -> Vec<(String, Vec<Rule>)> {
        texts
            .iter()
            .map(|(name, rule)| (name.clone(), self.rule(rule, names, &span.at(name))))
            .collect()
    }

    fn rule(&mut self, text: &RuleText, names: &Names, span: &SourceSpan) -> Vec<Rule> {
        let equal = match text {
            RuleText::Text(text) => Json::String(text.clone()),
            RuleText::Number(number) => Json::from(*number),
            RuleText::Flag(flag) => Json::from(*flag),
            RuleText::Rules(rules) => return self.rules(rules, names, span),
        };
        vec![Rule::OneOf(vec![self.json(&equal, names, span)])]
    }

    fn rules(&mut self, text: &RulesText, names: &Names, span: &SourceSpan) -> Vec<Rule> {
        let mut rules = Vec::new();
        rules.extend(text.present.map(Rule::Present));
        if let Some(value) = &text.equals {
            let value = self.json(value, names, &span.at("equals"));
            rules.push(Rule::OneOf(vec![value]));
        }
        if let Some(values) = &text.one_of {
            let values = values
                .iter()
                .map(|value| self.json(value, names, &span.at("one_of")));
            rules.push(Rule::OneOf(values.collect()));
        }
        if let Some(values) = &text.none_of {
            let values = values
                .iter()
                .map(|value| self.json(value, names, &span.at("none_of")));
            rules.push(Rule::NoneOf(values.collect()));
        }
        if let Some(pattern) = &text.matches {
            match Regex::new(&format!("^(?:{pattern})$")) {
                Ok(regex) => rules.push(Rule::Matches(regex)),
                Err(error) => {
                    let message = format!("this is no regular expression: {error}");
                    self.diagnostic(span.at("matches").diagnostic(message));
                }
            }
        }
        if let Some(bytes) = &text.digest_of {
            let bytes = self.template(bytes, names, &span.at("digest_of"));
            rules.push(Rule::DigestOf(bytes));
        }
        if let Some(kind) = &text.media_type {
            let kind = self.template(kind, names, &span.at("media_type"));
            rules.push(Rule::MediaType(kind));
        }
        rules.extend(text.address.map(Rule::Address));
        self.list_rules(text, names, span, &mut rules);
        rules
    }

    fn list_rules(
        &mut self,
        text: &RulesText,
        names: &Names,
        span: &SourceSpan,
        rules: &mut Vec<Rule>,
    ) {
        if let Some(types) = &text.json_type {
            rules.push(Rule::Type(types.iter().cloned().collect()));
        }
        if let Some(values) = &text.contains {
            let at = span.at("contains");
            let values = values.iter().map(|value| self.json(value, names, &at));
            rules.push(Rule::Contains(values.collect()));
        }
        if let Some(values) = &text.excludes {
            let at = span.at("excludes");
            let values = values.iter().map(|value| self.json(value, names, &at));
            rules.push(Rule::Excludes(values.collect()));
        }
        if let Some(parts) = &text.lists {
            let at = span.at("lists");
            let parts = parts.iter().map(|part| self.template(part, names, &at));
            rules.push(Rule::Lists(parts.collect()));
        }
        if let Some(parts) = &text.lists_only {
            let at = span.at("lists_only");
            let parts = parts.iter().map(|part| self.template(part, names, &at));
            rules.push(Rule::ListsOnly(parts.collect()));
        }
        rules.extend(text.sorted.map(Rule::Sorted));
        if text.unique == Some(true) {
            rules.push(Rule::Unique);
        }
        if text.length.is_some() || text.at_least.is_some() || text.at_most.is_some() {
            let least = text.length.or(text.at_least).unwrap_or(0);
            let most = text.length.or(text.at_most).unwrap_or(u64::MAX);
            rules.push(Rule::Count(least, most));
        }
        rules.extend(text.bytes_at_most.map(Rule::BytesAtMost));
        if let Some(each) = &text.each {
            let each = self.rule(each, names, &span.at("each"));
            rules.push(Rule::Each(each));
        }
        for (pointer, inside) in &text.json {
            let inside = self.rule(inside, names, &span.at("json").at(pointer));
            rules.push(Rule::Inside(pointer.clone(), inside));
        }
    }
}
