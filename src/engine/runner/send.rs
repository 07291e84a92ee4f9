//! Sending requests: the ledger, the evidence and the invariants see each of them.

use super::state::Runner;
use crate::client::{Coding, Exchanged, Request, RequestError, Response, origin, permits_codings};
use crate::engine::evidence::Stop;
use crate::engine::invariants::ObservedRequest;
use crate::engine::ledger::WriteEffect;
use crate::engine::matching::ParsedResponse;
use crate::engine::request::LOOK;
use crate::engine::unanswered::write_kind;
use crate::record::Exchange;

fn gone() -> Stop {
    Stop::Error("the target stopped responding".to_owned())
}

impl Runner<'_> {
    /// Sends a request and moves its exchanges to the evidence.
    pub async fn send(&mut self, mut request: Request) -> Result<Exchanged, Stop> {
        request.priority = self.caller.priority;
        if self.context.target_is_gone() {
            return Err(gone());
        }
        let (target, unanswered) = (&self.context.target, &self.context.unanswered);
        if unanswered.never_responds(target.base(), &request.url) {
            return Err(Stop::Error(format!(
                "the target leads to {}, and nothing responds there",
                origin(&request.url)
            )));
        }
        let reads = request.reads();
        let effect = self.context.ledger.effect(&request);
        if reads {
            self.context.consistency.requested(&request.url);
        } else {
            self.look_first(&effect).await?;
            self.context.ledger.sending(&effect);
        }
        self.evidence.requests += 1;
        let sent = self.context.target.send(request.clone());
        let sent = self.context.unanswered.unless_silent(sent);
        let sent = self.context.cancellation.or_cancelled(sent).await?;
        let mut exchanged = sent.ok_or_else(gone)?;
        if exchanged.response.as_ref().is_ok_and(Response::succeeded) {
            let base = self.context.target.base();
            let changed = effect.changes().filter_map(|item| item.url(base));
            changed.for_each(|url| self.context.consistency.changed(&url));
        }
        self.context.ledger.answered(effect, &request, &exchanged);
        self.context
            .count_response(&exchanged.url, &exchanged.response);
        if self.caller.observed {
            self.context
                .broken_off
                .add(&request, &exchanged, &self.caller.name);
        }
        self.evidence.exchanges.append(&mut exchanged.exchanges);
        match &exchanged.response {
            Err(failure) if !reads && failure.may_be_done() => {
                self.write_closed = failure.is_closed();
                let timed_out = matches!(failure, RequestError::Timeout(_));
                self.evidence.timed_out = timed_out.then(|| write_kind(&request));
                Err(Stop::WriteUnanswered(failure.to_string()))
            }
            Ok(answer) if !reads && self.is_from_gateway(&request, answer.status) => {
                self.write_closed = false;
                Err(Stop::WriteUnanswered(format!(
                    "a gateway in front of the registry answered {}",
                    answer.status
                )))
            }
            _ => Ok(exchanged),
        }
    }

    /// Whether a gateway answered a write in place of the registry, so that its effect is unknown.
    fn is_from_gateway(&self, request: &Request, status: u16) -> bool {
        let (gateway, case) = (&self.context.gateway, &self.caller.name);
        gateway.hides_effect(case, write_kind(request), status)
    }

    /// Checks whether the content of a write exists already: then it is not the run's, and is never deleted.
    async fn look_first(&self, effect: &WriteEffect) -> Result<(), Stop> {
        let ledger = &self.context.ledger;
        for artifact in ledger.to_look_for(effect, self.context.settings.look_first) {
            let Some(url) = artifact.url(self.context.target.base()) else {
                continue;
            };
            self.context.consistency.requested(&url);
            let mut head = Request::bare(http::Method::HEAD, url, LOOK);
            head.priority = self.caller.priority;
            let sent = self.context.target.send(head);
            let exchanged = self.context.cancellation.or_cancelled(sent).await?;
            let missing = exchanged.response.is_ok_and(|answer| answer.status == 404);
            ledger.looked_for(artifact, !missing);
        }
        match ledger.would_delete_others(effect) {
            true => Err(Stop::Error(
                "the content to delete existed before the run, and is not deleted".to_owned(),
            )),
            false => Ok(()),
        }
    }

    /// Compares a response with the invariants, without a Content-Encoding that the request asks for.
    fn observe(
        &self,
        request: &Request,
        response: &mut ParsedResponse,
        exchange: Option<&Exchange>,
    ) {
        if !self.caller.observed {
            return;
        }
        let headers = &mut response.http.headers;
        let accept = request.own_header("accept-encoding");
        let all = accept
            .filter(|accept| permits_codings(Some(accept), headers))
            .map(|_| headers.clone());
        if all.is_some() {
            headers.remove("content-encoding");
        }
        let observed = ObservedRequest {
            by_registry: self.context.target.is_target(&response.url),
            ..request.into()
        };
        self.context.invariants.observe(
            &observed,
            response,
            Some(&self.caller.name),
            &|| exchange.cloned(),
            self.context.target.redactor(),
        );
        if let Some(all) = all {
            response.http.headers = all;
        }
    }

    /// Parses the response to a request. It, and the responses before it (redirects, 401), are compared with the invariants.
    pub fn parse_response(
        &self,
        request: &Request,
        exchanged: Exchanged,
    ) -> Result<ParsedResponse, Stop> {
        for (url, answer, exchange) in exchanged.intermediate {
            if let Ok(mut response) = ParsedResponse::new(url, answer) {
                self.observe(request, &mut response, Some(&exchange));
            }
        }
        match exchanged.response {
            Ok(answer) => {
                if let Coding::Unsupported(coding) = &answer.coding
                    && answer.status < 400
                {
                    return Err(Stop::Error(format!(
                        "the response has the Content-Encoding {coding}, which assay does not decode"
                    )));
                }
                let response = ParsedResponse::new(exchanged.url, answer);
                let mut response = response.map_err(|error| Stop::Error(error.to_string()))?;
                let exchange = self.evidence.exchanges.last();
                self.observe(request, &mut response, exchange);
                // It may be kept while other cases wait for memory: its share is given back.
                response.http.budget = None;
                Ok(response)
            }
            Err(failure) => Err(Stop::Error(failure.to_string())),
        }
    }
}
