//! The command line: one file or folder for each command. Only this module reads arguments, environment and terminal;
//! other modules receive values. Every command ends with an [`Exit`].

mod args;
mod baseline;
mod certify;
mod ci;
mod claims;
mod clean;
mod client_test;
mod compare;
mod completions;
mod config;
mod connect;
mod coverage;
mod credentials;
mod dry_run;
mod durations;
mod existing;
mod exit;
mod explain;
mod fixtures;
mod fleet;
mod formats;
mod judge;
mod judged_traffic;
mod lint;
mod list;
mod listen_address;
mod man;
mod new;
mod numbers;
mod open_files;
mod output;
mod output_format;
mod output_style;
mod parse;
mod party_arg;
mod permitted_versions;
mod proxy;
mod publish;
mod report;
mod report_run;
mod reproduce;
mod rerun;
mod result_args;
mod run;
mod self_test;
mod serve;
mod signals;
mod sources;
mod spec;
mod wording;

use ci::StoppedCommands;

pub use args::{Cli, Command};
pub use exit::{CliError, Exit};
pub use open_files::raise_limit;
pub use parse::{command, options_table, parse};
#[cfg(test)]
pub use parse::{fleet_schema, options_schema};

/// Executes a command.
///
/// # Errors
/// Why it failed, with the exit status.
pub async fn execute(cli: Cli) -> Result<Exit, CliError> {
    let _stopped = prints_words(&cli.command).then(StoppedCommands::begin);
    let done = execute_command(cli.command).await;
    done.map_err(|error| error.set_by(&cli.origins))
}

async fn execute_command(command: Command) -> Result<Exit, CliError> {
    match command {
        Command::Run(args) => run::run(*args).await,
        Command::Clean(args) => clean::clean(&args).await,
        Command::Serve(args) => serve::serve(args)
            .await
            .map(|()| Exit::Success)
            .map_err(CliError::usage),
        Command::SelfTest(args) => self_test::self_test(&args).await,
        Command::List(args) => list::list(&args),
        Command::Explain(args) => explain::explain(&args),
        Command::Coverage(args) => coverage::coverage(&args),
        Command::Lint(args) => lint::lint(&args),
        Command::Fixtures { command } => fixtures::fixtures(&command),
        Command::Init(args) => config::init(&args, &parse::command()),
        Command::New { command } => new::new(&command),
        Command::Completions(args) => completions::completions(&args, parse::command()),
        Command::Man(args) => man::man(&args, parse::command()),
        Command::Baseline { command } => baseline::baseline(&command),
        Command::Compare(args) => compare::compare(&args),
        Command::Report(args) => report::report(&args),
        Command::Reproduce(args) => reproduce::reproduce(&args),
        Command::Judge(args) => judge::judge(&args),
        Command::Proxy(args) => proxy::proxy(*args).await,
        Command::Publish(args) => publish::publish(&args).await,
        Command::Fetch(args) => publish::fetch(&args).await,
        Command::Fleet { command: fleet } => fleet::fleet(&fleet, &parse::command()).await,
        Command::Certify(args) => certify::certify(*args).await,
        Command::Client { command } => client_test::client(*command).await,
        Command::Spec { command } => spec::spec(&command),
    }
}

/// Whether a command shows what a registry says line by line. Commands that end with a report stop workflow commands
/// themselves: they annotate the job.
fn prints_words(command: &Command) -> bool {
    matches!(
        command,
        Command::Clean(_) | Command::Publish(_) | Command::Fetch(_) | Command::Fleet { .. }
    )
}
