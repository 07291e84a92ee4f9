//! Signals for a running process.

use std::process::Command;
use std::time::{Duration, Instant};

use super::assay::Running;

/// Sends SIGINT, as Ctrl-C does.
pub fn interrupt(running: &Running) {
    send("-INT", running);
}

/// Sends a signal by its option of `kill`.
pub fn send(signal: &str, running: &Running) {
    let id = running.id().to_string();
    let sent = Command::new("kill").args([signal, &id]).status().unwrap();
    assert!(sent.success());
}

/// Waits until the process has a handler for SIGINT. Linux tells; elsewhere a second has to do.
pub fn wait_for_handler(running: &Running) {
    const SIGINT: u64 = 1 << 1;
    let status = format!("/proc/{}/status", running.id());
    if !std::path::Path::new(&status).exists() {
        return std::thread::sleep(Duration::from_secs(1));
    }
    let deadline = Instant::now() + Duration::from_secs(60);
    while Instant::now() < deadline {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let caught = text.lines().find_map(|line| line.strip_prefix("SigCgt:"));
        let caught = caught.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
        if caught.is_some_and(|mask| mask & SIGINT != 0) {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("the process has no handler for SIGINT");
}
