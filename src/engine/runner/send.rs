//! Sending requests: what is written down of them, what is looked at before a write, what the invariants see.

use super::Runner;
use crate::client::{Exchanged, Request};
use crate::engine::evidence::Stop;
use crate::engine::expected_content::LOOK;
use crate::engine::matching::ParsedResponse;
use crate::record::Exchange;

impl Runner<'_> {
    /// Sends a request and keeps the exchanges.
    pub async fn send(&mut self, request: Request) -> Result<Exchanged, Stop> {
        if self.context.target_is_gone() {
            return Err(Stop::Error("the target has stopped answering".to_owned()));
        }
        let reads = matches!(request.method.as_str(), "GET" | "HEAD");
        if !reads {
            self.look_first(&request).await?;
            self.context.ledger.sending(&request);
        }
        let sent = self.context.target.send(request.clone());
        let exchanged = self.context.cancellation.unless(sent).await?;
        self.context.ledger.answered(&request, &exchanged);
        self.context.answered(&exchanged.response);
        let shown = exchanged.exchanges.iter().cloned();
        self.evidence.exchanges.extend(shown);
        match &exchanged.response {
            Err(failure) if !reads && failure.may_be_done() => {
                Err(Stop::WriteUnanswered(failure.to_string()))
            }
            _ => Ok(exchanged),
        }
    }

    /// Looks whether what a write would make is there already: then it is somebody else's, and stays.
    async fn look_first(&self, request: &Request) -> Result<(), Stop> {
        let ledger = &self.context.ledger;
        for thing in ledger.to_look_for(request, self.context.settings.look_first) {
            let Some(url) = thing.url(self.context.target.base()) else {
                continue;
            };
            let evaluation = Request::bare(http::Method::HEAD, url, LOOK);
            let sent = self.context.target.send(evaluation);
            let exchanged = self.context.cancellation.unless(sent).await?;
            let missing = exchanged.response.is_ok_and(|answer| answer.status == 404);
            ledger.looked_for(thing, !missing);
        }
        match ledger.would_delete_others(request) {
            true => Err(Stop::Error(
                "what would be deleted was there before the run, and stays".to_owned(),
            )),
            false => Ok(()),
        }
    }

    fn observe(&self, request: &Request, response: &ParsedResponse, exchange: Option<&Exchange>) {
        if self.observed {
            let (invariants, target) = (&self.context.invariants, &self.context.target);
            invariants.observe(request, response, &self.name, exchange, target);
        }
    }

    /// The answer to a request as a page; it, and what was answered on the way to it, is held against the invariants.
    pub fn parse_response(
        &self,
        request: &Request,
        exchanged: Exchanged,
    ) -> Result<ParsedResponse, Stop> {
        for (url, answer, exchange) in exchanged.intermediate {
            if let Ok(response) = ParsedResponse::new(url, answer) {
                self.observe(request, &response, Some(&exchange));
            }
        }
        match exchanged.response {
            Ok(answer) => {
                let response = ParsedResponse::new(exchanged.url, answer);
                let mut response = response.map_err(|error| Stop::Error(error.to_string()))?;
                let exchange = self.evidence.exchanges.last();
                self.observe(request, &response, exchange);
                // From here on it may be kept while others are waited for.
                response.http.budget = None;
                Ok(response)
            }
            Err(failure) => Err(Stop::Error(failure.to_string())),
        }
    }
}
