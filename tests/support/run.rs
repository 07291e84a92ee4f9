//! Running the tool, with an eye on its time and memory.

use std::io::Read;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// A run that is over.
pub struct Outcome {
    pub status: i32,
    /// What it printed.
    pub text: String,
    pub took: Duration,
    /// The most memory that it had, in MB; 0 where the system does not tell.
    pub peak: u64,
    /// Its report.json, where it wrote one.
    pub report: Option<Value>,
    /// The folder of its reports.
    pub out: tempfile::TempDir,
}

impl Outcome {
    pub fn report(&self) -> &Value {
        match &self.report {
            Some(report) => report,
            None => panic!("there is no report: {}", self.text),
        }
    }

    pub fn file(&self, name: &str) -> String {
        std::fs::read_to_string(self.out.path().join(name)).unwrap()
    }

    /// The verdict of each case, by its id.
    pub fn verdicts(&self) -> std::collections::BTreeMap<String, String> {
        let cases = self.report()["cases"].as_array().unwrap().iter();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        cases
            .map(|case| (text(&case["id"]), text(&case["verdict"])))
            .collect()
    }

    /// How many cases have a verdict.
    pub fn count(&self, verdict: &str) -> u64 {
        self.report()["summary"][verdict].as_u64().unwrap()
    }
}

/// The tool with none of its environment.
pub fn assay() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ASSAY_")) {
        command.env_remove(name);
    }
    command
}

/// Starts `assay run` with its output to be read.
pub fn start(args: &[&str]) -> (Child, tempfile::TempDir) {
    let out = tempfile::tempdir().unwrap();
    let child = assay()
        .args(["run", "--progress", "never", "--out"])
        .arg(out.path())
        .args(args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    (child, out)
}

/// Runs `assay run` to its end.
pub fn run(args: &[&str]) -> Outcome {
    let (child, out) = start(args);
    finish(child, out)
}

/// Waits for a run's end.
pub fn finish(mut child: Child, out: tempfile::TempDir) -> Outcome {
    let began = Instant::now();
    let said = read(child.stdout.take().unwrap());
    let complained = read(child.stderr.take().unwrap());
    let memory = PathBuf::from(format!("/proc/{}/status", child.id()));
    let mut peak = 0;
    let status = loop {
        let known = std::fs::read_to_string(&memory).unwrap_or_default();
        peak = high_water(&known).unwrap_or(0).max(peak);
        if let Some(status) = child.try_wait().unwrap() {
            break status.code().unwrap_or(-1);
        }
        if began.elapsed() > Duration::from_secs(300) {
            child.kill().unwrap();
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let text = [said.join().unwrap(), complained.join().unwrap()].concat();
    assert!(!text.contains("panicked"), "{text}");
    let report = std::fs::read(out.path().join("report.json")).ok();
    Outcome {
        status,
        text,
        took: began.elapsed(),
        peak: peak / 1024,
        report: report.map(|bytes| serde_json::from_slice(&bytes).unwrap()),
        out,
    }
}

fn read(mut from: impl Read + Send + 'static) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        from.read_to_end(&mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    })
}

/// VmHWM, in kB.
fn high_water(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").trim().parse().ok()
}
