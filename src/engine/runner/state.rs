//! The state of one case while its steps run.

use std::time::Instant;

use tokio::sync::SemaphorePermit;

use super::patience::Patience;
use super::unsettled_read::UnsettledRead;
use crate::client::Priority;
use crate::engine::context::{HEAVY_CONTENT, HEAVY_MIB, RunContext};
use crate::engine::evidence::{Evidence, Stop, cut};
use crate::suite::Step;
use crate::template::TemplateError;

/// For whom requests are sent.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The case, or the set-up that several cases share: the evidence of invariants names it.
    pub name: String,
    /// Whether the responses are compared with the invariants; not those of a case that does not count.
    pub observed: bool,
    /// Whether they go before those of others: other cases wait for what it finds out, or provides.
    pub priority: Priority,
}

const MIB: usize = 1024 * 1024;

/// Runs the steps of one case, one after the other.
pub struct Runner<'w> {
    pub(super) context: &'w RunContext,
    pub(super) caller: Caller,
    pub(super) evidence: Evidence,
    /// When content that the case reads was last changed.
    pub(super) changed: Option<Instant>,
    /// The procedure whose steps run; absent where its checks are the case's own.
    pub(super) procedure: Option<String>,
    /// Whether the last write without a response got none because the connection was closed.
    pub(super) write_closed: bool,
    /// How long a read that misses a write is repeated.
    pub(super) patience: Patience<'w>,
    /// Whether the case deleted something.
    pub(super) deleted: bool,
    /// Whether the case closed an upload.
    pub(super) closed_upload: bool,
    /// When the last write was done that a list showed at once.
    pub(super) listed_at: Option<Instant>,
    /// Reads that missed a write, and wait for a second look.
    pub(super) unsettled: Vec<UnsettledRead<'w>>,
    /// The steps whose reads missed a write to the end.
    pub(super) missed: Vec<&'w Step>,
    /// Held by a case that needs much memory.
    heavy: Option<SemaphorePermit<'w>>,
}

impl<'w> Runner<'w> {
    /// A runner without evidence.
    pub fn new(context: &'w RunContext, caller: Caller) -> Self {
        Self {
            context,
            caller,
            evidence: Evidence::default(),
            changed: None,
            procedure: None,
            write_closed: false,
            patience: Patience::Whole,
            missed: Vec::new(),
            deleted: false,
            closed_upload: false,
            listed_at: None,
            unsettled: Vec::new(),
            heavy: None,
        }
    }

    /// The same for a case that reads content which was last changed at `changed`.
    #[must_use]
    pub fn changed_at(mut self, changed: Option<Instant>) -> Self {
        self.changed = changed;
        self
    }

    /// The same for a case whose reads are repeated in another way than in place.
    #[must_use]
    pub fn with_patience(mut self, patience: Patience<'w>) -> Self {
        self.patience = patience;
        self
    }

    /// The steps whose reads missed a write to the end.
    pub fn missed(&self) -> &[&'w Step] {
        &self.missed
    }

    /// The evidence until now; what follows is added to none.
    pub fn take_evidence(&mut self) -> Evidence {
        std::mem::take(&mut self.evidence)
    }

    /// What the set-up and the steps so far say about features, of steps that reached their end.
    pub fn shown_features(&self, set_up: &Evidence) -> Evidence {
        let declined = [set_up.declined.as_slice(), &self.evidence.declined].concat();
        Evidence {
            declined,
            ..Evidence::default()
        }
    }

    pub fn into_evidence(self) -> Evidence {
        self.evidence
    }

    /// Waits until the case may hold so many bytes, where they are many, and keeps the permits until it is over. A case that
    /// has permits gets no others, and waits neither for its turn nor for content or further attempts: cases would wait for
    /// each other.
    ///
    /// # Errors
    /// When the run ends first.
    pub async fn acquire_heavy(&mut self, bytes: usize) -> Result<(), Stop> {
        if self.heavy.is_none() && bytes >= HEAVY_CONTENT {
            let permits = u32::try_from(bytes.div_ceil(MIB)).unwrap_or(HEAVY_MIB);
            let permits = permits.min(HEAVY_MIB);
            let permits = self.context.heavy.acquire_many(permits);
            self.heavy = self.context.cancellation.or_cancelled(permits).await?.ok();
            self.patience = std::mem::replace(&mut self.patience, Patience::Whole).alone();
        }
        Ok(())
    }

    /// Gives back the permits of cases that need much memory, before the case waits for others.
    pub fn release_heavy(&mut self) {
        self.heavy = None;
    }

    pub fn exchange_count(&self) -> usize {
        self.evidence.exchanges.len()
    }

    /// Drops the exchanges between the first `most` since position `from` and the last one.
    pub fn trim_exchanges(&mut self, from: usize, most: usize) {
        let last = self.evidence.exchanges.len().saturating_sub(1);
        let first = from.saturating_add(most);
        if first < last {
            self.evidence.exchanges.drain(first..last);
        }
    }

    pub(super) fn decline(&mut self, feature: &str) {
        self.evidence.declined.push(feature.to_owned());
    }

    /// Why a case stops, without secrets, and cut where it is too long: the target's words may be of any kind.
    pub fn redacted(&self, stop: Stop) -> Stop {
        let shown = |why: &str| cut(self.context.target.redact(why));
        match stop {
            Stop::Error(why) => Stop::Error(shown(&why)),
            Stop::WriteUnanswered(why) => Stop::WriteUnanswered(shown(&why)),
            other => other,
        }
    }

    /// Why a case stops at a value that no response gave: the last violated check, where there is one.
    pub(super) fn missing(&self, error: &TemplateError) -> Stop {
        let broken = self
            .evidence
            .checks
            .iter()
            .rposition(|check| check.verdict.is_broken());
        match (broken, error) {
            (Some(index), _) => Stop::Broken(index),
            (None, TemplateError::Unknown(name)) => Stop::Missing(name.clone()),
            (None, error) => Stop::Error(format!("{error}, and the next step needs it")),
        }
    }

    /// The position of the first violated check from `first` on.
    pub(super) fn first_broken_from(&self, first: usize) -> usize {
        let broken = self
            .evidence
            .checks
            .iter()
            .skip(first)
            .position(|check| check.verdict.is_broken());
        first + broken.unwrap_or(0)
    }
}
