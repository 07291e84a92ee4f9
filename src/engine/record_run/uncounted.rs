//! Cases that are newer than the version that `--as-of` names: run and shown, not counted.

use crate::record::{Case, Counts, Uncounted, Verdict, attribute};
use crate::suite::SuiteVersion;

/// The records of cases that do not count. A failure that several of them found stays with one of them.
pub fn record(uncounted: Vec<(SuiteVersion, Case)>) -> Vec<Uncounted> {
    let (versions, mut cases): (Vec<_>, Vec<_>) = uncounted.into_iter().unzip();
    attribute(&mut cases);
    let both = versions.into_iter().zip(cases);
    both.map(|(since, case)| Uncounted {
        since: since.to_string(),
        case,
    })
    .collect()
}

/// The note about them.
pub fn note(as_of: SuiteVersion, uncounted: &[Uncounted]) -> String {
    let counts = Counts::of(uncounted.iter().map(|one| one.case.verdict));
    let broken = uncounted
        .iter()
        .filter(|one| one.case.verdict == Verdict::Fail);
    let broken: Vec<&str> = broken.map(|one| one.case.id.as_str()).collect();
    let newer = match uncounted.len() {
        0 => "no case is newer".to_owned(),
        many => format!("{many} newer cases were run and do not count ({counts})"),
    };
    match broken.is_empty() {
        true => format!("The cases of version {as_of} of the suites count (--as-of); {newer}"),
        false => format!(
            "The cases of version {as_of} of the suites count (--as-of); {newer}. Newer cases that fail: {}",
            broken.join(", ")
        ),
    }
}
