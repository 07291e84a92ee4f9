//! Ctrl-C and SIGTERM.

use tokio::sync::watch;

/// A receiver that turns true when the user asks to stop. A second time, the process ends at once.
pub fn stop_on_interrupt() -> watch::Receiver<bool> {
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        interrupted().await;
        // Nobody listening means that the run is over.
        let _ = stop.send(true);
        interrupted().await;
        std::process::exit(super::Exit::Interrupted as i32);
    });
    stopped
}

/// Waits for Ctrl-C or SIGTERM. Where signals cannot be heard, it waits for ever.
#[cfg(unix)]
async fn interrupted() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return std::future::pending().await;
    };
    tokio::select! {
        result = tokio::signal::ctrl_c() => if result.is_err() { std::future::pending().await },
        _ = terminate.recv() => {}
    }
}

#[cfg(not(unix))]
async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending().await
    }
}
