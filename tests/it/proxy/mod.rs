//! `assay proxy`: what passes is unchanged, and judged.

mod hostile;
mod passing;
mod verdicts;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::support::assay::{Assay, Outcome, Running};
use crate::support::folder::Folder;
use crate::support::signals::interrupt;

/// A proxy that runs.
struct Proxy {
    running: Running,
    url: String,
}

impl Proxy {
    fn start(target: &str, args: &[&str]) -> Self {
        Self::start_in(&Folder::new(), target, args)
    }

    fn start_in(folder: &Folder, target: &str, args: &[&str]) -> Self {
        let args = [&["proxy", "--target", target], args].concat();
        let mut running = Assay::new_in(folder).args(args).start();
        let line = running.line("listening on ");
        let url = line.trim_start_matches("listening on ").to_owned();
        Self { running, url }
    }

    /// Host and port.
    fn host(&self) -> &str {
        self.url.split_once("://").unwrap().1
    }

    /// The bytes of the response to some bytes, until the proxy closes the connection.
    fn raw(&self, request: &[u8]) -> String {
        let mut stream = self.connect();
        stream.write_all(request).unwrap();
        read(&mut stream)
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.host()).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        stream
    }

    /// Ends it by a signal.
    fn ends(self) -> Outcome {
        interrupt(&self.running);
        self.running.ends()
    }
}

/// Everything until the end of a connection, or what came before it broke off.
fn read(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut buffer = [0; 65536];
    while let Ok(count @ 1..) = stream.read(&mut buffer) {
        bytes.extend_from_slice(&buffer[..count]);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The number of bytes until the end of a connection.
fn length(stream: &mut TcpStream) -> usize {
    let mut buffer = [0; 65536];
    let mut length = 0;
    while let Ok(count @ 1..) = stream.read(&mut buffer) {
        length += count;
    }
    length
}
