//! The expectations of a step as judgements.

use super::builder::Builder;
use super::condition::Condition;
use super::not_sayable::NotSayable;
use super::scope::Scope;
use super::value::Value;
use super::word::{Word, quote};
use crate::endpoint::EndpointKind;
use crate::suite::{Action, Expectation, Matcher, Step};

/// A step whose response is judged.
pub struct Judged<'a, 'b> {
    pub step: &'a Step,
    pub method: &'static str,
    pub endpoint: EndpointKind,
    /// The file of the request's body.
    pub body: Option<&'b str>,
}

impl<'a> Builder<'a> {
    /// Judges the response to a step.
    ///
    /// # Errors
    /// When an expectation has no command.
    pub fn judge(
        &mut self,
        judged: &Judged<'a, '_>,
        scope: &mut Scope<'a>,
    ) -> Result<(), NotSayable> {
        for (feature, matcher) in &judged.step.declined {
            self.decline(feature, matcher, scope)?;
        }
        if let Some(invariant) = self.checks.invariant.clone() {
            if invariant.is_about(judged.method, judged.endpoint)
                && !matches!(judged.step.action, Action::Paginate { .. })
            {
                let mut scope = self.invariant_scope(judged);
                for expectation in &invariant.expect {
                    self.judge_one(expectation, None, &mut scope)?;
                }
            }
            return Ok(());
        }
        for expectation in &judged.step.expect {
            let guard = self.relevance(expectation, judged.step, scope)?;
            self.judge_one(expectation, guard, scope)?;
        }
        Ok(())
    }

    fn decline(
        &mut self,
        feature: &str,
        matcher: &Matcher,
        scope: &mut Scope<'a>,
    ) -> Result<(), NotSayable> {
        let condition = self.matcher(matcher, scope)?.conforms();
        let title = self.suites.features.get(feature);
        let title = title.map_or(feature, |feature| feature.title.as_str());
        self.body.open(format!("if {condition}; then"));
        self.judge_missing(feature);
        self.body.push(format!("declined {}", quote(title)));
        self.body.close("fi");
        Ok(())
    }

    /// A missing feature that the specification recommends is a violation.
    pub fn judge_missing(&mut self, feature: &str) {
        let suites = self.suites;
        let Some(feature) = suites.features.get(feature) else {
            return;
        };
        let Some(requirement) = &feature.should else {
            return;
        };
        if let Some(level) = self.checks.level(requirement, &suites.catalogue, self.spec) {
            self.judges = true;
            self.body.push("ACTUAL=\"status $STATUS\"");
            let expected = Word::text(&feature.title);
            self.body.push(format!(
                "judge 1 {} {} {expected}",
                quote(requirement),
                level
            ));
        }
    }

    fn judge_one(
        &mut self,
        expectation: &Expectation,
        guard: Option<Condition>,
        scope: &mut Scope<'a>,
    ) -> Result<(), NotSayable> {
        let level = self
            .checks
            .level(&expectation.requirement, &self.suites.catalogue, self.spec);
        let Some(level) = level else {
            return Ok(());
        };
        let said = self.matcher(&expectation.matcher, scope)?;
        let when = match (guard, said.when) {
            (Some(guard), when) => Some(guard.and(when.unwrap_or_default())),
            (None, when) => when,
        };
        if let Some(when) = &when {
            self.body.open(format!("if {when}; then"));
        }
        self.judges = true;
        self.body.push(said.condition.to_string());
        let requirement = quote(&expectation.requirement);
        self.body.push(format!(
            "judge $? {requirement} {} {}",
            level, said.expected
        ));
        if when.is_some() {
            self.body.close("fi");
        }
        Ok(())
    }

    /// Where a response has a meaning for an expectation that names no status: it is a success, or none was demanded.
    fn relevance(
        &mut self,
        expectation: &Expectation,
        step: &Step,
        scope: &mut Scope<'a>,
    ) -> Result<Option<Condition>, NotSayable> {
        let level = self
            .checks
            .level(&expectation.requirement, &self.suites.catalogue, self.spec);
        if level.is_none() {
            return Ok(None);
        }
        let binding = |one: &&Expectation| {
            let catalogue = &self.suites.catalogue;
            one.matcher.judges_status()
                && catalogue
                    .binding_level(&one.requirement, self.spec)
                    .is_some()
        };
        let of_status: Vec<&Expectation> = step.expect.iter().filter(binding).collect();
        let paginated = matches!(step.action, Action::Paginate { .. });
        let mut guard: Option<Condition> = None;
        if !expectation.matcher.names_status() && !of_status.is_empty() {
            guard = Some(if paginated {
                Condition::of("pages_listed")
            } else {
                let mut met = Condition::default();
                for one in of_status {
                    met = met.and(self.matcher(&one.matcher, scope)?.holds());
                }
                Condition::any(vec![Condition::of("status_is 2xx"), met])
            });
        }
        if expectation.matcher.items.is_some() && !expectation.matcher.shows_in_a_part() {
            guard = Some(guard.unwrap_or_default().and(Condition::of("pages_whole")));
        }
        Ok(guard)
    }

    /// The names that the expectations of an invariant refer to.
    fn invariant_scope(&mut self, judged: &Judged<'a, '_>) -> Scope<'a> {
        let mut scope = Scope::default();
        let record = |parts: Vec<(&str, Value)>| {
            let parts = parts
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value));
            Value::Record(parts.collect())
        };
        let body = match judged.body {
            Some(file) => file.to_owned(),
            None => {
                self.content.define("empty.bytes", ": >empty.bytes");
                "empty.bytes".to_owned()
            }
        };
        let text = |command: &str| Value::Text(Word::command(command));
        let request = record(vec![
            ("body", Value::Bytes(body)),
            ("repository", text("requested_repository")),
            ("digest", text("requested_reference")),
        ]);
        scope.set("request", request);
        scope.set(
            "response",
            record(vec![("body", Value::Bytes("response.body".to_owned()))]),
        );
        scope
    }
}
