//! Invariants: expectations that every response of the run is compared with.

#[cfg(test)]
mod properties;

use std::sync::{Arc, Mutex, MutexGuard};

use url::Url;

use super::evidence::cut;
use super::matching::{BodyBytes, MatchResult, ParsedResponse, Subject, cannot_apply, evaluate};
use super::scope::Scope;
use crate::catalogue::{Level, Version};
use crate::client::{Redactor, Request};
use crate::endpoint::Endpoint;
use crate::fixture::Seed;
use crate::record::{Answers, Check, CheckVerdict, Exchange};
use crate::suite::{Invariant, Suites};
use crate::template::{Record, TemplateError, Value};

/// How many responses that violate an invariant are kept as evidence.
const MAX_KEPT: usize = 3;

/// The invariants of a run, and their results.
pub struct InvariantResults {
    suites: Arc<Suites>,
    watched: Vec<Watched>,
}

/// One expectation of an invariant.
struct Watched {
    invariant: Arc<Invariant>,
    position: usize,
    level: Level,
    tally: Mutex<Tally>,
}

#[derive(Default)]
struct Tally {
    answers: Answers,
    /// The expected and the actual value at the first violation.
    first: Option<(String, String)>,
    kept: Vec<Exchange>,
    /// Why a response could not be compared, the first time.
    error: Option<String>,
}

/// An invariant with its results.
pub struct Observed {
    /// The invariant.
    pub invariant: Arc<Invariant>,
    /// One for each of its expectations that applied to a response.
    pub checks: Vec<Check>,
    /// Responses that violate it.
    pub exchanges: Vec<Exchange>,
    /// Why a response could not be compared with it: a defect of the suites.
    pub error: Option<String>,
}

/// A request, as far as invariants refer to it.
#[derive(Debug, Clone)]
pub struct ObservedRequest<'a> {
    pub method: &'a str,
    pub url: &'a Url,
    pub body: BodyBytes,
    /// Whether the registry itself responded, and not another host to which it leads.
    pub by_registry: bool,
}

impl<'a> From<&'a Request> for ObservedRequest<'a> {
    fn from(request: &'a Request) -> Self {
        Self {
            method: request.method.as_str(),
            url: &request.url,
            body: BodyBytes::Kept(request.body.clone()),
            by_registry: true,
        }
    }
}

impl InvariantResults {
    /// The invariants that hold in a version.
    pub fn new(suites: &Arc<Suites>, spec: Version) -> Self {
        let mut watched = Vec::new();
        for invariant in suites.invariants() {
            for (position, expectation) in invariant.expect.iter().enumerate() {
                let requirement = &expectation.requirement;
                if let Some(level) = suites.catalogue.binding_level(requirement, spec) {
                    watched.push(Watched {
                        invariant: invariant.clone(),
                        position,
                        level,
                        tally: Mutex::default(),
                    });
                }
            }
        }
        Self {
            suites: suites.clone(),
            watched,
        }
    }

    /// Compares a response with all invariants that apply to such requests. Those that name no requests are about messages
    /// of the registry (section "Error Codes"), so that no response of another host is compared with them. `case` is the
    /// case that got it, where there is one; `exchange` makes the evidence of a violation.
    pub fn observe(
        &self,
        request: &ObservedRequest<'_>,
        response: &ParsedResponse,
        case: Option<&str>,
        exchange: &dyn Fn() -> Option<Exchange>,
        redactor: &Redactor,
    ) {
        let endpoint = Endpoint::parse(request.url.path());
        let subject = Subject::Response(response);
        let mut named = None;
        for watched in &self.watched {
            let invariant = &watched.invariant;
            if !invariant.is_about(request.method, endpoint.kind())
                || (invariant.to.is_empty() && !request.by_registry)
            {
                continue;
            }
            let Some(expectation) = watched.invariant.expect.get(watched.position) else {
                continue;
            };
            if cannot_apply(&expectation.matcher, subject) {
                continue;
            }
            let scope = named.get_or_insert_with(|| {
                let mut scope = Scope::new(&self.suites.fixtures, Seed::new(0), None);
                name(&mut scope, request, &endpoint, response);
                scope
            });
            let result = evaluate(&expectation.matcher, subject, scope);
            let mut tally = watched.tally();
            match result {
                Ok(MatchResult::Conforms { .. }) => tally.answers.asked += 1,
                Ok(MatchResult::Violates {
                    expected, actual, ..
                }) => {
                    let (expected, actual) = (redactor.text(&expected), redactor.text(&actual));
                    tally.add_violation(case, expected, actual, exchange);
                }
                Ok(MatchResult::NotApplicable) => {}
                Err(error) => tally.add_error(case, &expectation.requirement, &error),
            }
        }
    }

    /// The results, invariant by invariant.
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
                    error: None,
                });
            }
            if let Some(last) = observed.last_mut() {
                watched.report(&watched.tally(), last);
            }
        }
        observed
    }
}

/// Sets the values that an invariant can refer to: the request's body, repository and digest, and the response's body.
fn name(
    scope: &mut Scope<'_>,
    request: &ObservedRequest<'_>,
    endpoint: &Endpoint,
    response: &ParsedResponse,
) {
    let body = |bytes: &BodyBytes| ("body".to_owned(), bytes.to_value());
    let mut asked = Record::from([body(&request.body)]);
    if let Some(repository) = endpoint.repository() {
        asked.insert("repository".to_owned(), Value::from(repository));
    }
    if let Some(digest) = endpoint.content_digest() {
        asked.insert("digest".to_owned(), Value::from(digest));
    }
    scope.set("request", Value::record(asked));
    let received = Record::from([body(&response.body_bytes())]);
    scope.set("response", Value::record(received));
}

impl Watched {
    fn tally(&self) -> MutexGuard<'_, Tally> {
        match self.tally.lock() {
            Ok(tally) => tally,
            // A panic while it was locked leaves counts that are true, if one too low.
            Err(poisoned) => poisoned.into_inner(),
        }
    }

    fn report(&self, tally: &Tally, into: &mut Observed) {
        if into.error.is_none() {
            into.error.clone_from(&tally.error);
        }
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
    fn add_error(&mut self, case: Option<&str>, requirement: &str, error: &TemplateError) {
        if self.error.is_none() {
            let of = case.map_or_else(String::new, |case| format!(" of case {case}"));
            self.error = Some(format!(
                "{requirement} cannot be compared with a response{of}: {error}"
            ));
        }
    }

    fn add_violation(
        &mut self,
        case: Option<&str>,
        expected: String,
        actual: String,
        exchange: &dyn Fn() -> Option<Exchange>,
    ) {
        self.answers.asked += 1;
        self.answers.broken += 1;
        let known = |case: &&str| self.answers.cases.iter().any(|known| known == case);
        if let Some(case) = case.filter(|case| !known(case)) {
            self.answers.cases.push(case.to_owned());
        }
        if self.first.is_none() {
            self.first = Some((cut(expected), cut(actual)));
        }
        if self.kept.len() < MAX_KEPT {
            self.kept.extend(exchange());
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::suite::Sources;
    use crate::template::TemplateError;

    #[test]
    fn a_response_that_cannot_be_compared_is_an_error_of_the_invariant() {
        let suites = Arc::new(Suites::load(&Sources::embedded()).unwrap());
        let results = InvariantResults::new(&suites, Version::V1_1);
        let watched = results.watched.first().unwrap();
        let error = TemplateError::Unknown("nobody".to_owned());
        watched
            .tally()
            .add_error(Some("tea"), "blob-get-status", &error);
        let observed = results.observed();
        let why = observed.first().unwrap().error.clone().unwrap();
        assert!(why.contains("case tea"), "{why}");
        assert!(why.contains("nobody"), "{why}");
    }

    #[test]
    fn an_error_of_another_host_may_have_any_form() {
        let suites = Arc::new(Suites::load(&Sources::embedded()).unwrap());
        let url: Url = "http://registry.example/v2/a/blobs/sha256:0"
            .parse()
            .unwrap();
        let request = Request::bare(http::Method::GET, url.clone(), "");
        let broken = |by_registry| {
            let results = InvariantResults::new(&suites, Version::V1_1);
            let answer = crate::client::Response {
                body: r#"{"message":"no such key"}"#.into(),
                ..crate::client::Response::bare(404)
            };
            let response = ParsedResponse::new(url.clone(), answer).unwrap();
            let request = ObservedRequest {
                by_registry,
                ..ObservedRequest::from(&request)
            };
            results.observe(&request, &response, None, &|| None, &Redactor::default());
            let all = results.observed();
            let mut checks = all.iter().flat_map(|one| &one.checks);
            checks.any(|check| check.requirement.to_string() == "error-body-shape")
        };
        assert!(broken(true));
        assert!(!broken(false));
    }

    #[test]
    fn a_panic_while_a_tally_is_locked_loses_nothing() {
        let suites = Arc::new(Suites::load(&Sources::embedded()).unwrap());
        let results = InvariantResults::new(&suites, Version::V1_1);
        let watched = results.watched.first().unwrap();
        watched.tally().answers.asked = 1;
        std::thread::scope(|scope| {
            let panics = scope.spawn(|| {
                let _tally = watched.tally();
                std::panic::resume_unwind(Box::new("tea"));
            });
            assert!(panics.join().is_err());
        });
        assert_eq!(results.observed().first().unwrap().checks.len(), 1);
    }
}
