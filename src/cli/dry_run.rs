//! `assay run --dry-run`: the requests of a run.

use std::fmt::Write as _;

use super::output::output;
use super::output_format::OutputFormat;
use super::{CliError, Exit};
use crate::data::count;
use crate::engine::{DryRun, DryRunStep};

/// Prints the requests to standard output.
///
/// # Errors
/// When it cannot be written.
pub fn print(dry_run: &DryRun, format: OutputFormat) -> Result<Exit, CliError> {
    let text = match format {
        OutputFormat::Text => text(dry_run),
        OutputFormat::Json => serde_json::to_string_pretty(dry_run)
            .map(|text| text + "\n")
            .map_err(CliError::usage)?,
    };
    output(&text)?;
    Ok(Exit::Success)
}

fn text(dry_run: &DryRun) -> String {
    let mut text = String::from("Each fixture is pushed once, when the first case needs it:\n");
    steps(&dry_run.pushes, 1, &mut text);
    for case in &dry_run.cases {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "\n{}: {}", case.id, case.title);
        if !case.needs.is_empty() {
            let _ = writeln!(
                text,
                "  only if the target supports {}",
                case.needs.join(", ")
            );
        }
        for given in &case.given {
            let _ = writeln!(text, "  given {given}");
        }
        steps(&case.steps, 1, &mut text);
    }
    let cases = count(dry_run.cases.len(), "case");
    let _ = writeln!(text, "\n{cases}; no request was sent");
    text
}

fn steps(steps: &[DryRunStep], depth: usize, text: &mut String) {
    for step in steps {
        one(step, depth, text);
    }
}

fn one(step: &DryRunStep, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    let pages = if step.pages {
        ", and every following page"
    } else {
        ""
    };
    let _ = match (&step.request, step.title.as_str()) {
        (Some(request), "") => writeln!(text, "{indent}{request}{pages}"),
        (Some(request), title) => writeln!(text, "{indent}{request}{pages}  ({title})"),
        (None, title) => writeln!(text, "{indent}{title}:"),
    };
    for header in &step.headers {
        let _ = writeln!(text, "{indent}    {header}");
    }
    if let Some(body) = &step.body {
        let first = body.lines().next().unwrap_or_default();
        let more = if body.lines().count() > 1 { " …" } else { "" };
        let _ = writeln!(text, "{indent}    body: {first}{more}");
    }
    steps(&step.steps, depth + 1, text);
    for branch in &step.branches {
        let _ = writeln!(text, "{indent}  if the response is {}:", branch.when);
        steps(&branch.steps, depth + 2, text);
    }
}
