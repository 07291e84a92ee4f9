//! Ctrl-C, SIGTERM and SIGHUP.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::Exit;
use super::output::error_line;

/// The signals of this process from the moment of [`Interrupts::install`]. Until [`Interrupts::stop_gracefully`], a
/// signal ends the process at once with a sentence and status 130. After it, the first signal only asks to stop, and
/// the second ends the process. Where it is dropped, signals are for others.
pub struct Interrupts {
    on_signal: Arc<Mutex<OnSignal>>,
    stopped: watch::Receiver<bool>,
}

/// What the first signal does.
#[derive(Clone, Copy)]
enum OnSignal {
    /// Ends the process, with this sentence.
    End(&'static str),
    /// Asks to stop.
    Stop,
}

impl Interrupts {
    /// Installs the handlers. `message` is printed if a signal comes early. Needs a runtime with threads of its own,
    /// so that a signal is heard while the caller blocks.
    pub fn install(message: &'static str) -> Self {
        Self::install_or(message, std::future::pending())
    }

    /// The same, where the end of `other` counts like the first signal.
    pub fn install_or(
        message: &'static str,
        other: impl Future<Output = ()> + Send + 'static,
    ) -> Self {
        let mut signals = Signals::listen();
        let (stop, stopped) = watch::channel(false);
        let on_signal = Arc::new(Mutex::new(OnSignal::End(message)));
        let current = Arc::clone(&on_signal);
        tokio::spawn(async move {
            tokio::select! {
                () = signals.next() => {}
                () = other => {}
                () = stop.closed() => return,
            }
            let action = *lock(&current);
            match action {
                OnSignal::End(message) => error_line(message),
                OnSignal::Stop => {
                    // No receiver means that the run is over.
                    let _ = stop.send(true);
                    signals.next().await;
                }
            }
            std::process::exit(i32::from(Exit::Interrupted.status()));
        });
        Self { on_signal, stopped }
    }

    /// From here on the first signal sets the returned value to true.
    pub fn stop_gracefully(&self) -> watch::Receiver<bool> {
        *lock(&self.on_signal) = OnSignal::Stop;
        self.stopped.clone()
    }

    /// From here on a signal ends the process again, with this sentence.
    pub fn end_at_once(&self, message: &'static str) {
        *lock(&self.on_signal) = OnSignal::End(message);
    }
}

/// A copy is read or written: nothing is left half done.
fn lock(action: &Mutex<OnSignal>) -> MutexGuard<'_, OnSignal> {
    action.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits for the end of standard input: the process that has its other end is gone.
pub async fn end_of_input() {
    let (ended, end) = tokio::sync::oneshot::channel();
    // A thread of its own: the runtime would wait for a read that blocks.
    std::thread::spawn(move || {
        // An input that cannot be read is over too.
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        let _ = ended.send(());
    });
    let _ = end.await;
}

/// The listeners; none where the system does not provide one.
#[cfg(unix)]
struct Signals {
    interrupt: Option<tokio::signal::unix::Signal>,
    terminate: Option<tokio::signal::unix::Signal>,
    /// The end of the terminal's session.
    hangup: Option<tokio::signal::unix::Signal>,
}

/// Whether the caller wants the process to outlive its terminal (`nohup`). Where that is unknown, it does.
#[cfg(unix)]
fn hangup_is_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mut lines = status.lines();
    let ignored = lines.find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|hex| u64::from_str_radix(hex.trim(), 16).ok());
    ignored.is_none_or(|signals| signals & 1 == 1)
}

#[cfg(unix)]
impl Signals {
    fn listen() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        Self {
            interrupt: signal(SignalKind::interrupt()).ok(),
            terminate: signal(SignalKind::terminate()).ok(),
            hangup: (!hangup_is_ignored())
                .then(|| signal(SignalKind::hangup()).ok())
                .flatten(),
        }
    }

    async fn next(&mut self) {
        async fn one(signal: &mut Option<tokio::signal::unix::Signal>) {
            match signal {
                Some(signal) => drop(signal.recv().await),
                None => std::future::pending().await,
            }
        }
        tokio::select! {
            () = one(&mut self.interrupt) => {}
            () = one(&mut self.terminate) => {}
            () = one(&mut self.hangup) => {}
        }
    }
}

#[cfg(not(unix))]
struct Signals(Option<tokio::signal::windows::CtrlC>);

#[cfg(not(unix))]
impl Signals {
    fn listen() -> Self {
        Self(tokio::signal::windows::ctrl_c().ok())
    }

    async fn next(&mut self) {
        match &mut self.0 {
            Some(signal) => drop(signal.recv().await),
            None => std::future::pending().await,
        }
    }
}
