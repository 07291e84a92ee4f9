//! Requests on which the registry closes the connection each time, while it answers others. The check of such a step fails.
//!
//! One lost response proves nothing: a read is sent again in several rounds, and between them another request must be
//! answered. A write has unknown effects, so that its whole case is retried with new content (`engine::retry`).

use std::time::Duration;

use super::state::Runner;
use crate::catalogue::Level;
use crate::client::{Exchanged, Request, RequestError};
use crate::endpoint::{Endpoint, UNKNOWN_DIGEST};
use crate::engine::closed_requests::RequestKind;
use crate::engine::evidence::Stop;
use crate::record::{Check, CheckVerdict, Part};
use crate::suite::{Expectation, Step};

/// How many times a read is sent again, after another request was answered. The client retries each time.
const ROUNDS: usize = 1;

/// The pause before other requests are sent.
const PAUSE: Duration = Duration::from_millis(100);

/// The largest body of a request that is judged, in bytes: a registry may refuse a larger one, and close the connection before
/// it has read it (RFC 9110, section 15.5.14), and then the response is lost.
const LARGEST_BODY: usize = 64 * 1024;

/// The value that a check of such a step shows.
const CLOSED: &str = "the registry closes the connection each time";

/// The step of a request that shows whether the registry answers other requests.
const CONTROL: &str = "Check whether other requests are answered";

impl<'w> Runner<'w> {
    /// Sends the request of a step. There is no response where its connection is closed each time: then the check of the step
    /// has failed.
    pub async fn send_step(
        &mut self,
        step: &'w Step,
        request: &Request,
    ) -> Result<Option<Exchanged>, Stop> {
        let shown = self.evidence.exchanges.len();
        let first = self.send(request.clone()).await;
        let Some((expectation, level)) = self.demanded(step, request) else {
            return first.map(Some);
        };
        if let Some(found) = self
            .unreachable_location(request, expectation, &first)
            .await?
        {
            let check = self.unanswered(step, expectation, level, &found, shown);
            return self.fail_unanswered(step, check);
        }
        let mut exchanged = match first {
            Err(stop @ Stop::WriteUnanswered(_)) => {
                if self.write_closed && self.answers_others(request).await? {
                    let check = self.closed(step, expectation, level, shown);
                    self.evidence.closed = Some(check);
                }
                return Err(stop);
            }
            other => other?,
        };
        if !is_closed(&exchanged) {
            return Ok(Some(exchanged));
        }
        let kind = RequestKind::of(request);
        let rounds = match self.context.closed.has(&kind) {
            true => 0,
            false => ROUNDS,
        };
        for round in 0..=rounds {
            if !is_closed(&exchanged) || !self.answers_others(request).await? {
                return Ok(Some(exchanged));
            }
            if round < rounds {
                self.evidence.exchanges.truncate(shown);
                exchanged = self.send(request.clone()).await?;
            }
        }
        self.context.closed.add(kind);
        let check = self.closed(step, expectation, level, shown);
        self.fail_unanswered(step, check)
    }

    /// Fails a step without a response by its check. A step that is required ends the case.
    fn fail_unanswered(&mut self, step: &Step, check: Check) -> Result<Option<Exchanged>, Stop> {
        self.evidence.checks.push(check);
        match step.required {
            Some(true) => Err(Stop::Broken(self.evidence.checks.len().saturating_sub(1))),
            _ => Ok(None),
        }
    }

    /// The expectation that a missing response violates: of the status, if there is one, and a MUST before a SHOULD.
    fn demanded<'s>(&self, step: &'s Step, request: &Request) -> Option<(&'s Expectation, Level)> {
        if request.body.len() > LARGEST_BODY {
            return None;
        }
        let (catalogue, spec) = (&self.context.suites.catalogue, self.context.settings.spec);
        let expected = step.expect.iter();
        let expected = expected.filter(|one| one.matcher.when.is_none());
        let expected = expected.filter_map(|one| {
            let level = catalogue.binding_level(&one.requirement, spec)?;
            Some((one, level))
        });
        expected.min_by_key(|(one, level)| (*level != Level::Must, statuses(one).is_none()))
    }

    /// The failed check of a step whose connection is closed each time.
    fn closed(&self, step: &Step, expectation: &Expectation, level: Level, shown: usize) -> Check {
        Check {
            part: Some(Part::Connection),
            ..self.unanswered(step, expectation, level, CLOSED, shown)
        }
    }

    /// The failed check of a step without a response, with what was found in its place. The exchanges of the step begin at
    /// position `shown`; there is none if its request was not sent.
    fn unanswered(
        &self,
        step: &Step,
        expectation: &Expectation,
        level: Level,
        found: &str,
        shown: usize,
    ) -> Check {
        let exchanges = self.evidence.exchanges.iter().enumerate();
        let (exchange, own) = exchanges.skip(shown).last().unzip();
        let about = match own {
            Some(exchange) if step.title.is_empty() => exchange.step.as_str(),
            _ => step.title.as_str(),
        };
        let expected = statuses(expectation).unwrap_or_else(|| "a response".to_owned());
        Check {
            message: format!("{about}: expected {expected}, but {found}"),
            expected,
            actual: found.to_owned(),
            exchange,
            part: Some(Part::Status),
            expects_success: expectation.matcher.expects_success(),
            via_procedure: self.procedure.clone(),
            ..Check::new(&expectation.requirement, level, CheckVerdict::broken(level))
        }
    }

    /// Whether the registry answers requests of other kinds. `/v2/` alone proves little: proxies answer it.
    pub(super) async fn answers_others(&self, request: &Request) -> Result<bool, Stop> {
        let context = self.context;
        let asked = Endpoint::parse(request.url.path()).kind();
        let repository = &context.settings.repo;
        let blob = Endpoint::blob(repository, UNKNOWN_DIGEST);
        let tags = Endpoint::Tags {
            repository: repository.clone(),
        };
        let controls = [(http::Method::HEAD, blob), (http::Method::GET, tags)];
        context
            .cancellation
            .or_cancelled(tokio::time::sleep(PAUSE))
            .await?;
        let others = controls.into_iter();
        for (method, endpoint) in others.filter(|(_, one)| one.kind() != asked) {
            let url = endpoint.url(context.target.base());
            let control = Request::bare(method, url, CONTROL);
            let sent = context.target.send(control);
            let exchanged = context.cancellation.or_cancelled(sent).await?;
            context.count_response(&exchanged.url, &exchanged.response);
            if exchanged.response.is_ok() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Whether the connection was closed in place of a response.
fn is_closed(exchanged: &Exchanged) -> bool {
    let response = exchanged.response.as_ref();
    response.is_err_and(RequestError::is_closed)
}

/// The statuses that an expectation names.
fn statuses(expectation: &Expectation) -> Option<String> {
    let matcher = &expectation.matcher;
    let page = matcher.page.as_ref().filter(|page| page.when.is_none());
    let of_page = page.and_then(|page| page.status.as_ref());
    let statuses = matcher.status.as_ref().or(of_page)?;
    Some(format!("status {statuses}"))
}
