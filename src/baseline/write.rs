//! A baseline made of a run.

use std::fmt::Write as _;

use super::file::{Baseline, Entry};
use crate::record::{Run, Verdict};

/// The failures of a run as the text of a baseline. A case that another failure blocks needs no entry. `warnings` adds
/// violated SHOULDs.
pub fn write(run: &Run, warnings: bool) -> String {
    let mut text = format!(
        "# What {} is known to fail (specification {}, {}).\n\
         # Each entry: id, a case or a requirement; violates, the requirements that the case may violate; reason; expires: 2027-01-31; flaky: true.\n",
        run.target.url, run.spec, run.started
    );
    let entries = of(run, warnings);
    if entries.is_empty() {
        text.push_str("known: []\n");
        return text;
    }
    text.push_str("known:\n");
    for entry in &entries {
        text.push_str(&one(entry, "  "));
    }
    text
}

/// The entries that a run needs.
pub(super) fn of(run: &Run, warnings: bool) -> Vec<Entry> {
    let needed = |id: &str| {
        let case = run.cases.iter().find(|case| case.id == id);
        case.is_some_and(|case| match case.verdict {
            Verdict::Fail | Verdict::Error => true,
            Verdict::Warn => warnings,
            Verdict::Blocked => case.blocked_by.is_none(),
            Verdict::Pass | Verdict::Unsupported | Verdict::Skipped | Verdict::Untested => false,
        })
    };
    let mut entries = Baseline::of(String::new(), run).entries;
    entries.retain(|entry| needed(&entry.id));
    entries
}

/// An entry as YAML. Ids come from a record, which anybody may have written: they are quoted where they need it.
pub(super) fn one(entry: &Entry, indent: &str) -> String {
    let mut text = format!("{indent}- id: {}\n", word(&entry.id));
    if !entry.violates.is_empty() {
        let violates: Vec<String> = entry.violates.iter().map(|id| word(id)).collect();
        // Writing to a text cannot fail.
        let _ = writeln!(text, "{indent}  violates: [{}]", violates.join(", "));
    }
    text
}

fn word(text: &str) -> String {
    let plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_/.".contains(c))
        && !["true", "false", "null", "yes", "no"].contains(&text);
    match plain {
        true => text.to_owned(),
        // A string of JSON is one of YAML too.
        false => serde_json::Value::from(text).to_string(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use time::{Date, Month};

    use super::*;
    use crate::baseline::apply;
    use crate::report::sample;

    #[test]
    fn a_run_has_no_new_failure_compared_with_its_own_baseline() {
        for (name, mut run) in sample::every() {
            let text = write(&run, false);
            let baseline = Baseline::parse("b.yaml", &text).unwrap();
            let today = Date::from_calendar_date(2026, Month::June, 1).unwrap();
            apply(&mut run, &baseline, today);
            let result = run.baseline.unwrap();
            assert!(
                result.new.is_empty() && result.stale.is_empty(),
                "{name}: {result:?}\n{text}"
            );
        }
    }
}
