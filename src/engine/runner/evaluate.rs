//! Evaluating a response: the expectations of a step become checks.

use super::state::Runner;
use crate::engine::evidence::{Stop, cut};
use crate::engine::matching::{
    Compared, MatchResult, Settling, Subject, block_meaningless, evaluate,
};
use crate::engine::scope::Scope;
use crate::record::{Check, CheckVerdict, Part};
use crate::suite::{Matcher, Step};

/// The results of comparing a response with the expectations of a step.
pub struct Evaluation<'s> {
    results: Vec<Compared<'s>>,
    declined: Option<&'s str>,
}

impl Evaluation<'_> {
    /// Whether every expectation holds.
    pub fn conforms(&self) -> bool {
        !self.results.iter().any(Compared::violates)
    }

    /// How a later response may meet more of the expectations. Under a URL that has the digest of the content
    /// (`names_bytes`), there is no older content: only a status may change.
    pub fn settling(&self, names_bytes: bool) -> Settling {
        let violated = self.results.iter().filter_map(|one| match &one.result {
            _ if one.blocked.is_some() => None,
            MatchResult::Violates { settling, part, .. } => {
                let lasts = names_bytes && *part != Some(Part::Status);
                Some(*settling).filter(|_| !lasts)
            }
            MatchResult::Conforms { .. } | MatchResult::NotApplicable => None,
        });
        violated.fold(Settling::Never, Settling::any)
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
            let Some(level) = catalogue.binding_level(&expectation.requirement, spec) else {
                continue;
            };
            let result = self.evaluate_matcher(&expectation.matcher, subject, scope)?;
            results.push(Compared::new(expectation, level, result));
        }
        block_meaningless(&mut results, subject);
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
        let first = self.evidence.checks.len();
        for one in evaluation.results {
            let (verdict, expected, actual, part) = match (one.blocked, one.result) {
                (_, MatchResult::NotApplicable) => continue,
                (Some(why), _) => (CheckVerdict::Blocked, String::new(), why, None),
                (None, MatchResult::Conforms { expected, actual }) => {
                    (CheckVerdict::Pass, expected, actual, None)
                }
                (
                    None,
                    MatchResult::Violates {
                        expected,
                        actual,
                        part,
                        ..
                    },
                ) => (CheckVerdict::broken(one.level), expected, actual, part),
            };
            let requirement = &one.expectation.requirement;
            let mut found = self.evidence.checks.iter().skip(first);
            let known = found.any(|check| check.requirement == *requirement);
            if known && verdict == CheckVerdict::Blocked {
                continue;
            }
            let matcher = &one.expectation.matcher;
            // Where a matcher that demands no status is violated by the status, a success was presumed.
            let presumed = part == Some(Part::Status) && !matcher.judges_status();
            let shown = |text: String| cut(self.context.target.redact(&text));
            let mut check = Check {
                expected: shown(expected),
                actual: shown(actual),
                exchange,
                via_procedure: self.procedure.clone(),
                part,
                expects_success: presumed || matcher.expects_success(),
                ..Check::new(requirement, one.level, verdict)
            };
            check.message = match verdict {
                CheckVerdict::Pass => format!("{about}: {}", check.actual),
                CheckVerdict::Blocked => format!("{about}: not judged, {}", check.actual),
                _ => format!("{about}: {}", check.difference()),
            };
            self.evidence.checks.push(check);
        }
        Ok(())
    }
}
