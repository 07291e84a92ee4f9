//! `assay man`: the man pages.

use std::path::{Path, PathBuf};

use clap::Command;

use super::output::output;
use super::{CliError, Exit};
use crate::data::did_you_mean;

/// Which page, and where to.
#[derive(Debug, clap::Args)]
pub struct ManArgs {
    /// The command whose page to print; by default the page of assay
    #[arg(value_name = "COMMAND")]
    pub page: Option<String>,
    /// Write all pages to this folder instead
    #[arg(long, value_name = "DIR", conflicts_with = "page")]
    pub out: Option<PathBuf>,
}

/// Prints a page, or writes all.
///
/// # Errors
/// An unknown command, or pages that cannot be written.
pub fn man(args: &ManArgs, mut assay: Command) -> Result<Exit, CliError> {
    assay.build();
    if let Some(folder) = &args.out {
        write_all(&assay, folder).map_err(|error| {
            CliError::usage(format!("{} cannot be written: {error}", folder.display()))
        })?;
        return Ok(Exit::Success);
    }
    let page = match &args.page {
        None => page(&assay),
        Some(name) => page(find(&assay, name)?),
    };
    output(&String::from_utf8_lossy(&page.map_err(CliError::usage)?))?;
    Ok(Exit::Success)
}

fn find<'a>(assay: &'a Command, name: &str) -> Result<&'a Command, CliError> {
    assay.find_subcommand(name).ok_or_else(|| {
        let known = assay.get_subcommands().map(Command::get_name);
        let hint =
            did_you_mean(name, known).unwrap_or_else(|| "`assay help` lists them".to_owned());
        CliError::usage(format!("there is no command `{name}`: {hint}"))
    })
}

fn page(command: &Command) -> std::io::Result<Vec<u8>> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    Ok(page)
}

/// `assay.1`, and `assay-run.1` and so on.
fn write_all(assay: &Command, folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join("assay.1"), page(assay)?)?;
    for command in assay.get_subcommands().filter(|one| !one.is_hide_set()) {
        let name = command.get_display_name().unwrap_or(command.get_name());
        std::fs::write(folder.join(format!("{name}.1")), page(command)?)?;
    }
    Ok(())
}
