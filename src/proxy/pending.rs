//! An exchange under way. It is shown to the judge when its last part is over, whatever way it ends.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Instant, SystemTime};

use tokio::sync::OwnedSemaphorePermit;

use super::activity::Activity;
use super::body_hash::BodyHash;
use super::judging::Judging;
use super::progress::Progress;
use crate::fixture::Algorithm;
use crate::traffic::{WireBody, WireExchange, WireRequest, WireResponse};

/// An exchange under way. Its bodies and the task that passes it on hold it; the last of them to end shows it.
pub struct Pending {
    /// Taken when it is shown.
    exchange: Mutex<Option<WireExchange>>,
    began: Instant,
    pub progress: Progress,
    /// That of its connection.
    activity: Arc<Activity>,
    left: AtomicBool,
    judging: Judging,
    /// The exchange's share of what may be under way or wait for the judge, and the memory of its bodies.
    permits: Mutex<Vec<OwnedSemaphorePermit>>,
}

/// Which body of an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Request,
    Response,
}

impl Pending {
    pub fn new(
        request: WireRequest,
        judging: Judging,
        permit: Option<OwnedSemaphorePermit>,
        activity: Arc<Activity>,
    ) -> Self {
        activity.exchanges.fetch_add(1, Ordering::Relaxed);
        activity.passed.advance();
        let exchange = WireExchange {
            number: judging.next_number(),
            request,
            response: None,
            error: None,
            began: SystemTime::now(),
            took: std::time::Duration::ZERO,
            trusted: false,
        };
        Self {
            exchange: Mutex::new(Some(exchange)),
            began: Instant::now(),
            progress: Progress::new(),
            activity,
            left: AtomicBool::new(false),
            judging,
            permits: Mutex::new(permit.into_iter().collect()),
        }
    }

    /// A part of it passed.
    pub fn advance(&self) {
        self.progress.advance();
        self.activity.passed.advance();
    }

    /// The response's head came.
    pub fn answered(&self, response: WireResponse) {
        self.advance();
        self.change(|exchange| exchange.response = Some(response));
    }

    /// The client broke off its request: that no whole response comes is not the target's doing.
    pub fn client_left(&self) {
        self.left.store(true, Ordering::Relaxed);
    }

    /// The target gave no response, or broke off. Gives false where the client broke off before.
    pub fn failed(&self, why: &str) -> bool {
        if self.left.load(Ordering::Relaxed) {
            return false;
        }
        self.change(|exchange| {
            exchange.error.get_or_insert_with(|| why.to_owned());
        });
        true
    }

    /// Reserves the memory of some bytes, if there is any.
    pub fn reserve(&self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        self.judging.reserve(bytes)
    }

    /// The hashing of a body of the exchange, where a digest is wanted.
    pub fn hash(&self, algorithms: &[Algorithm]) -> Option<BodyHash> {
        self.judging.hash(algorithms)
    }

    /// A body is over. Its digests may still be computed, which is no part of the exchange.
    pub fn body_ended(&self) {
        self.change(|exchange| exchange.took = self.began.elapsed());
    }

    /// What a body was; `reserved` is the memory that it takes.
    pub fn passed(&self, side: Side, body: WireBody, mut reserved: Vec<OwnedSemaphorePermit>) {
        lock(&self.permits).append(&mut reserved);
        self.change(|exchange| match (side, &mut exchange.response) {
            (Side::Request, _) => exchange.request.body = body,
            (Side::Response, Some(response)) => response.body = body,
            (Side::Response, None) => {}
        });
    }

    fn change(&self, change: impl FnOnce(&mut WireExchange)) {
        if let Some(exchange) = lock(&self.exchange).as_mut() {
            change(exchange);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for Pending {
    fn drop(&mut self) {
        self.activity.exchanges.fetch_sub(1, Ordering::Relaxed);
        let permits = std::mem::take(&mut *lock(&self.permits));
        if let Some(mut exchange) = lock(&self.exchange).take() {
            if exchange.response.is_none() {
                exchange.took = self.began.elapsed();
            }
            self.judging.show(exchange, permits);
        }
    }
}
