//! Sending requests: what is written down of them, what is looked at before a write, what the invariants see.

use super::Runner;
use crate::engine::evidence::Stop;
use crate::engine::matching::Page;
use crate::engine::preloaded::LOOK;
use crate::record::Exchange;
use crate::target::{Reply, Request};

impl Runner<'_> {
    /// Sends a request and keeps the exchanges.
    pub async fn send(&mut self, request: Request) -> Result<Reply, Stop> {
        if self.world.target_is_gone() {
            return Err(Stop::Error("the target has stopped answering".to_owned()));
        }
        let reads = matches!(request.method.as_str(), "GET" | "HEAD");
        if !reads {
            self.look_first(&request).await?;
            self.world.ledger.sending(&request);
        }
        let sent = self.world.target.send(request.clone());
        let reply = self.world.ending.unless(sent).await?;
        self.world.ledger.answered(&request, &reply);
        self.world.answered(&reply.answer);
        let shown = reply.exchanges.iter().cloned();
        self.evidence.exchanges.extend(shown);
        match &reply.answer {
            Err(failure) if !reads && failure.may_be_done() => Err(Stop::Lost(failure.to_string())),
            _ => Ok(reply),
        }
    }

    /// Looks whether what a write would make is there already: then it is somebody else's, and stays.
    async fn look_first(&self, request: &Request) -> Result<(), Stop> {
        let ledger = &self.world.ledger;
        for thing in ledger.to_look_for(request, self.world.settings.look_first) {
            let Some(url) = thing.url(self.world.target.base()) else {
                continue;
            };
            let look = Request::bare(http::Method::HEAD, url, LOOK);
            let sent = self.world.target.send(look);
            let reply = self.world.ending.unless(sent).await?;
            let missing = reply.answer.is_ok_and(|answer| answer.status == 404);
            ledger.looked_for(thing, !missing);
        }
        match ledger.would_delete_others(request) {
            true => Err(Stop::Error(
                "what would be deleted was there before the run, and stays".to_owned(),
            )),
            false => Ok(()),
        }
    }

    fn observe(&self, request: &Request, page: &Page, exchange: Option<&Exchange>) {
        if self.observed {
            let (invariants, target) = (&self.world.invariants, &self.world.target);
            invariants.observe(request, page, &self.name, exchange, target);
        }
    }

    /// The answer to a request as a page; it, and what was answered on the way to it, is held against the invariants.
    pub fn page(&self, request: &Request, reply: Reply) -> Result<Page, Stop> {
        for (url, answer, exchange) in reply.passed {
            if let Ok(page) = Page::new(url, answer) {
                self.observe(request, &page, Some(&exchange));
            }
        }
        match reply.answer {
            Ok(answer) => {
                let page = Page::new(reply.url, answer);
                let mut page = page.map_err(|error| Stop::Error(error.to_string()))?;
                let exchange = self.evidence.exchanges.last();
                self.observe(request, &page, exchange);
                // From here on it may be kept while others are waited for.
                page.answer.room = None;
                Ok(page)
            }
            Err(failure) => Err(Stop::Error(failure.to_string())),
        }
    }
}
