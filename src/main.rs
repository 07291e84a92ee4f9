//! The `assay` binary: arguments in, exit status out.
#![deny(clippy::print_stderr, clippy::print_stdout)]

use std::io::Write;
use std::process::ExitCode;

use oci_assay::cli::{Exit, execute, parse, raise_limit};
use tokio::runtime::Runtime;

fn main() -> ExitCode {
    raise_limit();
    match Runtime::new() {
        Ok(runtime) => runtime.block_on(run()),
        Err(error) => {
            let _ = writeln!(
                std::io::stderr(),
                "error: the program cannot start: {error}. Raise the limits of its processes and open files (ulimit -u, ulimit -n)"
            );
            Exit::Usage.into()
        }
    }
}

async fn run() -> ExitCode {
    let done = match parse() {
        Ok(cli) => execute(cli).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(exit) => exit.into(),
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "error: {error}");
            error.exit.into()
        }
    }
}
