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

/// The tool with none of its environment: neither its own variables nor those of the Go tool or of a CI.
pub fn assay() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
    let prefixes = ["ASSAY_", "OCI_", "GITHUB_"];
    let foreign = |name: &str| prefixes.iter().any(|prefix| name.starts_with(prefix));
    for (name, _) in std::env::vars().filter(|(name, _)| foreign(name)) {
        command.env_remove(name);
    }
    command
}

/// What a command printed, and its exit status.
#[derive(Debug)]
pub struct Printed {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Printed {
    /// Runs a command to its end.
    pub fn by(command: &mut Command) -> Self {
        Self::from(&command.output().unwrap())
    }

    pub fn from(output: &std::process::Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let printed = Self {
            status: output.status.code().unwrap(),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        };
        assert!(!printed.stderr.contains("panicked"), "{}", printed.stderr);
        printed
    }

    /// Both streams.
    pub fn text(&self) -> String {
        [self.stdout.as_str(), self.stderr.as_str()].concat()
    }

    /// Checks the exit status, and that the output contains all of these.
    pub fn expect(&self, status: i32, contains: &[&str]) {
        let text = self.text();
        assert_eq!(self.status, status, "{text}");
        for part in contains {
            assert!(text.contains(part), "`{part}` is not in: {text}");
        }
    }
}

/// `assay` with arguments, to its end.
pub fn printed(args: &[&str]) -> Printed {
    Printed::by(assay().args(args))
}

/// A working directory of its own, in which commands are run.
pub struct Folder(tempfile::TempDir);

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// One with an `assay.toml`.
    pub fn with_config(config: &str) -> Self {
        let folder = Self::new();
        folder.write("assay.toml", config);
        folder
    }

    pub fn path(&self) -> &std::path::Path {
        self.0.path()
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join(name)).unwrap()
    }

    pub fn has(&self, name: &str) -> bool {
        self.path().join(name).exists()
    }

    /// `assay` in this directory, with these variables.
    pub fn assay_with(&self, variables: &[(&str, &str)], args: &[&str]) -> Printed {
        let mut command = assay();
        command.current_dir(self.path()).args(args);
        Printed::by(command.envs(variables.iter().copied()))
    }

    pub fn assay(&self, args: &[&str]) -> Printed {
        self.assay_with(&[], args)
    }

    /// `assay run` without progress.
    pub fn run(&self, args: &[&str]) -> Printed {
        self.assay(&[&["run", "--progress", "never"], args].concat())
    }

    /// The report.json in a folder of reports.
    pub fn report(&self, folder: &str) -> Value {
        serde_json::from_str(&self.read(&format!("{folder}/report.json"))).unwrap()
    }
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
    let stdout = read(child.stdout.take().unwrap());
    let stderr = read(child.stderr.take().unwrap());
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
    let text = [stdout.join().unwrap(), stderr.join().unwrap()].concat();
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
