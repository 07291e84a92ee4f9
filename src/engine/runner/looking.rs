//! Looking at an answer: what is expected of it, and what is written down of that.

use super::Runner;
use crate::engine::evidence::{Stop, cut};
use crate::engine::matching::{Finding, Seen, hold};
use crate::engine::scope::Scope;
use crate::record::{Check, CheckVerdict, Part};
use crate::spec::Level;
use crate::suite::{Expectation, Matcher, Step};

/// What a step saw: the answer, and what holding it against the expectations found.
pub struct Look<'s> {
    findings: Vec<(&'s Expectation, Level, Finding)>,
    declined: Option<&'s str>,
}

impl Look<'_> {
    /// Whether all that is expected holds.
    pub fn holds(&self) -> bool {
        !self.findings.iter().any(|(_, _, found)| found.breaks())
    }

    /// Whether waiting could mend something that is broken; not wrong bytes where the address names them.
    pub fn may_settle(&self, names_bytes: bool) -> bool {
        self.findings.iter().any(|(_, _, finding)| match finding {
            Finding::Breaks {
                may_settle, part, ..
            } => *may_settle && !(names_bytes && *part == Some(Part::Body)),
            Finding::Holds { .. } | Finding::NotAsked => false,
        })
    }
}

impl<'w> Runner<'w> {
    /// Holds what was seen against what a step expects.
    pub fn look<'s>(
        &self,
        step: &'s Step,
        seen: Seen<'_>,
        scope: &mut Scope<'w>,
    ) -> Result<Look<'s>, Stop> {
        for (feature, matcher) in &step.declined {
            if self.hold(matcher, seen, scope)?.holds() {
                return Ok(Look {
                    findings: Vec::new(),
                    declined: Some(feature),
                });
            }
        }
        let mut findings = Vec::new();
        for expectation in &step.expect {
            let (catalogue, spec) = (&self.world.suites.catalogue, self.world.settings.spec);
            let level = catalogue.level(&expectation.requirement, spec);
            let Some(level) = level.filter(|level| *level != Level::May) else {
                continue;
            };
            let finding = self.hold(&expectation.matcher, seen, scope)?;
            findings.push((expectation, level, finding));
        }
        Ok(Look {
            findings,
            declined: None,
        })
    }

    /// Holds what was seen against a matcher.
    pub fn hold(
        &self,
        matcher: &Matcher,
        seen: Seen<'_>,
        scope: &mut Scope<'w>,
    ) -> Result<Finding, Stop> {
        hold(matcher, seen, scope).map_err(|error| self.missing(&error))
    }

    /// Turns findings into checks; a declined feature ends the case.
    pub fn judge(&mut self, step: &Step, look: Look<'_>) -> Result<(), Stop> {
        if let Some(feature) = look.declined {
            self.decline(feature);
            return Err(Stop::Declined);
        }
        let exchange = self.evidence.exchanges.len().checked_sub(1);
        let about = match self.evidence.exchanges.last() {
            Some(exchange) if step.title.is_empty() => exchange.step.clone(),
            _ => step.title.clone(),
        };
        for (expectation, level, finding) in look.findings {
            let (verdict, expected, actual, part) = match finding {
                Finding::NotAsked => continue,
                Finding::Holds { expected, actual } => (CheckVerdict::Pass, expected, actual, None),
                Finding::Breaks {
                    expected,
                    actual,
                    part,
                    ..
                } => (CheckVerdict::broken(level), expected, actual, part),
            };
            let (expected, actual) = (cut(expected), cut(actual));
            let redact = |text: String| self.world.target.redact(&text);
            let (expected, actual) = (redact(expected), redact(actual));
            let message = match verdict {
                CheckVerdict::Pass => format!("{about}: {actual}"),
                _ => format!("{about}: {actual}, not {expected}"),
            };
            self.evidence.checks.push(Check {
                message,
                expected,
                actual,
                exchange,
                borrowed: self.procedure.clone(),
                part,
                ..Check::new(&expectation.requirement, level, verdict)
            });
        }
        Ok(())
    }
}
