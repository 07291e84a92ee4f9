//! The digests of a body that passes. A long body is hashed by another thread, so that it passes meanwhile.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError, sync_channel};

use bytes::Bytes;
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::fixture::{Algorithm, Hasher};

/// The bytes of a body that are hashed at once, in its own task: another thread would cost more.
const SHORT: u64 = 128 * 1024;

/// The bytes that are handed to another thread together.
const BATCH: usize = 256 * 1024;

/// The bytes that may wait for the other thread. Beyond that, the body waits.
const MOST_WAITING: usize = 2 * 1024 * 1024;

/// The hashing of a body.
pub struct BodyHash {
    state: State,
    /// The bytes that passed in all.
    passed: u64,
    waiting: Vec<Bytes>,
    waiting_bytes: usize,
    /// How many bodies may be hashed by other threads.
    slots: Arc<Semaphore>,
    slot: Option<OwnedSemaphorePermit>,
}

enum State {
    /// The hasher is here.
    Here(Box<Hasher>),
    /// Another thread has it, and gives it back.
    Away(Receiver<Box<Hasher>>),
    /// The other thread ended without giving it back.
    Lost,
}

impl BodyHash {
    pub fn new(algorithms: &[Algorithm], slots: Arc<Semaphore>) -> Self {
        Self {
            state: State::Here(Box::new(Hasher::new(algorithms))),
            passed: 0,
            waiting: Vec::new(),
            waiting_bytes: 0,
            slots,
            slot: None,
        }
    }

    /// Adds what passes.
    pub fn update(&mut self, data: &Bytes) {
        self.passed = self.passed.saturating_add(data.len() as u64);
        if self.passed > SHORT && self.slot.is_none() {
            self.slot = self.slots.clone().try_acquire_owned().ok();
        }
        self.waiting_bytes = self.waiting_bytes.saturating_add(data.len());
        self.waiting.push(data.clone());
        if self.slot.is_none() || self.waiting_bytes >= MOST_WAITING {
            self.catch_up();
        } else if self.waiting_bytes >= BATCH {
            self.hand_over();
        }
    }

    /// Gives the digests of everything that passed to `done`: of a long body later, by another thread.
    pub fn finish(mut self, done: impl FnOnce(Vec<String>) + Send + 'static) {
        let slot = self.slot.take();
        let handle = Handle::try_current().ok().filter(|_| slot.is_some());
        let finish = move || {
            done(self.digests());
            drop(slot);
        };
        match handle {
            Some(handle) => drop(handle.spawn_blocking(finish)),
            None => finish(),
        }
    }

    fn digests(mut self) -> Vec<String> {
        self.catch_up();
        match self.state {
            State::Here(hasher) => hasher.finish(),
            State::Away(_) | State::Lost => Vec::new(),
        }
    }

    /// Hashes what waits, here.
    fn catch_up(&mut self) {
        if let State::Away(result) = &self.state {
            self.state = result.recv().map_or(State::Lost, State::Here);
        }
        let waiting = self.take_waiting();
        if let State::Here(hasher) = &mut self.state {
            waiting.iter().for_each(|data| hasher.update(data));
        }
    }

    /// Gives what waits to another thread, unless one is still at work.
    fn hand_over(&mut self) {
        if let State::Away(result) = &self.state {
            match result.try_recv() {
                Ok(hasher) => self.state = State::Here(hasher),
                Err(TryRecvError::Empty) => return,
                Err(TryRecvError::Disconnected) => self.state = State::Lost,
            }
        }
        let (sender, result) = sync_channel(1);
        let State::Here(mut hasher) = std::mem::replace(&mut self.state, State::Away(result))
        else {
            self.state = State::Lost;
            return;
        };
        let waiting = self.take_waiting();
        tokio::task::spawn_blocking(move || {
            waiting.iter().for_each(|data| hasher.update(data));
            // A body that was given up does not wait for it.
            let _ = sender.send(hasher);
        });
    }

    fn take_waiting(&mut self) -> Vec<Bytes> {
        self.waiting_bytes = 0;
        std::mem::take(&mut self.waiting)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;
    use crate::fixture::digest_of;

    #[tokio::test]
    async fn bytes_are_hashed_in_order_here_and_elsewhere() {
        let pieces = [100_000; 80];
        for sizes in [&[][..], &[3], &pieces, &[5_000_000, 1, 5_000_000]] {
            for slots in [0, 1] {
                let slots = Arc::new(Semaphore::new(slots));
                let mut hash = BodyHash::new(&[Algorithm::Sha256], slots);
                let mut whole = Vec::new();
                for (index, size) in sizes.iter().enumerate() {
                    let piece = vec![u8::try_from(index % 251).unwrap(); *size];
                    whole.extend_from_slice(&piece);
                    hash.update(&Bytes::from(piece));
                }
                let (sender, found) = channel();
                hash.finish(move |digests| sender.send(digests).unwrap());
                let expected = vec![digest_of(&whole, Algorithm::Sha256)];
                assert_eq!(found.recv().unwrap(), expected, "{} pieces", sizes.len());
            }
        }
    }
}
