//! `assay man`: the man pages.

use std::path::{Path, PathBuf};

use clap::Command;

use super::output::output;
use super::{CliError, Exit};
use crate::data::did_you_mean;

/// Which page, and where to.
#[derive(Debug, clap::Args)]
pub struct ManArgs {
    /// The command whose page to print, such as `fleet run`; by default the page of assay
    #[arg(value_name = "COMMAND")]
    pub page: Vec<String>,
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
    let page = page(find(&assay, &args.page)?).map_err(CliError::usage)?;
    output(&String::from_utf8_lossy(&page))?;
    Ok(Exit::Success)
}

fn find<'a>(assay: &'a Command, words: &[String]) -> Result<&'a Command, CliError> {
    words.iter().try_fold(assay, |command, word| {
        command.find_subcommand(word).ok_or_else(|| {
            let known = command.get_subcommands().map(Command::get_name);
            let lists = || "`assay help` lists the commands".to_owned();
            let hint = did_you_mean(word, known).unwrap_or_else(lists);
            CliError::usage(format!("there is no command `{}`: {hint}", words.join(" ")))
        })
    })
}

fn page(command: &Command) -> std::io::Result<Vec<u8>> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    Ok(page)
}

/// Writes the page of a command and those of its subcommands: `assay.1`, `assay-fleet.1`, `assay-fleet-run.1` and so on.
fn write_all(command: &Command, folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let name = command.get_display_name().unwrap_or(command.get_name());
    std::fs::write(folder.join(format!("{name}.1")), page(command)?)?;
    // The subcommands of `help` are the commands again.
    let below = command.get_name() != "help";
    let mut commands = command.get_subcommands();
    commands.try_for_each(|one| match below && !one.is_hide_set() {
        true => write_all(one, folder),
        false => Ok(()),
    })
}
