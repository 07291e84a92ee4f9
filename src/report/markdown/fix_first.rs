//! What to fix first, as a list before the details.

use std::fmt::Write as _;

use super::text::{code, escaped, names};
use crate::report::failure::Failure;
use crate::report::fix_first::{Problem, failures};

/// The most problems that are listed.
const MOST: usize = 10;

/// The problems of a run; nothing where there are fewer than two, which the details say as well.
pub(super) fn fix_first(text: &mut String, problems: &[Problem<'_>]) -> Result<(), Failure> {
    let failures = failures(problems);
    if failures.is_empty() {
        return Ok(());
    }
    writeln!(text, "### Fix first\n")?;
    for problem in failures.iter().take(MOST) {
        let request = match problem.request() {
            "" => String::new(),
            request => format!(" ({})", code(request)),
        };
        let (heading, extent) = (escaped(&problem.heading()), problem.extent());
        let violated = match problem.findings.len() {
            0 => String::new(),
            _ => format!(", {}", names(problem.findings.iter().map(|one| one.id))),
        };
        writeln!(text, "1. **{heading}**{request}{violated}: {extent}")?;
    }
    Ok(writeln!(text)?)
}
