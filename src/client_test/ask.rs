//! Asks a client for the action of a trial.

use std::path::PathBuf;
use std::sync::Arc;

use super::adapter::ActionText;
use super::asked::Asked;
use super::bench::{Bench, Terms, write_files};
use super::content::{Content, write_archive};
use super::landed::Landed;
use super::placeholders::{Values, fill};
use super::places::Places;
use super::process::{Finished, Surroundings, run};
use super::setup::TAG;
use super::trial_error::TrialError;

/// What a client did.
pub struct Done {
    /// The commands of the action, up to the first that failed.
    pub commands: Vec<Finished>,
    pub landed: Landed,
}

/// Asks the client for an action that its adapter has.
///
/// # Errors
/// What keeps the client from being asked.
pub async fn ask(
    bench: &Bench<'_>,
    asked: &Asked,
    said: &ActionText,
    content: &Arc<Content>,
    values: &Values,
    places: &Places,
) -> Result<Done, TrialError> {
    let terms = Terms::of(asked);
    write_files(&bench.adapter.text.files, values, terms)?;
    std::fs::write(&places.file, "attached by a trial\n")?;
    let reference = values.get("image").map_or("", String::as_str);
    content.write_layout(&places.layout, TAG, reference)?;
    write_archive(&places.layout, &places.archive)?;
    let environment = bench.environment(values, &places.home, &places.temporary);
    let around = Surroundings {
        folder: &places.home,
        environment: &environment,
        limit: bench.limit,
    };
    for command in &said.prepare {
        let finished = run(&bench.words(command, values, terms), &around).await?;
        if !finished.succeeded() {
            return Err(TrialError::Prepare {
                command: finished.command(),
                reason: finished.stderr.trim().chars().take(300).collect(),
            });
        }
    }
    let logins = bench.adapter.text.login.iter().filter(|_| terms.login);
    let mut commands = Vec::new();
    for command in logins.chain(said.commands(asked)) {
        let finished = run(&bench.words(command, values, terms), &around).await?;
        let over = !finished.succeeded();
        commands.push(finished);
        if over {
            break;
        }
    }
    let lands = said.lands.iter().map(|place| fill(place, values).into());
    let lands: Vec<PathBuf> = lands.collect();
    let (temporary, content) = (said.temporary.clone(), content.clone());
    // A daemon's folders take a while.
    let search = move || Landed::search(&lands, &temporary, &content);
    let landed = tokio::task::spawn_blocking(search)
        .await
        .unwrap_or_default();
    Ok(Done { commands, landed })
}
