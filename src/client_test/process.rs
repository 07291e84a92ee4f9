//! Runs a client: without input, with bounded output and time, and with the end of every process that it started.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;

/// The bytes of each output that are kept.
const KEPT: usize = 64 * 1024;

/// How long an output may stay open after the end of the client.
const LEFT_OPEN: Duration = Duration::from_secs(2);

/// How long a daemon may take to end by itself.
const PATIENCE: Duration = Duration::from_secs(10);

/// A command of a client that is over.
#[derive(Debug, Clone)]
pub struct Finished {
    pub words: Vec<String>,
    /// The exit status; `None` after a signal.
    pub status: Option<i32>,
    /// Whether it ran longer than permitted.
    pub hung: bool,
    pub stdout: String,
    pub stderr: String,
    /// The bytes of both outputs, of which only a part may be kept.
    pub output_bytes: u64,
    pub duration: Duration,
}

impl Finished {
    pub fn succeeded(&self) -> bool {
        self.status == Some(0)
    }

    /// The command as a reader knows it: the program without its folder.
    pub fn command(&self) -> String {
        let mut words = self.words.clone();
        if let Some(program) = words.first_mut()
            && let Some(name) = Path::new(program.as_str()).file_name()
        {
            *program = name.to_string_lossy().into_owned();
        }
        words.join(" ")
    }
}

/// Where a command runs.
#[derive(Debug, Clone)]
pub struct Surroundings<'a> {
    pub folder: &'a Path,
    pub environment: &'a BTreeMap<String, String>,
    pub limit: Duration,
}

/// A program that cannot be started.
#[derive(Debug, thiserror::Error)]
#[error("`{program}` cannot be started: {error}")]
pub struct StartError {
    pub program: String,
    pub error: io::Error,
}

impl StartError {
    /// Whether there is no such program.
    pub fn is_missing(&self) -> bool {
        self.error.kind() == io::ErrorKind::NotFound
    }
}

/// Runs a command to its end, or to the end of its time.
///
/// # Errors
/// When the program cannot be started.
pub async fn run(words: &[String], around: &Surroundings<'_>) -> Result<Finished, StartError> {
    let began = Instant::now();
    let mut child = start(words, around, Stdio::piped(), Stdio::piped())?;
    let group = Group::of(&child);
    let mut outputs = [
        KeptOutput::read(child.stdout.take()),
        KeptOutput::read(child.stderr.take()),
    ];
    let ended = tokio::time::timeout(around.limit, child.wait()).await;
    let duration = began.elapsed();
    let hung = ended.is_err();
    if hung {
        group.kill();
        let _ = child.wait().await;
    }
    KeptOutput::await_ends(&mut outputs).await;
    if !hung {
        group.kill();
    }
    let status = ended.ok().and_then(Result::ok);
    let [(stdout, out), (stderr, err)] = outputs.map(KeptOutput::finish);
    Ok(Finished {
        words: words.to_vec(),
        status: status.and_then(|status| status.code()),
        hung,
        stdout,
        stderr,
        output_bytes: out + err,
        duration,
    })
}

/// A daemon that runs until it is stopped.
#[derive(Debug)]
pub struct Daemon {
    child: Child,
    group: Group,
}

impl Daemon {
    /// Starts a daemon; its output goes to a file in its folder.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub fn start(words: &[String], around: &Surroundings<'_>) -> Result<Self, StartError> {
        let log = std::fs::File::create(around.folder.join("service.log")).ok();
        let second = log.as_ref().and_then(|log| log.try_clone().ok());
        let [output, errors] = [log, second].map(|log| log.map_or_else(Stdio::null, Stdio::from));
        let child = start(words, around, output, errors)?;
        let group = Group::of(&child);
        Ok(Self { child, group })
    }

    /// Asks the system whether it has ended by itself.
    pub fn poll_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// Ends it, and all that it started.
    pub async fn stop(mut self) {
        self.group.terminate();
        let _ = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        self.group.kill();
        let _ = self.child.wait().await;
    }
}

fn start(
    words: &[String],
    around: &Surroundings<'_>,
    output: Stdio,
    errors: Stdio,
) -> Result<Child, StartError> {
    let program = words.first().cloned().unwrap_or_default();
    let mut command = Command::new(&program);
    command
        .args(words.iter().skip(1))
        .env_clear()
        .envs(around.environment)
        .current_dir(around.folder)
        .stdin(Stdio::null())
        .stdout(output)
        .stderr(errors)
        .kill_on_drop(true);
    #[cfg(unix)]
    command.process_group(0);
    command
        .spawn()
        .map_err(|error| StartError { program, error })
}

/// An output that is read to its end, and of which the beginning is kept.
struct KeptOutput {
    reading: JoinHandle<()>,
    read: Arc<Mutex<(Vec<u8>, u64)>>,
}

impl KeptOutput {
    /// Begins to read.
    fn read(output: Option<impl AsyncRead + Unpin + Send + 'static>) -> Self {
        let read: Arc<Mutex<(Vec<u8>, u64)>> = Arc::default();
        let shared = read.clone();
        let reading = tokio::spawn(async move {
            let Some(mut output) = output else {
                return;
            };
            let mut buffer = vec![0; 16 * 1024];
            while let Ok(length @ 1..) = output.read(&mut buffer).await {
                let mut read = shared.lock().unwrap_or_else(PoisonError::into_inner);
                let (kept, all) = &mut *read;
                *all += length as u64;
                let room = KEPT.saturating_sub(kept.len()).min(length);
                kept.extend_from_slice(buffer.get(..room).unwrap_or_default());
            }
        });
        Self { reading, read }
    }

    /// Waits for the ends of both outputs, but not for ever: a process that the client left behind may keep them open.
    async fn await_ends([one, other]: &mut [Self; 2]) {
        let ends = async { tokio::join!(&mut one.reading, &mut other.reading) };
        let _ = tokio::time::timeout(LEFT_OPEN, ends).await;
    }

    /// What was kept, and how many bytes were read.
    fn finish(self) -> (String, u64) {
        self.reading.abort();
        let read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        (String::from_utf8_lossy(&read.0).into_owned(), read.1)
    }
}

/// The processes that a client started.
#[derive(Debug)]
struct Group {
    #[cfg(unix)]
    id: Option<rustix::process::Pid>,
}

impl Group {
    #[cfg(unix)]
    fn of(child: &Child) -> Self {
        let id = child.id().and_then(|id| i32::try_from(id).ok());
        Self {
            id: id.and_then(rustix::process::Pid::from_raw),
        }
    }

    #[cfg(not(unix))]
    fn of(_: &Child) -> Self {
        Self {}
    }

    fn kill(&self) {
        #[cfg(unix)]
        self.signal(rustix::process::Signal::KILL);
    }

    fn terminate(&self) {
        #[cfg(unix)]
        self.signal(rustix::process::Signal::TERM);
    }

    #[cfg(unix)]
    fn signal(&self, signal: rustix::process::Signal) {
        if let Some(id) = self.id {
            // The group may be over.
            let _ = rustix::process::kill_process_group(id, signal);
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    async fn shell(script: &str, limit: Duration) -> Finished {
        let path = std::env::var("PATH").unwrap();
        let environment = BTreeMap::from([("PATH".to_owned(), path)]);
        let words = ["sh", "-c", script].map(str::to_owned);
        let folder = std::env::temp_dir();
        let around = Surroundings {
            folder: &folder,
            environment: &environment,
            limit,
        };
        run(&words, &around).await.unwrap()
    }

    #[tokio::test]
    async fn output_is_bounded_and_there_is_no_input() {
        let long = Duration::from_secs(30);
        let ended = shell("cat; head -c 5000000 /dev/zero; echo no >&2; exit 3", long).await;
        assert_eq!(ended.status, Some(3));
        assert_eq!(ended.stdout.len(), KEPT);
        assert_eq!(ended.output_bytes, 5_000_003);
        assert_eq!(ended.stderr, "no\n");
    }

    #[tokio::test]
    async fn a_client_that_leaves_a_process_behind_is_over_and_its_process_ended() {
        let marker = tempfile::tempdir().unwrap();
        let file = marker.path().join("late");
        let script = format!("(sleep 4; echo > {}) & echo done", file.display());
        let ended = shell(&script, Duration::from_secs(30)).await;
        assert_eq!((ended.status, ended.hung), (Some(0), false));
        assert_eq!(ended.stdout, "done\n");
        tokio::time::sleep(Duration::from_millis(2500)).await;
        assert!(!file.exists(), "a child outlived its client");
    }

    #[tokio::test]
    async fn what_a_hanging_client_printed_is_kept() {
        let ended = shell("echo waiting >&2; sleep 60", Duration::from_millis(300)).await;
        assert!(ended.hung && ended.stderr == "waiting\n");
    }

    #[tokio::test]
    async fn a_client_that_hangs_is_ended_with_all_that_it_started() {
        let marker = tempfile::tempdir().unwrap();
        let file = marker.path().join("late");
        let script = format!("(sleep 1; echo > {}) & sleep 60", file.display());
        let ended = shell(&script, Duration::from_millis(200)).await;
        assert!(ended.hung && ended.status.is_none());
        tokio::time::sleep(Duration::from_millis(1300)).await;
        assert!(!file.exists(), "a child outlived its client");
    }
}
