//! Cases that are newer than the version of the suites that the user judges as of: run, shown, not counted.

use std::collections::HashSet;

use super::Item;
use crate::record::{Case, Counts, Newer, Verdict, settle};
use crate::suite::SuiteVersion;

/// What counts, and what is newer. A set-up counts where something that counts builds on it.
pub fn apart(items: Vec<Item>, as_of: Option<SuiteVersion>) -> (Vec<Item>, Vec<Item>) {
    let Some(as_of) = as_of else {
        return (items, Vec::new());
    };
    let counts = |item: &Item| item.settled.is_some_and(|settled| settled <= as_of);
    let counted = items.iter().filter(|item| counts(item));
    let built_on: HashSet<String> = counted
        .flat_map(|item| item.evidence.set_ups.iter().cloned())
        .collect();
    items.into_iter().partition(|item| match item.set_up {
        true => built_on.contains(&item.id),
        false => counts(item),
    })
}

/// The records of cases that do not count: what one of them keeps is between them alone.
pub fn beside(newer: Vec<(SuiteVersion, Case)>) -> Vec<Newer> {
    let (versions, mut cases): (Vec<_>, Vec<_>) = newer.into_iter().unzip();
    settle(&mut cases);
    let both = versions.into_iter().zip(cases);
    both.map(|(since, case)| Newer {
        since: since.to_string(),
        case,
    })
    .collect()
}

/// What a reader should know of them.
pub fn note(as_of: SuiteVersion, newer: &[Newer]) -> String {
    let counts = Counts::of(newer.iter().map(|one| one.case.verdict));
    let broken = newer.iter().filter(|one| one.case.verdict == Verdict::Fail);
    let broken: Vec<&str> = broken.map(|one| one.case.id.as_str()).collect();
    let beside = match newer.len() {
        0 => "no case is newer".to_owned(),
        many => format!("{many} newer ones were run and do not count: {counts}"),
    };
    match broken.is_empty() {
        true => format!("judged by the cases of version {as_of} of the suites; {beside}"),
        false => format!(
            "judged by the cases of version {as_of} of the suites; {beside}. Those that fail: {}",
            broken.join(", ")
        ),
    }
}
