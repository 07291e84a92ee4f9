//! Runs of assay against servers of the tests.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use oci_assay::internals::registry::{Options, Server};

/// Cases that pull, push, mount, delete, and request missing content.
pub const FEW: [&str; 10] = [
    "--only",
    "api-base",
    "--only",
    "manifest-by-*",
    "--only",
    "*mount*",
    "--only",
    "blob-delete*",
    "--only",
    "*absent*",
];

/// A run of assay.
pub struct Assay {
    command: Command,
    home: tempfile::TempDir,
    input: String,
}

/// The outcome of a run.
pub struct Outcome {
    pub status: i32,
    pub text: String,
    home: tempfile::TempDir,
}

impl Assay {
    /// `assay run TARGET`, with an environment of its own.
    pub fn run(target: &str) -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
        let path = std::env::var_os("PATH").unwrap();
        command
            .env_clear()
            .env("PATH", path)
            .env("HOME", home.path());
        command.args(["run", target, "--progress", "never", "--out"]);
        command.arg(home.path().join("reports"));
        Self {
            command,
            home,
            input: String::new(),
        }
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

    pub fn input(mut self, text: &str) -> Self {
        self.input = text.to_owned();
        self
    }

    /// A file below the home folder.
    pub fn file(self, name: &str, text: &str) -> Self {
        let path = self.home.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        self
    }

    /// A credential helper on the path.
    pub fn helper(mut self, name: &str, script: &str) -> Self {
        use std::os::unix::fs::PermissionsExt as _;
        let path = self
            .home
            .path()
            .join("bin")
            .join(format!("docker-credential-{name}"));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        let bin = self.home.path().join("bin").display().to_string();
        let path = std::env::var("PATH").unwrap();
        self.command.env("PATH", format!("{bin}:{path}"));
        self
    }

    pub fn ends(mut self) -> Outcome {
        self.command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = self.command.spawn().unwrap();
        let _ = child.stdin.take().unwrap().write_all(self.input.as_bytes());
        let output = child.wait_with_output().unwrap();
        let text = [&output.stdout[..], &output.stderr[..]].concat();
        let text = String::from_utf8(text).unwrap();
        assert!(!text.contains("panicked"), "{text}");
        Outcome {
            status: output.status.code().unwrap(),
            text,
            home: self.home,
        }
    }
}

impl Outcome {
    /// Asserts the exit status, and a text of the output, with any white space.
    pub fn is(&self, status: i32, expected: &str) {
        assert_eq!(self.status, status, "{}", self.text);
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            words(&self.text).contains(&words(expected)),
            "`{expected}` is not in {}",
            self.text
        );
    }

    pub fn report(&self) -> serde_json::Value {
        let path = self.home.path().join("reports/report.json");
        serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
    }

    /// Every report, by its path.
    pub fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        collect(&self.home.path().join("reports"), &mut files);
        files
    }

    pub fn notes(&self) -> String {
        self.report()["notes"].to_string()
    }
}

fn collect(folder: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => collect(&path, files),
            false => drop(files.insert(path.clone(), std::fs::read(path).unwrap())),
        }
    }
}

/// The bundled registry, on threads of its own.
pub struct Registry {
    pub url: String,
    _runtime: tokio::runtime::Runtime,
}

pub fn registry(set: impl FnOnce(&mut Options)) -> Registry {
    let mut options = Options::default();
    set(&mut options);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let address = SocketAddr::from(([127, 0, 0, 1], 0));
    let server = runtime.block_on(Server::start(address, options)).unwrap();
    Registry {
        url: server.url(),
        _runtime: runtime,
    }
}

/// A request to a scripted server.
#[derive(Debug, Clone, Default)]
pub struct Received {
    pub line: String,
    pub headers: String,
    pub body: String,
}

impl Received {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.headers.lines();
        lines.find_map(|line| {
            let (known, value) = line.split_once(':')?;
            known.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// A server that answers by a function, and records every request.
pub struct Scripted {
    pub url: String,
    pub seen: Arc<Mutex<Vec<Received>>>,
}

impl Scripted {
    /// The requests whose first line contains this text.
    pub fn requests(&self, text: &str) -> Vec<Received> {
        let seen = self.seen.lock().unwrap();
        seen.iter()
            .filter(|one| one.line.contains(text))
            .cloned()
            .collect()
    }
}

/// `answer` makes a complete HTTP response of a request and the URL of the server.
pub fn scripted(answer: impl Fn(&Received, &str) -> Vec<u8> + Send + Sync + 'static) -> Scripted {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (known, base, answer) = (seen.clone(), url.clone(), Arc::new(answer));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (known, base, answer) = (known.clone(), base.clone(), answer.clone());
            std::thread::spawn(move || {
                let Some(request) = read(&stream) else { return };
                known.lock().unwrap().push(request.clone());
                let _ = (&stream).write_all(&answer(&request, &base));
            });
        }
    });
    Scripted { url, seen }
}

/// A complete response, after which the connection is closed.
pub fn answer(status: u16, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}")
        .into_bytes()
}

fn read(stream: &TcpStream) -> Option<Received> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut seen = Received::default();
    reader.read_line(&mut seen.line).ok()?;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        if line.trim().is_empty() {
            break;
        }
        seen.headers.push_str(&line);
    }
    let length = seen
        .header("content-length")
        .and_then(|text| text.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    seen.body = String::from_utf8_lossy(&body).into_owned();
    Some(seen)
}
