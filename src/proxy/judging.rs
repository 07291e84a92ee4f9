//! The thread that judges, so that nothing that passes waits for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinHandle;

use super::body_hash::BodyHash;
use crate::fixture::Algorithm;
use crate::traffic::{Judge, WireExchange};

/// What the judge is told. The permits are given back when the exchange is judged.
enum Message {
    Passed(Box<WireExchange>, Vec<OwnedSemaphorePermit>),
    End,
}

/// The way to the judge. Clones lead to the same one.
#[derive(Clone)]
pub struct Judging {
    messages: UnboundedSender<Message>,
    numbers: Arc<AtomicUsize>,
    /// The exchanges that may be under way or wait for the judge.
    exchanges: Arc<Semaphore>,
    /// The memory of all documents together, in units.
    documents: Arc<Semaphore>,
    /// The bodies that other threads hash, and how many these may be.
    hashing: Arc<Semaphore>,
    most_hashing: u32,
}

/// How many exchanges are under way or wait for the judge at most.
const MAX_EXCHANGES: usize = 1024;

/// The unit of memory, in bytes.
const UNIT: usize = 1024;

/// The units of memory of all documents together: 64 MiB.
const UNITS: usize = 64 * 1024;

/// The processors that are left to what passes: another thread that hashes would take them from it.
const PASSING: usize = 2;

/// How many bodies are hashed by other threads at most, which bounds what waits for them.
const MOST_HASHING: usize = 16;

impl Judging {
    /// Starts the judge's thread.
    pub fn start(judge: Judge) -> (Self, JoinHandle<Judge>) {
        let (messages, received) = unbounded_channel();
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let most_hashing = processors.saturating_sub(PASSING).min(MOST_HASHING);
        let judging = Self {
            messages,
            numbers: Arc::default(),
            exchanges: Arc::new(Semaphore::new(MAX_EXCHANGES)),
            documents: Arc::new(Semaphore::new(UNITS)),
            hashing: Arc::new(Semaphore::new(most_hashing)),
            most_hashing: u32::try_from(most_hashing).unwrap_or(0),
        };
        (
            judging,
            tokio::task::spawn_blocking(|| work(judge, received)),
        )
    }

    /// The number of the next exchange.
    pub fn next_number(&self) -> usize {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }

    /// Waits until another exchange may be under way. Never none: the semaphore is not closed.
    pub async fn permit(&self) -> Option<OwnedSemaphorePermit> {
        self.exchanges.clone().acquire_owned().await.ok()
    }

    /// Reserves the memory of some bytes, if there is any.
    pub fn reserve(&self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        let units = u32::try_from(bytes.div_ceil(UNIT)).ok()?;
        self.documents.clone().try_acquire_many_owned(units).ok()
    }

    /// The hashing of a body, where a digest is wanted.
    pub fn hash(&self, algorithms: &[Algorithm]) -> Option<BodyHash> {
        (!algorithms.is_empty()).then(|| BodyHash::new(algorithms, self.hashing.clone()))
    }

    /// Waits until no other thread hashes a body.
    pub async fn hashed(&self) {
        // The semaphore is never closed.
        let _ = self.hashing.acquire_many(self.most_hashing).await;
    }

    /// Shows an exchange that is over.
    pub fn show(&self, exchange: WireExchange, permits: Vec<OwnedSemaphorePermit>) {
        // After the end nobody listens.
        let _ = self
            .messages
            .send(Message::Passed(Box::new(exchange), permits));
    }

    /// Ends the judge after everything that it was shown.
    pub fn end(&self) {
        let _ = self.messages.send(Message::End);
    }
}

fn work(mut judge: Judge, mut received: UnboundedReceiver<Message>) -> Judge {
    while let Some(Message::Passed(exchange, permits)) = received.blocking_recv() {
        judge.add(*exchange);
        drop(permits);
    }
    judge
}
