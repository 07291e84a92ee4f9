//! What to fix first, as a list before the details.

use std::fmt::Write as _;

use super::text::{code, escaped};
use crate::record::{Run, Verdict};
use crate::report::failure::Failure;
use crate::report::fix_first::problems;
use crate::report::phrases;

/// The most problems that are listed.
const MOST: usize = 10;

/// The problems of a run; nothing where there are fewer than two, which the details say as well.
pub(super) fn fix_first(text: &mut String, run: &Run) -> Result<(), Failure> {
    let problems = problems(run);
    let failures: Vec<_> = problems.iter().filter(|one| one.is_failure()).collect();
    if failures.len() < 2 {
        return Ok(());
    }
    let violated = phrases::with_verdict(run, Verdict::Fail).len();
    writeln!(text, "### Fix first\n")?;
    for problem in failures.iter().take(MOST) {
        let request = match problem.request() {
            "" => String::new(),
            request => format!(" ({})", code(request)),
        };
        let (heading, extent) = (escaped(&problem.heading()), problem.extent(violated));
        writeln!(text, "1. **{heading}**{request}: {extent}")?;
    }
    Ok(writeln!(text)?)
}
