//! Running steps: fill in the request, send it, evaluate the response, capture values, follow a branch.

use std::time::Instant;

use super::capture::{capture, capture_listed};
use super::evaluate::Evaluation;
use super::pagination::PageRequest;
use super::state::Runner;
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
            Action::Request(request) => self.request_step(step, request, scope).await,
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
                self.paginate_step(step, request, path, scope).await
            }
        }
    }

    async fn request_step(
        &mut self,
        step: &'w Step,
        text: &RequestText,
        scope: &mut Scope<'w>,
    ) -> Result<(), Stop> {
        let request = self.fill(text, scope, &step.title)?;
        let reads = text.method.reads();
        let mut poll = ConsistencyPoll::new(self.settle_until(reads));
        // Bytes under a digest cannot be older ones.
        let names_bytes = Endpoint::parse(request.url.path())
            .content_digest()
            .is_some();
        let (response, evaluation) = loop {
            let Some(exchanged) = self.send_step(step, &request).await? else {
                return Ok(());
            };
            let response = self.parse_response(&request, exchanged)?;
            let evaluation = self.evaluate(step, Subject::Response(&response), scope)?;
            if !poll.should_retry(evaluation.may_settle(names_bytes)) {
                break (response, evaluation);
            }
            drop(response);
            poll.pause(&self.context.cancellation).await?;
            self.evidence.exchanges.pop();
        };
        self.note_lateness(&poll, &evaluation, names_bytes);
        if !reads && (200..300).contains(&response.http.status) {
            self.changed = Some(Instant::now());
        }
        if capture(step, &response, scope) {
            self.acquire_heavy().await?;
        }
        let refused = !(200..300).contains(&response.http.status);
        let first = self.evidence.checks.len();
        let broken = !evaluation.conforms();
        self.judge(step, evaluation)?;
        let vital = step
            .required
            .unwrap_or(!reads && refused && wants_success(step));
        if broken && vital {
            return Err(Stop::Broken(self.first_broken_from(first)));
        }
        let branch = self.branch(step, Subject::Response(&response), scope)?;
        // A response may be large: it is not kept while the branch runs.
        drop(response);
        self.follow(branch, scope).await;
        Ok(())
    }

    async fn paginate_step(
        &mut self,
        step: &'w Step,
        text: &RequestText,
        path: PageRequest<'_>,
        scope: &mut Scope<'w>,
    ) -> Result<(), Stop> {
        let request = self.fill(text, scope, &step.title)?;
        let mut poll = ConsistencyPoll::new(self.settle_until(true));
        let (pages, evaluation) = loop {
            let before = self.evidence.exchanges.len();
            let Some(pages) = self.paginate(step, request.clone(), path).await? else {
                return Ok(());
            };
            let evaluation = self.evaluate(step, Subject::Pages(&pages), scope)?;
            if !poll.should_retry(evaluation.may_settle(false)) {
                break (pages, evaluation);
            }
            drop(pages);
            poll.pause(&self.context.cancellation).await?;
            self.evidence.exchanges.truncate(before);
        };
        self.note_lateness(&poll, &evaluation, false);
        capture_listed(step, &pages, scope);
        self.judge(step, evaluation)?;
        let branch = self.branch(step, Subject::Pages(&pages), scope)?;
        drop(pages);
        self.follow(branch, scope).await;
        Ok(())
    }

    fn note_lateness(
        &mut self,
        poll: &ConsistencyPoll,
        evaluation: &Evaluation<'_>,
        names_bytes: bool,
    ) {
        let (holds, not_yet) = (evaluation.conforms(), evaluation.may_settle(names_bytes));
        let late = &self.context.late_reads;
        poll.note(holds, not_yet, late, &mut self.evidence.notes);
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
        self.evidence.notes.extend(branch.note.clone());
        if let Some(feature) = &branch.declines {
            self.decline(feature);
        }
        self.steps(&branch.steps, scope).await;
    }

    /// Until when a read is repeated that does not show a write.
    fn settle_until(&self, reads: bool) -> Option<Instant> {
        let changed = self.changed.filter(|_| reads)?;
        changed.checked_add(self.context.settings.settle)
    }
}

/// Whether a step is expected to succeed: every status that it expects is a 2xx.
fn wants_success(step: &Step) -> bool {
    let mut statuses = step
        .expect
        .iter()
        .filter_map(|expectation| expectation.matcher.status.as_ref())
        .peekable();
    statuses.peek().is_some() && statuses.all(crate::suite::Statuses::succeed)
}
