//! The `assay` binary: arguments in, exit status out.

use std::process::ExitCode;

use oci_assay::cli::{parse, perform};

#[tokio::main]
async fn main() -> ExitCode {
    let done = match parse() {
        Ok(cli) => perform(cli).await,
        Err(refusal) => Err(refusal),
    };
    match done {
        Ok(exit) => exit.into(),
        Err(refusal) => {
            eprintln!("error: {}", refusal.message);
            refusal.exit.into()
        }
    }
}
