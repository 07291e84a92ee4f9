//! One rule for the requests of clients, over traffic of any length.

use std::sync::Arc;

use super::evidence::of_traffic;
use super::finding::{Evidence, Finding};
use super::observed::Observed;
use super::wire_exchange::WireExchange;
use crate::catalogue::{Catalogue, Level, Version};
use crate::client::Redactor;
use crate::record::{Answers, Case, CheckVerdict, Exchange};

/// How many requests that violate a rule are kept as evidence.
const MAX_KEPT: usize = 3;

/// A rule with what was found.
pub struct RuleTally {
    pub observed: Observed,
    level: Level,
    answers: Answers,
    /// The evidence of the first violation; otherwise of the last request that conforms.
    evidence: Option<Evidence>,
    kept: Vec<Exchange>,
}

impl RuleTally {
    /// A rule whose requirement the version has.
    pub fn new(observed: Observed, catalogue: &Catalogue, spec: Version) -> Option<Self> {
        Some(Self {
            level: catalogue.binding_level(&observed.requirement, spec)?,
            observed,
            answers: Answers::default(),
            evidence: None,
            kept: Vec::new(),
        })
    }

    /// Adds what was found in one exchange, or in one upload session; `shown` finds the exchange of a number.
    pub fn add(
        &mut self,
        finding: Finding,
        shown: impl Fn(usize) -> Option<Arc<WireExchange>>,
        redactor: &Redactor,
    ) {
        match finding {
            Finding::NotExercised(_) => {}
            Finding::Holds(evidence) => {
                self.answers.asked += 1;
                if self.answers.broken == 0 {
                    self.evidence = Some(Evidence {
                        expected: redactor.text(&evidence.expected),
                        actual: redactor.text(&evidence.actual),
                        at: None,
                    });
                }
            }
            Finding::Violated(evidence) => {
                self.answers.asked += 1;
                self.answers.broken += 1;
                let exchange = evidence
                    .at
                    .filter(|_| self.kept.len() < MAX_KEPT)
                    .and_then(shown);
                let at = exchange.as_ref().map(|_| self.kept.len());
                self.kept
                    .extend(exchange.map(|one| of_traffic(&one, redactor)));
                if self.answers.broken == 1 {
                    self.evidence = Some(Evidence {
                        expected: redactor.text(&evidence.expected),
                        actual: redactor.text(&evidence.actual),
                        at,
                    });
                }
            }
        }
    }

    /// The case of the record.
    pub fn case(&self, catalogue: &Catalogue) -> Case {
        let mut case = self.observed.about.case();
        let Some(evidence) = self.evidence.clone() else {
            let why = "No request of the traffic is one that this applies to";
            case.reason = Some(why.to_owned());
            return case;
        };
        let verdict = match self.answers.broken {
            0 => CheckVerdict::Pass,
            _ => CheckVerdict::broken(self.level),
        };
        let requirement = &self.observed.requirement;
        let mut check = evidence.into_check(requirement, verdict, self.level, catalogue);
        check.answers = Some(self.answers.clone());
        case.checks.push(check);
        case.exchanges.clone_from(&self.kept);
        if self.answers.broken > 0 {
            let Answers { asked, broken, .. } = self.answers;
            case.notes
                .push(format!("{broken} of {asked} requests violate it"));
        }
        case
    }
}
