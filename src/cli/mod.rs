//! The command line: a file a command. Arguments, environment and terminal are read here and nowhere below;
//! plain values go down, and every way out is an [`Exit`].

mod args;
mod exit;
mod lint;
mod list;
mod look;
mod run;
mod self_test;
mod serve;
mod signals;
mod sources;

pub use args::{Cli, Command};
pub use exit::{Exit, Refusal};

/// Does what the arguments say.
///
/// # Errors
/// What keeps it from being done, with the exit status it comes to.
pub async fn perform(cli: Cli) -> Result<Exit, Refusal> {
    match cli.command {
        Command::Run(args) => run::run(*args).await,
        Command::Serve(args) => serve::serve(args).await.map(|()| Exit::Kept).map_err(Refusal::usage),
        Command::SelfTest(args) => self_test::self_test(&args).await,
        Command::List(args) => list::list(&args),
        Command::Lint(args) => lint::lint(&args),
    }
}
