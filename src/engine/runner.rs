//! Running steps: send, hold against what is expected, keep, follow.

mod capture;
mod evaluate;
mod send;

use std::time::Instant;

use tokio::sync::SemaphorePermit;

use self::capture::{capture, capture_listed};
use super::consistency::ConsistencyPoll;
use super::context::RunContext;
use super::evidence::{Evidence, Stop};
use super::matching::Subject;
use super::pagination::{PageRequest, walk};
use super::request::{FillError, fill};
use super::scope::Scope;
use crate::client::Request;
use crate::endpoint::Endpoint;
use crate::suite::{Action, Branch, RequestText, Step};
use crate::template::{TemplateError, Value};

/// Runs the steps of one case, one after the other.
pub struct Runner<'w> {
    context: &'w RunContext,
    /// The name that evidence of invariants gives.
    name: String,
    evidence: Evidence,
    /// When content that the case reads was last changed.
    changed: Option<Instant>,
    /// The procedure whose steps run.
    procedure: Option<String>,
    /// Whether its answers are held against the invariants.
    observed: bool,
    /// Whether it is its turn to use much memory.
    slot: Option<SemaphorePermit<'w>>,
}

impl<'w> Runner<'w> {
    /// A runner without evidence.
    pub fn new(context: &'w RunContext) -> Self {
        Self {
            context,
            name: String::new(),
            evidence: Evidence::default(),
            changed: None,
            procedure: None,
            observed: true,
            slot: None,
        }
    }

    /// The same under the name of a case, which reads content that was last changed at `changed`.
    #[must_use]
    pub fn named(mut self, name: &str, changed: Option<Instant>) -> Self {
        name.clone_into(&mut self.name);
        self.changed = changed;
        self
    }

    /// The same for a case that does not count: its answers break no invariant that does.
    #[must_use]
    pub fn unobserved(mut self) -> Self {
        self.observed = false;
        self
    }

    /// What it has to show.
    pub fn into_evidence(self) -> Evidence {
        self.evidence
    }

    /// Runs steps in order until their end, or until one stops the case. Whether the end was reached.
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

    /// Runs a procedure with these values; what it gives is kept in `scope`, under `keep_as` if named.
    pub async fn call(
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
                self.call(procedure, values, scope, keep_as.as_deref())
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
                self.walk_step(step, request, path, scope).await
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
        // What is there under a digest cannot be older bytes.
        let names_bytes = Endpoint::parse(request.url.path())
            .content_digest()
            .is_some();
        let (response, evaluation) = loop {
            let exchanged = self.send(request.clone()).await?;
            let response = self.parse_response(&request, exchanged)?;
            let evaluation = self.evaluate(step, Subject::Response(&response), scope)?;
            if !poll.should_retry(evaluation.may_settle(names_bytes)) {
                break (response, evaluation);
            }
            drop(response);
            poll.pause(&self.context.cancellation).await?;
            self.evidence.exchanges.pop();
        };
        poll.note(evaluation.holds(), &mut self.evidence.notes);
        if !reads && (200..300).contains(&response.http.status) {
            self.changed = Some(Instant::now());
        }
        if capture(step, &response, scope) {
            self.take_turn().await?;
        }
        let refused = !(200..300).contains(&response.http.status);
        let first = self.evidence.checks.len();
        let broken = !evaluation.holds();
        self.judge(step, evaluation)?;
        let vital = step
            .required
            .unwrap_or(!reads && refused && wants_success(step));
        if broken && vital {
            return Err(Stop::Broken(self.first_broken_from(first)));
        }
        let branch = self.branch(step, Subject::Response(&response), scope)?;
        // What may be large does not wait for what follows.
        drop(response);
        self.follow(branch, scope).await;
        Ok(())
    }

    async fn walk_step(
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
            let pages = walk(self, request.clone(), path).await?;
            let evaluation = self.evaluate(step, Subject::Pages(&pages), scope)?;
            if !poll.should_retry(evaluation.may_settle(false)) {
                break (pages, evaluation);
            }
            drop(pages);
            poll.pause(&self.context.cancellation).await?;
            self.evidence.exchanges.truncate(before);
        };
        poll.note(evaluation.holds(), &mut self.evidence.notes);
        capture_listed(step, &pages, scope);
        self.judge(step, evaluation)?;
        let branch = self.branch(step, Subject::Pages(&pages), scope)?;
        drop(pages);
        self.follow(branch, scope).await;
        Ok(())
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

    /// Waits for the turn of those that need much memory, and keeps it to its end.
    ///
    /// # Errors
    /// When the run ends first.
    pub async fn take_turn(&mut self) -> Result<(), Stop> {
        if self.slot.is_none() {
            let slot = self
                .context
                .cancellation
                .unless(self.context.heavy.acquire())
                .await?;
            self.slot = slot.ok();
        }
        Ok(())
    }

    /// How many exchanges there are to show.
    pub fn shown(&self) -> usize {
        self.evidence.exchanges.len()
    }

    /// Keeps, of what a long walk has to show since `from`, its beginning and its end.
    pub fn shorten(&mut self, from: usize, most: usize) {
        let last = self.evidence.exchanges.len().saturating_sub(1);
        let first = from.saturating_add(most);
        if first < last {
            self.evidence.exchanges.drain(first..last);
        }
    }

    fn decline(&mut self, feature: &str) {
        self.evidence.declined.push(feature.to_owned());
    }

    /// The first branch whose answer it was.
    fn branch(
        &self,
        step: &'w Step,
        seen: Subject<'_>,
        scope: &mut Scope<'w>,
    ) -> Result<Option<&'w Branch>, Stop> {
        for branch in &step.then {
            if self.evaluate_matcher(&branch.when, seen, scope)?.holds() {
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

    /// Until when a read is repeated that does not show what was written.
    fn settle_until(&self, reads: bool) -> Option<Instant> {
        let changed = self.changed.filter(|_| reads)?;
        changed.checked_add(self.context.settings.settle)
    }

    /// Why a case stops, as it may be shown: the target's words may hold secrets.
    fn redacted(&self, stop: Stop) -> Stop {
        match stop {
            Stop::Error(why) => Stop::Error(self.context.target.redact(&why)),
            Stop::WriteUnanswered(why) => Stop::WriteUnanswered(self.context.target.redact(&why)),
            other => other,
        }
    }

    /// A value that is not there: the fault of the check that should have found it, if there is one.
    fn missing(&self, error: &TemplateError) -> Stop {
        let broken = self
            .evidence
            .checks
            .iter()
            .rposition(|check| check.verdict.is_broken());
        match broken {
            Some(index) => Stop::Broken(index),
            None => Stop::Error(format!("{error}, and the case cannot go on without it")),
        }
    }

    fn first_broken_from(&self, first: usize) -> usize {
        let broken = self
            .evidence
            .checks
            .iter()
            .skip(first)
            .position(|check| check.verdict.is_broken());
        first + broken.unwrap_or(0)
    }
}

/// Whether a step is expected to succeed: every status that it asks for says so.
fn wants_success(step: &Step) -> bool {
    let mut statuses = step
        .expect
        .iter()
        .filter_map(|expectation| expectation.matcher.status.as_ref())
        .peekable();
    statuses.peek().is_some() && statuses.all(crate::suite::Statuses::succeed)
}
