//! `assay run --dry-run`: what would be sent.

use std::fmt::Write as _;
use std::io::Write as _;

use clap::ValueEnum;

use super::{CliError, Exit};
use crate::engine::{DryRun, DryRunStep};

/// How it is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Prints an outline to standard output.
///
/// # Errors
/// When it cannot be written.
pub fn print(outline: &DryRun, form: Form) -> Result<Exit, CliError> {
    let text = match form {
        Form::Text => text(outline),
        Form::Json => serde_json::to_string_pretty(outline)
            .map(|text| text + "\n")
            .map_err(CliError::usage)?,
    };
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())
        .map_err(|error| CliError::usage(format!("standard output cannot be written: {error}")))?;
    Ok(Exit::Success)
}

fn text(outline: &DryRun) -> String {
    let mut text = String::from("Each fixture is pushed once, by whoever needs it first:\n");
    steps(&outline.pushes, 1, &mut text);
    for case in &outline.cases {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "\n{}: {}", case.id, case.title);
        if !case.needs.is_empty() {
            let _ = writeln!(
                text,
                "  only where the target has {}",
                case.needs.join(", ")
            );
        }
        for given in &case.given {
            let _ = writeln!(text, "  given {given}");
        }
        steps(&case.steps, 1, &mut text);
    }
    let count = outline.cases.len();
    let _ = writeln!(text, "\n{count} cases; nothing was sent");
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
        ", and every next page"
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
        let _ = writeln!(text, "{indent}  if it is answered with {}:", branch.when);
        steps(&branch.steps, depth + 2, text);
    }
}
