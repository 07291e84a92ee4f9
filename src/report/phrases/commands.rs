//! The commands that read the report.json of a run. Each works in the directory that the run was started from.

use crate::record::{BaselineResult, Case, Run};
use crate::reproduce::{advice, has_script, quote_pasted};

/// The command that reproduces the failure of a case: with curl, or by another run where there is no report.json, or no
/// script for the case.
pub(in crate::report) fn reproduce(run: &Run, case: &Case) -> String {
    let script = reproduce_id(run, &quote_pasted(&case.id)).filter(|_| has_script(run, case));
    script.unwrap_or_else(|| advice(run, case))
}

/// The command that reproduces the case of this id, which is a word of a shell. `None` if there are no scripts, or no
/// report.json.
pub(in crate::report) fn reproduce_id(run: &Run, id: &str) -> Option<String> {
    let file = file(run).filter(|_| run.target.has_scripts())?;
    Some(format!("assay reproduce {file} {id} | sh"))
}

/// The command that tries to delete what the run left. `None` without a report.json.
pub(in crate::report) fn clean(run: &Run) -> Option<String> {
    Some(format!("assay clean --from {}", file(run)?))
}

/// The command that removes the stale entries of a baseline. `None` without a report.json.
pub(in crate::report) fn update_baseline(run: &Run, baseline: &BaselineResult) -> Option<String> {
    let (baseline, file) = (quote_pasted(&baseline.file), file(run)?);
    Some(format!("assay baseline update {baseline} --from {file}"))
}

/// The report.json, as a word of a shell.
fn file(run: &Run) -> Option<String> {
    let file = run.file.as_ref()?;
    Some(quote_pasted(&file.to_string_lossy()))
}

/// A note without the command that it ends in, and the command: it is made to be copied, and stands in backticks.
pub(in crate::report) fn with_command(note: &str) -> (&str, Option<&str>) {
    let command = note
        .strip_suffix('`')
        .and_then(|note| note.split_once(": `"));
    match command {
        Some((text, command)) => (text, Some(command)),
        None => (note, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn commands_name_the_file_as_a_word_of_a_shell() {
        let mut run = sample::with_context();
        run.file = Some("my reports/report.json".into());
        let command = reproduce_id(&run, "x");
        let expected = "assay reproduce 'my reports/report.json' x | sh";
        assert_eq!(command.as_deref(), Some(expected));
        let expected = "assay clean --from 'my reports/report.json'";
        assert_eq!(clean(&run).as_deref(), Some(expected));
        let update = run.baseline.as_ref();
        let update = update.and_then(|baseline| update_baseline(&run, baseline));
        assert!(update.is_some_and(|command| command.ends_with("--from 'my reports/report.json'")));
    }

    #[test]
    fn a_case_without_a_script_is_run_again() {
        let mut run = sample::all_states();
        run.file = Some("report.json".into());
        let command = |id: &str| {
            let case = run.cases.iter().find(|case| case.id == id);
            case.map(|case| reproduce(&run, case)).unwrap_or_default()
        };
        let expected = "assay reproduce report.json blob-range | sh";
        assert_eq!(command("blob-range"), expected);
        let other = command("odd-manifest");
        let expected = "assay run http://127.0.0.1:5000 --only odd-manifest ";
        assert!(other.starts_with(expected), "{other}");
    }

    #[test]
    fn without_a_file_no_command_names_one() {
        let mut run = sample::with_context();
        run.file = None;
        assert_eq!(clean(&run), None);
        for case in &run.cases {
            assert_eq!(reproduce(&run, case), advice(&run, case));
        }
    }
}
