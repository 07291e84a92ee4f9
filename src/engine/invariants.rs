//! What is held against every answer of the run.

#[cfg(test)]
mod properties;

use std::sync::{Arc, Mutex};

use bytes::Bytes;

use super::evidence::cut;
use super::matching::{MatchResult, ParsedResponse, Subject, evaluate};
use super::scope::Scope;
use crate::catalogue::{Level, Version};
use crate::client::{RegistryClient, Request};
use crate::endpoint::Endpoint;
use crate::fixture::Seed;
use crate::record::{Answers, Check, CheckVerdict, Exchange};
use crate::suite::{Invariant, Suites};
use crate::template::{Record, Value};

/// How many answers that break an invariant are kept as evidence.
const KEPT: usize = 3;

/// The invariants of a run, and what was found.
pub struct InvariantResults {
    suites: Arc<Suites>,
    watched: Vec<Watched>,
}

/// One expectation of an invariant.
struct Watched {
    invariant: Arc<Invariant>,
    position: usize,
    level: Level,
    seen: Mutex<Tally>,
}

#[derive(Default)]
struct Tally {
    answers: Answers,
    /// What was expected and what came, the first time that it was broken.
    first: Option<(String, String)>,
    kept: Vec<Exchange>,
}

/// An invariant with what was found about it.
pub struct Observed {
    /// The invariant.
    pub invariant: Arc<Invariant>,
    /// Its checks: one for each of its expectations that some answer was held against.
    pub checks: Vec<Check>,
    /// Answers that break it.
    pub exchanges: Vec<Exchange>,
}

impl InvariantResults {
    /// The invariants that hold in a version.
    pub fn new(suites: &Arc<Suites>, spec: Version) -> Self {
        let mut watched = Vec::new();
        for invariant in suites.invariants() {
            for (position, expectation) in invariant.expect.iter().enumerate() {
                if let Some(level) = suites.catalogue.level(&expectation.requirement, spec)
                    && level != Level::May
                {
                    watched.push(Watched {
                        invariant: invariant.clone(),
                        position,
                        level,
                        seen: Mutex::default(),
                    });
                }
            }
        }
        Self {
            suites: suites.clone(),
            watched,
        }
    }

    /// Holds an answer to a request against all that are about such requests.
    pub fn observe(
        &self,
        request: &Request,
        response: &ParsedResponse,
        case: &str,
        exchange: Option<&Exchange>,
        target: &RegistryClient,
    ) {
        let endpoint = Endpoint::parse(request.url.path()).kind();
        let mut scope = Scope::new(&self.suites.fixtures, Seed::new(0), None);
        name(&mut scope, request, response);
        let method = request.method.as_str();
        for watched in &self.watched {
            if !watched.invariant.is_about(method, endpoint) {
                continue;
            }
            let Some(expectation) = watched.invariant.expect.get(watched.position) else {
                continue;
            };
            let finding = evaluate(
                &expectation.matcher,
                Subject::Response(response),
                &mut scope,
            );
            let Ok(mut tally) = watched.seen.lock() else {
                continue;
            };
            match finding {
                Ok(MatchResult::Holds { .. }) => tally.answers.asked += 1,
                Ok(MatchResult::Breaks {
                    expected, actual, ..
                }) => {
                    let (expected, actual) = (target.redact(&expected), target.redact(&actual));
                    tally.breaks(case, expected, actual, exchange);
                }
                Ok(MatchResult::NotAsked) | Err(_) => {}
            }
        }
    }

    /// What was found, invariant by invariant.
    pub fn observed(&self) -> Vec<Observed> {
        let mut observed: Vec<Observed> = Vec::new();
        for watched in &self.watched {
            let known = observed
                .last()
                .is_some_and(|last| Arc::ptr_eq(&last.invariant, &watched.invariant));
            if !known {
                observed.push(Observed {
                    invariant: watched.invariant.clone(),
                    checks: Vec::new(),
                    exchanges: Vec::new(),
                });
            }
            if let (Some(last), Ok(tally)) = (observed.last_mut(), watched.seen.lock()) {
                watched.report(&tally, last);
            }
        }
        observed
    }
}

/// Names what an invariant can refer to: the request's body, its repository and the digest that it names, and the
/// answer's body.
fn name(scope: &mut Scope<'_>, request: &Request, response: &ParsedResponse) {
    let endpoint = Endpoint::parse(request.url.path());
    let body = |bytes: &Bytes| ("body".to_owned(), Value::Bytes(bytes.clone()));
    let mut asked = Record::from([body(&request.body)]);
    if let Some(repository) = endpoint.repository() {
        asked.insert("repository".to_owned(), Value::from(repository));
    }
    if let Some(digest) = endpoint.content_digest() {
        asked.insert("digest".to_owned(), Value::from(digest));
    }
    scope.set("request", Value::record(asked));
    let answer = Record::from([body(&response.http.body)]);
    scope.set("answer", Value::record(answer));
}

impl Watched {
    fn report(&self, tally: &Tally, into: &mut Observed) {
        if tally.answers.asked == 0 {
            return;
        }
        let requirement = self
            .invariant
            .expect
            .get(self.position)
            .map(|expectation| expectation.requirement.clone())
            .unwrap_or_default();
        let position = into.exchanges.len();
        let (verdict, (expected, actual)) = match &tally.first {
            None => (CheckVerdict::Pass, Default::default()),
            Some(first) => (CheckVerdict::broken(self.level), first.clone()),
        };
        into.checks.push(Check {
            message: tally.answers.summary(),
            expected,
            actual,
            exchange: (!tally.kept.is_empty()).then_some(position),
            answers: Some(tally.answers.clone()),
            ..Check::new(requirement, self.level, verdict)
        });
        into.exchanges.extend(tally.kept.iter().cloned());
    }
}

impl Tally {
    fn breaks(
        &mut self,
        case: &str,
        expected: String,
        actual: String,
        exchange: Option<&Exchange>,
    ) {
        self.answers.asked += 1;
        self.answers.broken += 1;
        if !self.answers.cases.iter().any(|known| known == case) {
            self.answers.cases.push(case.to_owned());
        }
        if self.first.is_none() {
            self.first = Some((cut(expected), cut(actual)));
        }
        if self.kept.len() < KEPT {
            self.kept.extend(exchange.cloned());
        }
    }
}
