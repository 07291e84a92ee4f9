//! Requests without a response: the target that is gone, other hosts that never answer, and writes that hang.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use tokio::sync::watch;
use url::Url;

use crate::client::{AccessError, OtherHosts, Request, RequestError, origin};
use crate::endpoint::{Endpoint, EndpointKind};

/// How many requests in a row may get no response before the target counts as gone.
const MAX_OF_TARGET: usize = 24;

/// For how many time-outs a target that is gone may be silent before requests on their way are given up too: those that wait
/// for their turn would each wait for a time-out of their own.
const MAX_SILENT_TIMEOUTS: u32 = 3;

/// A kind of write.
pub type WriteKind = (String, EndpointKind);

/// The kind of a write.
pub fn write_kind(request: &Request) -> WriteKind {
    let endpoint = Endpoint::parse(request.url.path());
    (request.method.to_string(), endpoint.kind())
}

/// What a run knows about requests without a response.
#[derive(Debug)]
pub struct Unanswered {
    state: Mutex<State>,
    other_hosts: OtherHosts,
    /// How long a target that is gone may be silent.
    patience: Duration,
    /// Whether the target is gone, and was silent for longer.
    silent: watch::Sender<bool>,
}

#[derive(Debug)]
struct State {
    /// Requests in a row without a response from the target.
    of_target: usize,
    /// When the target last responded; before that, when the run began.
    responded: Instant,
    /// Kinds of writes that timed out when their case was retried.
    hanging: HashSet<WriteKind>,
    /// The origins other than the target's where nobody listened.
    deserted: HashSet<String>,
}

impl Unanswered {
    /// Nothing is known yet. `timeout` is the time limit of one request.
    pub fn new(timeout: Duration) -> Self {
        Self {
            state: Mutex::new(State {
                of_target: 0,
                responded: Instant::now(),
                hanging: HashSet::new(),
                deserted: HashSet::new(),
            }),
            other_hosts: OtherHosts::default(),
            patience: timeout.saturating_mul(MAX_SILENT_TIMEOUTS),
            silent: watch::Sender::new(false),
        }
    }

    /// Counts a request to `url`. A refused login is known at once and does not count.
    pub fn count<T>(&self, target: &Url, url: &Url, response: &Result<T, RequestError>) {
        let answered = match response {
            Ok(_) => true,
            Err(RequestError::Access(
                AccessError::Refused { .. }
                | AccessError::Revoked { .. }
                | AccessError::PermissionRevoked { .. },
            )) => return,
            Err(error) => {
                if shows_desertion(target, url, error) {
                    self.state().deserted.insert(origin(url));
                }
                false
            }
        };
        if url.origin() != target.origin() {
            return self.other_hosts.count(url, answered);
        }
        let mut state = self.state();
        if answered {
            state.of_target = 0;
            state.responded = Instant::now();
        } else {
            state.of_target = state.of_target.saturating_add(1);
        }
        let gone = state.of_target >= MAX_OF_TARGET;
        let silent = gone && state.responded.elapsed() >= self.patience;
        // Every request on its way waits for a change: what stays as it is wakes none of them.
        self.silent
            .send_if_modified(|known| std::mem::replace(known, silent) != silent);
    }

    /// The outcome of `work`; nothing if the target is gone, and stays silent, before there is one.
    pub async fn unless_silent<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            done = work => Some(done),
            () = self.silence() => None,
        }
    }

    async fn silence(&self) {
        let mut silent = self.silent.subscribe();
        let closed = silent.wait_for(|silent| *silent).await.is_err();
        // The sender lives as long as `self`.
        if closed {
            std::future::pending::<()>().await;
        }
    }

    /// Whether the target has stopped responding.
    pub fn target_is_gone(&self) -> bool {
        self.state().of_target >= MAX_OF_TARGET
    }

    /// Whether the URL leads to another host, which has never responded.
    pub fn never_responds(&self, target: &Url, url: &Url) -> bool {
        url.origin() != target.origin() && self.other_hosts.is_unreachable(url)
    }

    /// Whether the URL leads to another host where nobody listened, and which has never responded.
    pub fn is_deserted(&self, target: &Url, url: &Url) -> bool {
        self.never_responds(target, url) && self.state().deserted.contains(&origin(url))
    }

    /// Records a kind of write that timed out when its case was retried.
    pub fn hangs(&self, kind: WriteKind) {
        self.state().hanging.insert(kind);
    }

    /// Whether a kind of write timed out when its case was retried.
    pub fn is_hanging(&self, kind: &WriteKind) -> bool {
        self.state().hanging.contains(kind)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        match self.state.lock() {
            Ok(state) => state,
            // Each change is one call: nothing is left half done.
            Err(poisoned) => poisoned.into_inner(),
        }
    }
}

/// Whether a request to another origin than the target's failed because nobody listens there, or because the port is the
/// target's, which speaks the other scheme.
pub fn shows_desertion(target: &Url, url: &Url, error: &RequestError) -> bool {
    let address = |url: &Url| {
        let host = url.host_str().map(str::to_owned);
        (host, url.port_or_known_default())
    };
    let same_port = address(url) == address(target) && url.scheme() != target.scheme();
    url.origin() != target.origin() && (error.is_deserted() || same_port && error.is_without_tls())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    fn lost() -> Result<(), RequestError> {
        Err(RequestError::BadRedirect(String::new()))
    }

    #[test]
    fn another_host_does_not_make_the_target_gone() {
        let target: Url = "http://registry.example:5000/".parse().unwrap();
        let own = target.join("/v2/").unwrap();
        let other: Url = "http://registry.example/v2/".parse().unwrap();
        let unanswered = Unanswered::new(LONG);
        for _ in 0..MAX_OF_TARGET {
            unanswered.count(&target, &other, &lost());
        }
        assert!(!unanswered.target_is_gone());
        assert!(unanswered.never_responds(&target, &other));
        assert!(!unanswered.never_responds(&target, &own));
        for _ in 0..MAX_OF_TARGET {
            unanswered.count(&target, &own, &lost());
        }
        assert!(unanswered.target_is_gone());
        assert!(!unanswered.never_responds(&target, &own));
        unanswered.count(&target, &own, &Ok(()));
        assert!(!unanswered.target_is_gone());
    }

    #[test]
    fn a_host_that_has_responded_is_asked_again() {
        let target: Url = "http://registry.example:5000/".parse().unwrap();
        let other: Url = "http://storage.example/".parse().unwrap();
        let unanswered = Unanswered::new(LONG);
        unanswered.count(&target, &other, &Ok(()));
        for _ in 0..MAX_OF_TARGET {
            unanswered.count(&target, &other, &lost());
        }
        assert!(!unanswered.never_responds(&target, &other));
    }

    #[tokio::test]
    async fn requests_on_their_way_are_given_up_after_a_long_silence() {
        let target: Url = "http://registry.example/".parse().unwrap();
        let never = std::future::pending::<()>;
        for (timeout, given_up) in [(Duration::ZERO, true), (LONG, false)] {
            let unanswered = Unanswered::new(timeout);
            for _ in 0..MAX_OF_TARGET {
                unanswered.count(&target, &target, &lost());
            }
            assert!(unanswered.target_is_gone());
            assert_eq!(*unanswered.silent.borrow(), given_up, "{timeout:?}");
            if given_up {
                assert_eq!(unanswered.unless_silent(never()).await, None);
            }
            unanswered.count(&target, &target, &Ok(()));
            assert_eq!(unanswered.unless_silent(async { 1 }).await, Some(1));
        }
    }
}
