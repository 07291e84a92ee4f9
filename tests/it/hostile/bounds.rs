//! The bounds that every run against a hostile target keeps, and parts of such targets.

use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use crate::support::assay::{Assay, Measure, Outcome};
use crate::support::server::{Asked, Server, answer};

/// The most memory that a run may use, in MB. Headers of 270 kB in each response of many requests in flight need most of it.
pub const MAX_MEMORY: u64 = 160;

/// How many times longer than alone a run may take, since tests run at the same time.
pub const LOAD_FACTOR: u64 = 4;

/// The cases of one category, where the others would not test more of the client.
pub const DISCOVERY: [&str; 2] = ["--category", "discovery"];

/// The exit statuses of a run that gets past the first request.
pub const NON_CONFORMANT_OR_INCONCLUSIVE: [i32; 2] = [1, 3];

/// Runs against a server, checks time (in seconds, alone on the machine) and memory, and prints both.
pub fn run_within_bounds(name: &str, url: &str, more: &[&str], seconds: u64) -> Outcome {
    let call = Assay::run(url).args(["--timeout", "1s", "--settle", "0s"]);
    let (outcome, measure) = call.args(more.iter().copied()).start().measured();
    let Measure { took, peak } = measure;
    println!(
        "| {name} | {} | {:.1} s | {peak} MB |",
        outcome.status,
        took.as_secs_f64()
    );
    assert!(
        took < Duration::from_secs(seconds * LOAD_FACTOR),
        "{name}: {took:?}"
    );
    assert!(peak < MAX_MEMORY, "{name}: {peak} MB");
    outcome
}

/// The same for a server that answers the first request: the reports contain every case.
pub fn run_with_reports(name: &str, server: &Server, more: &[&str], seconds: u64) -> Outcome {
    run_with_reports_at(name, &server.url, more, seconds)
}

pub fn run_with_reports_at(name: &str, url: &str, more: &[&str], seconds: u64) -> Outcome {
    let outcome = run_within_bounds(name, url, more, seconds);
    assert!(
        NON_CONFORMANT_OR_INCONCLUSIVE.contains(&outcome.status),
        "{name}: {}",
        outcome.text
    );
    let report = outcome.report();
    let cases = report["cases"].as_array().unwrap();
    // Over HTTP/2, the first requests share a connection: what breaks one of them breaks the preflight.
    let preflight =
        outcome.status == 3 && cases.first().is_some_and(|case| case["id"] == "preflight");
    assert!(cases.len() > 50 || preflight, "{name}");
    assert!(
        outcome.file("junit.xml").ends_with("</testsuites>\n")
            || outcome.file("junit.xml").contains("</testsuites>")
    );
    assert!(outcome.file("report.html").contains("</html>"));
    outcome
}

pub fn send(stream: &mut TcpStream, bytes: &[u8]) -> std::io::Result<bool> {
    stream.write_all(bytes)?;
    Ok(true)
}

pub fn close(stream: &mut TcpStream, bytes: &[u8]) -> std::io::Result<bool> {
    stream.write_all(bytes)?;
    Ok(false)
}

/// Writes the same bytes again and again, until the client closes the connection.
pub fn repeat(stream: &mut TcpStream, bytes: &[u8], pause: Duration) -> std::io::Result<bool> {
    loop {
        stream.write_all(bytes)?;
        std::thread::sleep(pause);
    }
}

pub const NO_PAUSE: Duration = Duration::ZERO;

/// A registry that answers writes with success, and reads with `page`.
pub fn registry(page: impl Fn(&Asked) -> (String, Vec<u8>) + Send + Sync + 'static) -> Server {
    Server::behind_a_greeting(move |asked, stream| {
        let bytes = match asked.method.as_str() {
            "POST" => answer("202 Accepted", "Location: /v2/x/blobs/uploads/1\r\n", b""),
            "PATCH" => answer(
                "202 Accepted",
                "Location: /v2/x/blobs/uploads/1\r\nRange: 0-0\r\n",
                b"",
            ),
            "PUT" => answer("201 Created", "Location: /v2/x/y\r\n", b""),
            "DELETE" => answer("202 Accepted", "", b""),
            _ => {
                let (headers, body) = page(asked);
                let mut bytes = answer("200 OK", &headers, &body);
                if asked.method == "HEAD" {
                    bytes.truncate(bytes.len() - body.len());
                }
                bytes
            }
        };
        send(stream, &bytes)
    })
}
