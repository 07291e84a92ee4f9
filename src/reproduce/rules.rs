//! Rules for a header, or for a value of a JSON body, as commands.

use super::builder::Builder;
use super::condition::Condition;
use super::not_sayable::NotSayable;
use super::pattern::posix;
use super::rule_subject::RuleSubject;
use super::said::{Said, beyond, joined};
use super::scope::Scope;
use super::word::{Word, quote};
use crate::suite::{JsonTemplate, Rule};
use crate::template::Template;

impl<'a> Builder<'a> {
    /// Rules for a header, or for a JSON value.
    ///
    /// # Errors
    /// For a rule that has no command.
    pub fn rules(
        &mut self,
        subject: RuleSubject<'_>,
        rules: &[Rule],
        scope: &mut Scope<'a>,
    ) -> Result<Said, NotSayable> {
        let rules = rules.iter().map(|rule| self.rule(subject, rule, scope));
        Ok(Said::all(rules.collect::<Result<_, _>>()?))
    }

    fn rule(
        &mut self,
        subject: RuleSubject<'_>,
        rule: &Rule,
        scope: &mut Scope<'a>,
    ) -> Result<Said, NotSayable> {
        Ok(match rule {
            Rule::Present(true) => subject.checked("present", " present"),
            Rule::Present(false) => subject.checked("absent", " absent"),
            Rule::OneOf(values) => self.one_of(subject, values, scope)?,
            Rule::NoneOf(values) => {
                let words = self.scalars(values, scope)?;
                subject.compared("is_not", &words, " other than ", " and ")
            }
            Rule::Matches(form) => {
                let pattern = posix(form.regex.as_str()).ok_or_else(|| beyond("matches"))?;
                let expected = format!(" of the form {}", form.words);
                subject.checked_with("matches", &quote(&pattern), &expected)
            }
            Rule::Contains(values) => {
                self.elements(subject, values, scope, ["contains", "covers"], " with ")?
            }
            Rule::Excludes(values) => {
                let commands = ["excludes", "covers_none"];
                self.elements(subject, values, scope, commands, " without ")?
            }
            Rule::DigestOf(_)
            | Rule::MediaType(_)
            | Rule::Address(_)
            | Rule::Lists(_)
            | Rule::ListsOnly(_)
            | Rule::BytesAtMost(_) => self.header_rule(subject.header()?, rule, scope)?,
            Rule::Type(_)
            | Rule::Sorted(_)
            | Rule::Unique
            | Rule::Count(..)
            | Rule::Each(_)
            | Rule::Inside(..) => self.json_rule(subject.pointer()?, rule, scope)?,
        })
    }

    /// A rule that only headers have.
    fn header_rule(
        &mut self,
        header: RuleSubject<'_>,
        rule: &Rule,
        scope: &mut Scope<'a>,
    ) -> Result<Said, NotSayable> {
        Ok(match rule {
            Rule::DigestOf(content) => {
                let file = self.file(scope, content)?;
                header.checked_with("is_digest_of", &file, " with a digest of the content")
            }
            Rule::MediaType(kind) => {
                let kind = [self.text(scope, kind)?];
                header.compared("media_type", &kind, ": ", "")
            }
            Rule::Address(true) => header.checked("is_url", " with a URL for requests"),
            Rule::Address(false) => header.checked("is_no_url", " without a URL for requests"),
            Rule::BytesAtMost(most) => {
                let expected = format!(" with at most {most} bytes");
                header.checked_with("bytes_at_most", &most.to_string(), &expected)
            }
            Rule::Lists(parts) => {
                let words = self.texts(parts, scope)?;
                header.compared("lists", &words, " with ", " and ")
            }
            Rule::ListsOnly(parts) => {
                let words = self.texts(parts, scope)?;
                header.compared("lists_only", &words, " with only ", ", ")
            }
            _ => return Err(beyond("of a header")),
        })
    }

    fn one_of(
        &mut self,
        subject: RuleSubject<'_>,
        values: &[JsonTemplate],
        scope: &mut Scope<'a>,
    ) -> Result<Said, NotSayable> {
        match subject {
            RuleSubject::Json(_) if values.iter().any(|value| value.source().is_array()) => {
                self.one_of_lists(subject, values, scope)
            }
            RuleSubject::Header(_) | RuleSubject::Json(_) => {
                let words = self.scalars(values, scope)?;
                Ok(subject.compared("is", &words, ": ", " or "))
            }
        }
    }

    /// `contains` and `excludes`, with the command for values and the one for an object.
    fn elements(
        &mut self,
        subject: RuleSubject<'_>,
        values: &[JsonTemplate],
        scope: &mut Scope<'a>,
        commands: [&str; 2],
        expected: &str,
    ) -> Result<Said, NotSayable> {
        if let RuleSubject::Json(_) = subject {
            return self.json_elements(subject, values, scope, commands, expected);
        }
        let [of_values, _] = commands;
        let words = self.scalars(values, scope)?;
        let command = subject.command(of_values);
        let conditions = words
            .iter()
            .map(|word| Condition::of(format!("{command} {word}")));
        Ok(Said {
            condition: conditions.fold(Condition::default(), Condition::and),
            expected: subject.words(expected).and(&joined(&words, " and ")),
        })
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
