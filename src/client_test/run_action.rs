//! Runs a client's commands for the action of a trial.

use std::path::PathBuf;
use std::sync::Arc;

use super::adapter::ActionText;
use super::asked::Asked;
use super::client_environment::{ClientEnvironment, ConnectionKind, write_files};
use super::content::{Content, write_archive};
use super::folders::TrialFolders;
use super::landed::Landed;
use super::placeholders::{Values, fill};
use super::process::{Finished, StartError, Surroundings, run};
use super::setup::TAG;
use super::stray_processes::end_strays;
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
pub async fn run_action(
    client: &ClientEnvironment<'_>,
    asked: &Asked,
    said: &ActionText,
    content: &Arc<Content>,
    values: &Values,
    folders: &TrialFolders,
) -> Result<Done, TrialError> {
    let connection = ConnectionKind::of(asked);
    write_files(&client.adapter.text.files, values, connection)?;
    std::fs::write(&folders.file, "attached by a trial\n")?;
    let reference = values.get("image").map_or("", String::as_str);
    content.write_layout(&folders.layout, TAG, reference)?;
    write_archive(&folders.layout, &folders.archive)?;
    let environment = client.variables(values, &folders.home, &folders.temporary);
    let around = Surroundings {
        folder: &folders.home,
        environment: &environment,
        limit: client.limit,
    };
    let commands = Commands {
        client,
        values,
        connection,
        around,
    };
    let commands = commands.run(asked, said).await;
    end_strays(&folders.temporary).await;
    let commands = commands?;
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

/// The commands of an action.
struct Commands<'a> {
    client: &'a ClientEnvironment<'a>,
    values: &'a Values,
    connection: ConnectionKind,
    around: Surroundings<'a>,
}

impl Commands<'_> {
    /// Runs those that prepare the action, those that log in, and its own, up to the first that fails.
    async fn run(&self, asked: &Asked, said: &ActionText) -> Result<Vec<Finished>, TrialError> {
        for command in &said.prepare {
            let finished = self.run_one(command).await?;
            if !finished.succeeded() {
                return Err(TrialError::Prepare {
                    command: finished.command(),
                    reason: finished.stderr.trim().chars().take(300).collect(),
                });
            }
        }
        let logins = self.client.adapter.text.login.iter();
        let logins = logins.filter(|_| self.connection.login);
        let mut commands = Vec::new();
        for command in logins.chain(said.commands(asked)) {
            let finished = self.run_one(command).await?;
            let over = !finished.succeeded();
            commands.push(finished);
            if over {
                break;
            }
        }
        Ok(commands)
    }

    async fn run_one(&self, command: &[String]) -> Result<Finished, StartError> {
        let words = self.client.words(command, self.values, self.connection);
        run(&words, &self.around).await
    }
}
