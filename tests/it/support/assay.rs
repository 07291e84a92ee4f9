//! `assay` as its users run it: in a folder, an environment and with an input of its own.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::folder::Folder;

/// The path of the binary.
pub const ASSAY: &str = env!("CARGO_BIN_EXE_assay");

/// Suites of two cases, of which one pushes and pulls. They load faster than all, for tests of everything around the cases.
pub const SMALL: [&str; 2] = [
    "--suites",
    concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/suites"),
];

/// Cases that pull, push, mount, delete, and request missing content.
pub const FEW: [&str; 8] = [
    "--only",
    "api-base",
    "--only",
    "manifest-by-*",
    "--only",
    "*mount*",
    "--only",
    "blob-delete*",
];

/// What assay gets of the environment of the tests.
const INHERITED: [&str; 3] = ["PATH", "TMPDIR", "SystemRoot"];

/// Longer than any run takes: what does not end is ended.
const HANGS: Duration = Duration::from_secs(300);

/// `assay` with arguments, in a new folder, to its end.
pub fn assay(args: &[&str]) -> Outcome {
    Folder::new().assay(args)
}

/// `assay run` with arguments, in a new folder, to its end. Its reports are in `reports`.
pub fn run(args: &[&str]) -> Outcome {
    Folder::new().run(args)
}

/// A call of assay that is not started yet.
pub struct Assay {
    command: Command,
    folder: Folder,
    input: String,
}

impl Assay {
    pub fn new_in(folder: &Folder) -> Self {
        let mut command = Command::new(ASSAY);
        let inherited = INHERITED.iter().filter_map(|name| {
            let value = std::env::var_os(name)?;
            Some((name, value))
        });
        command
            .env_clear()
            .envs(inherited)
            .env("HOME", folder.path());
        command.current_dir(folder.path());
        Self {
            command,
            folder: folder.clone(),
            input: String::new(),
        }
    }

    /// `assay run TARGET` in a new folder, without progress. Its reports are in `reports`.
    pub fn run(target: &str) -> Self {
        Self::new_in(&Folder::new()).args(["run", target, "--progress", "never"])
    }

    /// The same of the small suites.
    pub fn run_small(target: &str) -> Self {
        Self::run(target).args(SMALL)
    }

    pub fn args<'a>(mut self, args: impl IntoIterator<Item = &'a str>) -> Self {
        self.command.args(args);
        self
    }

    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    pub fn login(self, user: &str, password: &str) -> Self {
        self.args(["--username", user])
            .env("ASSAY_PASSWORD", password)
    }

    /// What standard input contains.
    pub fn input(mut self, text: &str) -> Self {
        self.input = text.to_owned();
        self
    }

    /// A file in the folder, which is the home too.
    pub fn file(self, name: &str, text: &str) -> Self {
        self.folder.write(name, text);
        self
    }

    /// A credential helper on the path.
    #[cfg(unix)]
    pub fn helper(self, name: &str, script: &str) -> Self {
        use std::os::unix::fs::PermissionsExt as _;
        let file = format!("bin/docker-credential-{name}");
        self.folder.write(&file, &format!("#!/bin/sh\n{script}\n"));
        let executable = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(self.folder.path().join(file), executable).unwrap();
        let path = std::env::var("PATH").unwrap();
        let path = format!("{}:{path}", self.folder.at("bin"));
        self.env("PATH", &path)
    }

    /// Starts it. Its standard input stays open.
    pub fn start(mut self) -> Running {
        self.command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = self.command.spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        // What ends at once reads nothing.
        let _ = input.write_all(self.input.as_bytes());
        Running {
            stdout: BufReader::new(child.stdout.take().unwrap()),
            child: Process(child),
            folder: self.folder,
            input,
        }
    }

    /// Runs it to its end.
    pub fn ends(self) -> Outcome {
        self.start().ends()
    }
}

/// A call of assay that is under way. It is killed where a test does not wait for its end.
pub struct Running {
    child: Process,
    folder: Folder,
    input: ChildStdin,
    stdout: BufReader<std::process::ChildStdout>,
}

struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    pub fn id(&self) -> u32 {
        self.child.0.id()
    }

    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// The next line of standard output that contains this.
    pub fn line(&mut self, part: &str) -> String {
        let mut line = String::new();
        while self.stdout.read_line(&mut line).unwrap() > 0 {
            if line.contains(part) {
                return line.trim_end().to_owned();
            }
            line.clear();
        }
        panic!("assay ended without a line that contains `{part}`");
    }

    /// Closes its standard input, and waits for its end.
    pub fn ends(self) -> Outcome {
        drop(self.input);
        finish(self.child, self.stdout, self.folder, || ())
    }

    /// Waits for its end while its standard input stays open.
    pub fn ends_with_open_input(self) -> Outcome {
        let outcome = finish(self.child, self.stdout, self.folder, || ());
        drop(self.input);
        outcome
    }

    /// Waits for its end, with an eye on its memory.
    pub fn measured(self) -> (Outcome, Measure) {
        let began = Instant::now();
        let memory = format!("/proc/{}/status", self.id());
        let mut peak = 0;
        drop(self.input);
        let outcome = finish(self.child, self.stdout, self.folder, || {
            let known = std::fs::read_to_string(&memory).unwrap_or_default();
            // The last one: a process that has just been started shows the memory of its parent for a moment.
            peak = high_water(&known).unwrap_or(peak);
        });
        let measure = Measure {
            took: began.elapsed(),
            peak: peak / 1024,
        };
        (outcome, measure)
    }
}

/// What a call of assay took.
pub struct Measure {
    pub took: Duration,
    /// The most memory that it had, in MB; 0 where the system does not tell.
    pub peak: u64,
}

/// Waits for the end of a process, and calls `meanwhile` now and then.
fn finish(
    mut process: Process,
    stdout: impl Read + Send + 'static,
    folder: Folder,
    mut meanwhile: impl FnMut(),
) -> Outcome {
    let began = Instant::now();
    let stdout = read(stdout);
    let stderr = read(process.0.stderr.take().unwrap());
    let status = loop {
        meanwhile();
        if let Some(status) = process.0.try_wait().unwrap() {
            break status.code().unwrap_or(-1);
        }
        if began.elapsed() > HANGS {
            process.0.kill().unwrap();
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let (stdout, stderr) = (stdout.join().unwrap(), stderr.join().unwrap());
    let text = [stdout.as_str(), &stderr].concat();
    assert!(!text.contains("panicked"), "{text}");
    Outcome {
        status,
        stdout,
        stderr,
        text,
        folder,
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

/// What a call of assay came to.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The exit status, or -1 after a signal.
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
    /// Standard output, and standard error after it.
    pub text: String,
    pub folder: Folder,
}

impl Outcome {
    /// Checks the exit status, and that the output contains all of these.
    pub fn expect(&self, status: i32, contains: &[&str]) {
        assert_eq!(self.status, status, "{}", self.text);
        for part in contains {
            let text = &self.text;
            assert!(text.contains(part), "`{part}` is not in: {text}");
        }
    }

    /// Checks the exit status, and that the output contains this, with any white space.
    pub fn is(&self, status: i32, expected: &str) {
        assert_eq!(self.status, status, "{}", self.text);
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            words(&self.text).contains(&words(expected)),
            "`{expected}` is not in {}",
            self.text
        );
    }

    pub fn report(&self) -> Value {
        assert!(
            self.folder.has("reports/report.json"),
            "there is no report: {}",
            self.text
        );
        self.folder.report("reports")
    }

    /// A report, by its name.
    pub fn file(&self, name: &str) -> String {
        self.folder.read(&format!("reports/{name}"))
    }

    /// Every report, by its path.
    pub fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        self.folder.files("reports")
    }

    /// How many cases have a verdict.
    pub fn count(&self, verdict: &str) -> u64 {
        self.report()["summary"][verdict].as_u64().unwrap()
    }

    /// The ids of the cases with a verdict.
    pub fn cases(&self, verdict: &str) -> Vec<String> {
        let report = self.report();
        let cases = report["cases"].as_array().unwrap().iter();
        let of = cases.filter(|case| case["verdict"] == verdict);
        of.map(|case| case["id"].as_str().unwrap().to_owned())
            .collect()
    }

    pub fn notes(&self) -> String {
        self.report()["notes"].to_string()
    }
}
