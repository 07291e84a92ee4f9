//! Cases that are newer than the version of the suites that the user judges as of: run, shown, not counted.

use std::collections::HashSet;

use super::Item;
use crate::record::{Case, Counts, Uncounted, Verdict, attribute};
use crate::suite::SuiteVersion;

/// What counts, and what is newer. A set-up counts where something that counts builds on it.
pub fn apart(items: Vec<Item>, as_of: Option<SuiteVersion>) -> (Vec<Item>, Vec<Item>) {
    let Some(as_of) = as_of else {
        return (items, Vec::new());
    };
    let counts = |item: &Item| {
        item.effective_since
            .is_some_and(|effective_since| effective_since <= as_of)
    };
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
pub fn beside(uncounted: Vec<(SuiteVersion, Case)>) -> Vec<Uncounted> {
    let (versions, mut cases): (Vec<_>, Vec<_>) = uncounted.into_iter().unzip();
    attribute(&mut cases);
    let both = versions.into_iter().zip(cases);
    both.map(|(since, case)| Uncounted {
        since: since.to_string(),
        case,
    })
    .collect()
}

/// What a reader should know of them.
pub fn note(as_of: SuiteVersion, uncounted: &[Uncounted]) -> String {
    let counts = Counts::of(uncounted.iter().map(|one| one.case.verdict));
    let broken = uncounted
        .iter()
        .filter(|one| one.case.verdict == Verdict::Fail);
    let broken: Vec<&str> = broken.map(|one| one.case.id.as_str()).collect();
    let beside = match uncounted.len() {
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
