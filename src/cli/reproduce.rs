//! `assay reproduce`: a case of a report as a shell script.

use std::path::PathBuf;

use super::output::{error_line, output};
use super::sources::SourceArgs;
use super::{CliError, Exit};
use crate::data::did_you_mean;
use crate::record::{Case, Run};
use crate::report;
use crate::reproduce::{self, NotSayable};

/// The case, and the registry that the script asks by default.
#[derive(Debug, clap::Args)]
pub struct ReproduceArgs {
    /// The report.json of a run
    #[arg(value_name = "REPORT.json")]
    report: PathBuf,
    /// The id of a case in it
    #[arg(value_name = "CASE")]
    case: String,
    /// The registry that the script asks unless its first argument or ASSAY_TARGET names another
    #[arg(long, value_name = "URL")]
    target: Option<String>,
    #[command(flatten)]
    sources: SourceArgs,
}

/// What is printed where there is no script: `assay reproduce … | sh` must not end as if the case were not reproduced.
const NO_SCRIPT: &str = "#!/bin/sh\nexit 3\n";

/// Prints the script. Where the case cannot be said as a script, prints one that says so.
///
/// # Errors
/// A report or suites that cannot be read, or a case that the report does not have.
pub fn reproduce(args: &ReproduceArgs) -> Result<Exit, CliError> {
    match script(args) {
        Ok((text, exit)) => output(&text).map(|()| exit),
        Err(error) => output(NO_SCRIPT).and(Err(error)),
    }
}

fn script(args: &ReproduceArgs) -> Result<(String, Exit), CliError> {
    let mut run = report::read(&args.report).map_err(CliError::usage)?;
    if let Some(target) = &args.target {
        run.target.url.clone_from(target);
        run.target.bundled = false;
    }
    let Some(case) = find(&run, &args.case) else {
        let known = run.cases.iter().map(|case| case.id.as_str());
        let hint = did_you_mean(&args.case, known).map(|hint| format!(": {hint}"));
        let hint = hint.unwrap_or_default();
        let missing = NotSayable::NoCase(args.case.clone());
        return Err(CliError::usage(format!(
            "{}: {missing}{hint}",
            args.report.display()
        )));
    };
    let bundled = args.sources.suites.is_none() && args.sources.fixtures.is_none();
    let script = match bundled {
        true => reproduce::script(&run, case),
        false => reproduce::script_of(&args.sources.load()?, &run, case),
    };
    match script {
        Ok(script) => Ok((script, Exit::Success)),
        Err(why) => {
            let advice = reproduce::advice(&run, case);
            let said = format!("no script: {why}\nrun instead: {advice}");
            error_line(&report::sanitize(&said));
            let text = reproduce::substitute(&run, case, &why);
            Ok((text, Exit::NoVerdict))
        }
    }
}

/// The case of this id, counted or not.
fn find<'a>(run: &'a Run, id: &str) -> Option<&'a Case> {
    let newer = run.uncounted.iter().map(|newer| &newer.case);
    run.cases.iter().chain(newer).find(|case| case.id == id)
}
