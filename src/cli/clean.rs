//! `assay clean`: delete what an earlier run left in the registry.

use std::collections::HashSet;
use std::path::PathBuf;
use std::time::Duration;

use super::connect::{ConnectArgs, connect};
use super::{CliError, Exit};
use crate::client::{Address, RegistryClient};
use crate::engine::{self, Artifact};
use crate::record::{LeftoverKind, Run};
use crate::report;

const TIME: Duration = Duration::from_secs(300);

/// What to delete, and how to connect.
#[derive(Debug, clap::Args)]
pub struct CleanArgs {
    /// The report.json of the run that left content behind
    #[arg(long, value_name = "REPORT.json")]
    pub from: PathBuf,
    /// The registry's present address, if it has moved: a URL or host[:port]
    #[arg(value_name = "TARGET")]
    // clap prints the comment as it is: `[:port]` is no link.
    #[allow(rustdoc::broken_intra_doc_links)]
    target: Option<String>,
    #[command(flatten)]
    connect: ConnectArgs,
}

/// Deletes the content that the report names, and nothing else.
///
/// # Errors
/// A report that cannot be read, or a target that cannot be reached.
pub async fn clean(args: &CleanArgs) -> Result<Exit, CliError> {
    let record = report::read(&args.from).map_err(CliError::usage)?;
    if record.leftovers.is_empty() {
        super::output::output("the run left no content behind\n")?;
        return Ok(Exit::Success);
    }
    if record.target.bundled {
        super::output::output(
            "the bundled registry has stopped, so that its content no longer exists\n",
        )?;
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
    let (own, foreign) = artifacts(&record, &target);
    let count = own.len();
    let left = engine::cleanup(&target, own, &HashSet::new(), TIME).await;
    let mut text = format!(
        "{} of {} items deleted\n",
        count - left.len(),
        record.leftovers.len()
    );
    for artifact in &foreign {
        text.push_str(&format!(
            "not deleted: {} {} is on another host\n",
            artifact.kind,
            report::sanitize_line(&artifact.reference)
        ));
    }
    text.push_str(&report::terminal::leftovers(&left, usize::MAX));
    super::output::output(&text)?;
    // An upload session expires by itself.
    let expire = foreign
        .iter()
        .all(|artifact| artifact.kind == LeftoverKind::Upload);
    Ok(if left.is_empty() && expire {
        Exit::Success
    } else {
        Exit::NoVerdict
    })
}

/// The leftovers of a run on the target's host, and those on other hosts: a report may name an upload URL elsewhere,
/// and no request goes there.
fn artifacts(record: &Run, target: &RegistryClient) -> (Vec<Artifact>, Vec<Artifact>) {
    let all = record.leftovers.iter().map(|left| Artifact {
        kind: left.kind,
        repo: left.repository.clone(),
        reference: left.reference.clone(),
    });
    let host = target.base().origin();
    all.partition(|artifact| {
        let url = artifact.url(target.base());
        url.is_some_and(|url| url.origin() == host)
    })
}
