//! The `assay` binary: arguments in, exit status out.

use std::process::ExitCode;

use clap::Parser;
use oci_assay::cli::{Cli, perform};

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    match perform(cli).await {
        Ok(exit) => exit.into(),
        Err(refusal) => {
            eprintln!("error: {}", refusal.message);
            refusal.exit.into()
        }
    }
}
