//! Evaluating a response: the expectations of a step become checks.

use super::state::Runner;
use crate::catalogue::Level;
use crate::engine::evidence::{Stop, cut};
use crate::engine::matching::{MatchResult, Subject, evaluate};
use crate::engine::scope::Scope;
use crate::record::{Check, CheckVerdict, Part};
use crate::suite::{Expectation, Matcher, Step};

/// The results of comparing a response with the expectations of a step.
pub struct Evaluation<'s> {
    results: Vec<(&'s Expectation, Level, MatchResult)>,
    declined: Option<&'s str>,
}

impl Evaluation<'_> {
    /// Whether every expectation holds.
    pub fn conforms(&self) -> bool {
        !self.results.iter().any(|(_, _, result)| result.violates())
    }

    /// Whether a later response may meet the expectations; not where the bytes are wrong and the URL has their digest.
    pub fn may_settle(&self, names_bytes: bool) -> bool {
        self.results.iter().any(|(_, _, result)| match result {
            MatchResult::Violates {
                may_settle, part, ..
            } => *may_settle && !(names_bytes && *part == Some(Part::Body)),
            MatchResult::Conforms { .. } | MatchResult::NotApplicable => false,
        })
    }
}

impl<'w> Runner<'w> {
    /// Compares a response, or pages, with the expectations of a step.
    pub fn evaluate<'s>(
        &self,
        step: &'s Step,
        subject: Subject<'_>,
        scope: &mut Scope<'w>,
    ) -> Result<Evaluation<'s>, Stop> {
        for (feature, matcher) in &step.declined {
            if self.evaluate_matcher(matcher, subject, scope)?.conforms() {
                return Ok(Evaluation {
                    results: Vec::new(),
                    declined: Some(feature),
                });
            }
        }
        let mut results = Vec::new();
        for expectation in &step.expect {
            let (catalogue, spec) = (&self.context.suites.catalogue, self.context.settings.spec);
            let level = catalogue.level(&expectation.requirement, spec);
            let Some(level) = level.filter(|level| *level != Level::May) else {
                continue;
            };
            let result = self.evaluate_matcher(&expectation.matcher, subject, scope)?;
            results.push((expectation, level, result));
        }
        Ok(Evaluation {
            results,
            declined: None,
        })
    }

    /// Compares a response, or pages, with a matcher.
    pub fn evaluate_matcher(
        &self,
        matcher: &Matcher,
        subject: Subject<'_>,
        scope: &mut Scope<'w>,
    ) -> Result<MatchResult, Stop> {
        evaluate(matcher, subject, scope).map_err(|error| self.missing(&error))
    }

    /// Turns results into checks; a declined feature ends the case.
    pub fn judge(&mut self, step: &Step, evaluation: Evaluation<'_>) -> Result<(), Stop> {
        if let Some(feature) = evaluation.declined {
            self.decline(feature);
            return Err(Stop::Declined);
        }
        let exchange = self.evidence.exchanges.len().checked_sub(1);
        let about = match self.evidence.exchanges.last() {
            Some(exchange) if step.title.is_empty() => exchange.step.clone(),
            _ => step.title.clone(),
        };
        for (expectation, level, result) in evaluation.results {
            let (verdict, expected, actual, part) = match result {
                MatchResult::NotApplicable => continue,
                MatchResult::Conforms { expected, actual } => {
                    (CheckVerdict::Pass, expected, actual, None)
                }
                MatchResult::Violates {
                    expected,
                    actual,
                    part,
                    ..
                } => (CheckVerdict::broken(level), expected, actual, part),
            };
            let redact = |text: String| self.context.target.redact(&text);
            let mut check = Check {
                expected: redact(cut(expected)),
                actual: redact(cut(actual)),
                exchange,
                via_procedure: self.procedure.clone(),
                part,
                ..Check::new(&expectation.requirement, level, verdict)
            };
            check.message = match verdict {
                CheckVerdict::Pass => format!("{about}: {}", check.actual),
                _ => format!("{about}: {}", check.difference()),
            };
            self.evidence.checks.push(check);
        }
        Ok(())
    }
}
