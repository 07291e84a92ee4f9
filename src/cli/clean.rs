//! `assay clean`: delete what an earlier run left in the registry.

use std::path::PathBuf;
use std::time::Duration;

use super::connect::{ConnectArgs, connect};
use super::{CliError, Exit};
use crate::client::Address;
use crate::engine::{self, Artifact};
use crate::record::LeftoverKind;
use crate::report;

/// How long it may take.
const TIME: Duration = Duration::from_secs(300);

/// What to delete, and how to reach it.
#[derive(Debug, clap::Args)]
pub struct CleanArgs {
    /// The report.json of the run that left something behind
    #[arg(long, value_name = "REPORT.json")]
    pub from: PathBuf,
    /// Where the registry is now, if it has moved: a URL or host[:port]
    #[arg(value_name = "TARGET")]
    target: Option<String>,
    #[command(flatten)]
    connect: ConnectArgs,
}

/// Deletes what the report names, and nothing else.
///
/// # Errors
/// When the report cannot be read, or the target cannot be reached.
pub async fn clean(args: &CleanArgs) -> Result<Exit, CliError> {
    let record = report::read(&args.from).map_err(CliError::usage)?;
    if record.leftovers.is_empty() {
        super::output::output("nothing was left behind\n")?;
        return Ok(Exit::Success);
    }
    if record.target.bundled {
        super::output::output("the bundled registry is gone, and all that it held\n")?;
        return Ok(Exit::Success);
    }
    let address = args.target.as_deref().unwrap_or(&record.target.url);
    let address = Address::parse(address).map_err(CliError::usage)?;
    let target = connect(&args.connect, None, &address, &record.target.repo).await?;
    let repositories = [&*record.target.repo, &*record.target.repo2];
    target
        .preflight(&repositories)
        .await
        .map_err(CliError::no_verdict)?;
    let things: Vec<Artifact> = record
        .leftovers
        .iter()
        .map(|left| Artifact {
            kind: left.kind,
            repo: left.repository.clone(),
            reference: left.reference.clone(),
        })
        .collect();
    // An upload's address may lead to another host: what a report names is not followed there.
    let base = target.base().origin();
    let (mine, foreign): (Vec<_>, Vec<_>) = things.into_iter().partition(|thing| {
        let url = thing.url(target.base());
        url.is_some_and(|url| url.origin() == base)
    });
    let count = mine.len();
    let left = engine::cleanup(&target, mine, TIME).await;
    let mut text = format!(
        "{} of {} things deleted\n",
        count - left.len(),
        record.leftovers.len()
    );
    for thing in &foreign {
        text.push_str(&format!(
            "left: {} {}: it is on another host\n",
            thing.kind, thing.reference
        ));
    }
    text.push_str(&report::terminal::leftovers(&left, usize::MAX));
    super::output::output(&text)?;
    let uploads = foreign
        .iter()
        .all(|thing| thing.kind == LeftoverKind::Upload);
    Ok(if left.is_empty() && uploads {
        Exit::Success
    } else {
        Exit::NoVerdict
    })
}
