//! The bundled registry as a process of its own.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use super::run::assay;

/// `assay serve` on a free port, until it is dropped.
pub struct Served {
    child: Child,
    pub url: String,
}

impl Served {
    /// Starts it with these arguments.
    pub fn start(args: &[&str]) -> Self {
        let mut child = assay()
            .args(["serve", "--addr", "127.0.0.1:0"])
            .args(args)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let url = line.trim().rsplit(' ').next().unwrap().to_owned();
        Self { child, url }
    }

    pub fn process(&self) -> &Child {
        &self.child
    }

    /// Waits for its end: the exit status.
    pub fn wait(mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
