//! The `assay` binary: arguments in, exit status out.

use std::process::ExitCode;

use oci_assay::cli::{execute, parse};

#[tokio::main]
async fn main() -> ExitCode {
    let done = match parse() {
        Ok(cli) => execute(cli).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(exit) => exit.into(),
        Err(error) => {
            eprintln!("error: {}", error.message);
            error.exit.into()
        }
    }
}
