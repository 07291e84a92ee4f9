//! Processes that a client left behind in sessions of their own.

use std::path::Path;

/// The most rounds: a process may start another one while it is ended.
#[cfg(target_os = "linux")]
const ROUNDS: usize = 5;

/// Ends every process whose TMPDIR is the folder of a trial: all that a client starts inherits it. Elsewhere than on Linux, such
/// processes cannot be found.
#[cfg(target_os = "linux")]
pub async fn end_strays(temporary: &Path) {
    let variable = format!("TMPDIR={}", temporary.display()).into_bytes();
    let end = move || {
        let mut none_before = false;
        for _ in 0..ROUNDS {
            let strays = strays(&variable);
            // A process that is just becoming another program has no environment for a moment.
            if strays.is_empty() && none_before {
                return;
            }
            none_before = strays.is_empty();
            for stray in strays {
                // It may be over.
                let _ = rustix::process::kill_process(stray, rustix::process::Signal::KILL);
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
    };
    let _ = tokio::task::spawn_blocking(end).await;
}

/// The processes with a variable in their environment, but for those of other users and those that are over.
#[cfg(target_os = "linux")]
fn strays(variable: &[u8]) -> Vec<rustix::process::Pid> {
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
    let has = |number: &i32| {
        let environment = std::fs::read(format!("/proc/{number}/environ")).unwrap_or_default();
        environment
            .split(|byte| *byte == 0)
            .any(|one| one == variable)
    };
    numbers
        .filter(has)
        .filter_map(rustix::process::Pid::from_raw)
        .collect()
}

#[cfg(not(target_os = "linux"))]
pub async fn end_strays(_: &Path) {}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn a_process_in_a_session_of_its_own_is_ended() {
        let folder = tempfile::tempdir().unwrap();
        let other = tempfile::tempdir().unwrap();
        let start = |of: &Path| {
            let mut command = std::process::Command::new("setsid");
            command.args(["sleep", "60"]).env("TMPDIR", of);
            let process = command.spawn().unwrap();
            // First it is `setsid`.
            let name = format!("/proc/{}/comm", process.id());
            while std::fs::read_to_string(&name).unwrap() != "sleep\n" {
                std::thread::sleep(std::time::Duration::from_millis(5));
            }
            process
        };
        let (mut stray, mut another) = (start(folder.path()), start(other.path()));
        end_strays(folder.path()).await;
        assert!(!stray.wait().unwrap().success());
        assert!(another.try_wait().unwrap().is_none(), "of another trial");
        another.kill().unwrap();
        another.wait().unwrap();
    }
}
