//! Matchers and rules.

use indexmap::IndexMap;
use regex::Regex;
use serde_json::Value as Json;

use super::Compiler;
use super::names::Names;
use crate::data::{Diagnostic, SourceSpan, did_you_mean, pattern_error};
use crate::suite::format::{MatcherText, OneOrMany, RuleText, RulesText, StatusText};
use crate::suite::model::{Form, Matcher, Rule, Statuses};

/// The JSON types that a rule may name.
const TYPES: [&str; 6] = ["array", "object", "string", "number", "boolean", "null"];

impl Compiler<'_> {
    pub(super) fn matcher(
        &mut self,
        text: &MatcherText,
        names: &Names,
        span: &SourceSpan,
    ) -> Matcher {
        self.doubt_codes(text, span);
        self.check_pointers(text.json.keys(), &span.at("json"));
        Matcher {
            when: text
                .when
                .as_ref()
                .map(|when| Box::new(self.matcher(when, names, &span.at("when")))),
            status: text.status.as_ref().map(statuses),
            headers: self.rules_by_name(&text.header, names, &span.at("header")),
            lines: self.rules_by_name(&text.lines, names, &span.at("lines")),
            link: text.link,
            body: text
                .body
                .as_ref()
                .map(|body| self.template(body, names, &span.at("body"))),
            part: text
                .part
                .as_ref()
                .map(|part| self.template(part, names, &span.at("part"))),
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
            ends: self.only_true("ends", text.ends, span),
            any: text
                .any
                .iter()
                .enumerate()
                .map(|(index, one)| self.matcher(one, names, &span.at("any").at(index)))
                .collect(),
        }
    }

    fn check_pointers<'p>(
        &mut self,
        pointers: impl Iterator<Item = &'p String>,
        span: &SourceSpan,
    ) {
        for pointer in pointers {
            self.check_pointer(pointer, |message| span.at(pointer).key_diagnostic(message));
        }
    }

    /// Whether a word is there that is true or absent: `false` would check nothing.
    fn only_true(&mut self, word: &'static str, value: Option<bool>, span: &SourceSpan) -> bool {
        if value == Some(false) {
            let diagnostic = span
                .at(word)
                .diagnostic(format!("`{word}: false` checks nothing"));
            self.diagnostic(diagnostic.help(format!("leave `{word}` out, or write `true`")));
        }
        value == Some(true)
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
            let words = text.form.as_ref().unwrap_or(pattern).clone();
            match self.pattern(pattern) {
                Ok(regex) => rules.push(Rule::Matches(Form { regex, words })),
                Err(error) => {
                    self.diagnostic(not_a_pattern(pattern, &error, &span.at("matches")));
                }
            }
        } else if text.form.is_some() {
            let span = span.at("form");
            self.diagnostic(span.diagnostic("`form` describes `matches`, which is missing"));
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

    /// The expression that matches a whole text. Cases share patterns, and compiling one takes long.
    fn pattern(&mut self, pattern: &str) -> Result<Regex, regex::Error> {
        if let Some(known) = self.patterns.get(pattern) {
            return Ok(known.clone());
        }
        let regex = Regex::new(&format!("^(?:{pattern})$"))?;
        self.patterns.insert(pattern.to_owned(), regex.clone());
        Ok(regex)
    }

    fn check_types(&mut self, types: &OneOrMany<String>, span: &SourceSpan) {
        let unknown = types.iter().find(|name| !TYPES.contains(&name.as_str()));
        if let Some(name) = unknown {
            let help = did_you_mean(name, TYPES)
                .unwrap_or_else(|| format!("use one of {}", TYPES.join(", ")));
            let message = format!("`{name}` is not a JSON type");
            self.diagnostic(span.diagnostic(message).help(help));
        }
    }

    fn list_rules(
        &mut self,
        text: &RulesText,
        names: &Names,
        span: &SourceSpan,
        rules: &mut Vec<Rule>,
    ) {
        if let Some(types) = &text.json_type {
            self.check_types(types, &span.at("type"));
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
        if self.only_true("unique", text.unique, span) {
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
        self.check_pointers(text.json.keys(), &span.at("json"));
        for (pointer, inside) in &text.json {
            let inside = self.rule(inside, names, &span.at("json").at(pointer));
            rules.push(Rule::Inside(pointer.clone(), inside));
        }
    }
}

fn statuses(text: &OneOrMany<StatusText>) -> Statuses {
    let range = |status: &StatusText| match status {
        StatusText::Code(code) => (*code, *code),
        StatusText::Class(class) => {
            let first = class.bytes().next().unwrap_or(b'0').saturating_sub(b'0');
            (u16::from(first) * 100, u16::from(first) * 100 + 99)
        }
    };
    Statuses {
        ranges: text.iter().map(range).collect(),
    }
}

/// The diagnostic of an invalid pattern.
fn not_a_pattern(pattern: &str, error: &regex::Error, span: &SourceSpan) -> Diagnostic {
    let reason = pattern_error(error);
    span.diagnostic(format!(
        "`matches`: `{pattern}` is not a regular expression: {reason}"
    ))
    .help("the pattern must match the whole text; write a literal `[`, `(` or `.` with `\\` before it")
}
