//! Running steps: fill in the request, send it, evaluate the response, capture values, follow a branch.

use std::time::Instant;

use super::answer::{Answer, Judged};
use super::capture::{capture, capture_listed};
use super::page_request::PageRequest;
use super::state::Runner;
use super::unsettled_read::UnsettledRead;
use crate::client::Request;
use crate::endpoint::Endpoint;
use crate::engine::consistency::ConsistencyPoll;
use crate::engine::evidence::Stop;
use crate::engine::matching::Subject;
use crate::engine::request::{FillError, fill};
use crate::engine::scope::Scope;
use crate::suite::{Action, Branch, RequestText, Step};
use crate::template::{TemplateError, Value};

impl<'w> Runner<'w> {
    /// Runs steps in order until their end, or until one stops the case. Returns whether the end was reached.
    pub async fn steps(&mut self, steps: &'w [Step], scope: &mut Scope<'w>) -> bool {
        for step in steps {
            if self.evidence.stopped.is_some() {
                return false;
            }
            if let Err(stop) = Box::pin(self.step(step, scope)).await {
                self.evidence.stopped = Some(self.redacted(stop));
            }
        }
        self.evidence.stopped.is_none()
    }

    /// Runs a procedure with these values. Its outputs are set in `scope`, as a record named `keep_as` where that is given.
    pub async fn call_procedure(
        &mut self,
        name: &str,
        with: Vec<(String, Value)>,
        scope: &mut Scope<'w>,
        keep_as: Option<&str>,
    ) {
        let context = self.context;
        let Some(procedure) = context.suites.procedures.get(name) else {
            let why = format!("the suites have no procedure `{name}`");
            self.evidence.stopped = Some(Stop::Error(why));
            return;
        };
        let mut inside = scope.below();
        for (taken, default) in &procedure.inputs {
            let given = with.iter().find(|(name, _)| name == taken);
            let value = match (given, default) {
                (Some((_, value)), _) => Ok(value.clone()),
                (None, Some(default)) => scope.value(default),
                (None, None) => Err(TemplateError::Unknown(taken.clone())),
            };
            match value {
                Ok(value) => inside.set(taken, value),
                Err(error) => {
                    self.evidence.stopped = Some(self.missing(&error));
                    return;
                }
            }
        }
        let outer = self.procedure.take();
        self.procedure = match procedure.checks {
            true => outer.clone(),
            false => Some(outer.clone().unwrap_or_else(|| name.to_owned())),
        };
        self.steps(&procedure.steps, &mut inside).await;
        self.procedure = outer;
        let given = procedure
            .outputs
            .iter()
            .filter_map(|name| Some((name.clone(), inside.value_of(name)?)));
        match keep_as {
            Some(name) => scope.set(name, Value::record(given.collect())),
            None => given.for_each(|(name, value)| scope.set(&name, value)),
        }
    }

    async fn step(&mut self, step: &'w Step, scope: &mut Scope<'w>) -> Result<(), Stop> {
        match &step.action {
            Action::Use {
                procedure,
                with,
                keep_as,
            } => {
                let mut values = Vec::new();
                for (name, template) in with {
                    let value = scope.value(template).map_err(|e| self.missing(&e))?;
                    values.push((name.clone(), value));
                }
                self.call_procedure(procedure, values, scope, keep_as.as_deref())
                    .await;
                Ok(())
            }
            Action::Request(request) => self.exchange_step(step, request, None, scope).await,
            Action::Paginate {
                request,
                items,
                pages,
                follow_last,
            } => {
                let path = PageRequest {
                    items,
                    pages: *pages,
                    follow_last: *follow_last,
                };
                self.exchange_step(step, request, Some(path), scope).await
            }
        }
    }

    /// Sends the request of a step, or asks for the pages of its list, until the answer shows what was written; then judges it.
    async fn exchange_step(
        &mut self,
        step: &'w Step,
        text: &RequestText,
        pages: Option<PageRequest<'w>>,
        scope: &mut Scope<'w>,
    ) -> Result<(), Stop> {
        let request = self.fill(text, scope, &step.title)?;
        let reads = text.method.reads();
        if !reads {
            self.settle_before_write(&request.method).await?;
        }
        let Some(judged) = self.until_settled(step, &request, pages, scope).await? else {
            return Ok(());
        };
        let (answer, evaluation) = (judged.answer, judged.evaluation);
        if !reads && answer.succeeded() {
            self.record_change(&request);
        }
        match &answer {
            Answer::Response(response) if capture(step, response, scope) => {
                self.acquire_heavy(usize::MAX).await?;
            }
            Answer::Response(_) => {}
            Answer::Pages(pages) => capture_listed(step, pages, scope),
        }
        let first = self.evidence.checks.len();
        let broken = !evaluation.conforms();
        self.judge(step, evaluation)?;
        let refused = !reads && !answer.succeeded();
        let vital = step.required.unwrap_or(refused && step.wants_success());
        if broken && vital && pages.is_none() {
            return Err(Stop::Broken(self.first_broken_from(first)));
        }
        let branch = self.branch(step, answer.subject(), scope)?;
        // A response may be large: it is not kept while the branch runs.
        drop(answer);
        self.follow(branch, scope).await;
        Ok(())
    }

    /// The answer to a step: of a read, the first that shows what was written, or the last within the time that such a read
    /// is given.
    async fn until_settled(
        &mut self,
        step: &'w Step,
        request: &Request,
        pages: Option<PageRequest<'w>>,
        scope: &mut Scope<'w>,
    ) -> Result<Option<Judged<'w>>, Stop> {
        let written = self.changed.filter(|_| request.reads());
        let consistency = &self.context.consistency;
        let before = written.map(|written| {
            let is_list = Endpoint::parse(request.url.path()).kind().is_list();
            consistency.before_read(&request.url, written, is_list)
        });
        let mut poll = ConsistencyPoll::new(consistency, written, self.patience.is_whole());
        let judged = loop {
            let exchanges = self.evidence.exchanges.len();
            poll.sending();
            let Some(judged) = self.ask(step, request, pages, before, scope).await? else {
                return Ok(None);
            };
            if !poll.should_retry(judged.sight) {
                break judged;
            }
            let sight = judged.sight;
            drop(judged);
            poll.pause(sight, &self.context.cancellation).await?;
            self.evidence.exchanges.truncate(exchanges);
        };
        if let Some(before) = before.filter(|_| !poll.was_repeated()) {
            self.record_prompt_read(step, before, &judged);
        }
        self.evidence.notes.extend(poll.finish(judged.sight));
        if let (Some(kind), Some(written)) = (poll.unsettled(judged.sight), written) {
            if !self.patience.confirms() {
                consistency.missed(kind);
            }
            self.unsettled.push(UnsettledRead {
                step,
                request: request.clone(),
                pages,
                scope: scope.clone(),
                first_check: self.evidence.checks.len(),
                kind,
                before,
                written,
            });
        }
        Ok(Some(judged))
    }

    /// Records that a write was done: reads after it may show it late.
    fn record_change(&mut self, request: &Request) {
        self.changed = Some(Instant::now());
        // A PUT other than that of a manifest closes an upload.
        let manifest = matches!(
            Endpoint::parse(request.url.path()),
            Endpoint::Manifest { .. }
        );
        self.deleted |= request.method == http::Method::DELETE;
        self.closed_upload |= request.method == http::Method::PUT && !manifest;
    }

    fn fill(
        &self,
        text: &RequestText,
        scope: &mut Scope<'w>,
        title: &str,
    ) -> Result<Request, Stop> {
        fill(text, scope, self.context.target.base(), title).map_err(|error| match error {
            FillError::Missing(error) => self.missing(&error),
            FillError::Url(..) => Stop::Error(error.to_string()),
        })
    }

    /// The first branch whose condition the response meets.
    fn branch(
        &self,
        step: &'w Step,
        subject: Subject<'_>,
        scope: &mut Scope<'w>,
    ) -> Result<Option<&'w Branch>, Stop> {
        for branch in &step.then {
            if self
                .evaluate_matcher(&branch.when, subject, scope)?
                .conforms()
            {
                return Ok(Some(branch));
            }
        }
        Ok(None)
    }

    async fn follow(&mut self, branch: Option<&'w Branch>, scope: &mut Scope<'w>) {
        let Some(branch) = branch else {
            return;
        };
        let note = branch.note.clone();
        match &branch.declines {
            None => self.evidence.notes.extend(note),
            Some(feature) => {
                self.decline(feature);
                self.evidence.reason = note.or(self.evidence.reason.take());
            }
        }
        self.steps(&branch.steps, scope).await;
    }
}
