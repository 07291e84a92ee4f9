//! Which case decides whether the target supports a feature: its probe.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::instance::Instance;
use crate::suite::SuiteVersion;

/// The case that probes each feature.
pub type ProbeCases = HashMap<String, Arc<str>>;

/// For each feature, the first case in which the target may decline it: one that counts, where there is one. A case that
/// would wait for its own result is no probe.
pub fn probes(all: &[Instance], as_of: Option<SuiteVersion>) -> ProbeCases {
    let mut probes: HashMap<&str, &Instance> = HashMap::new();
    let (newer, counted): (Vec<_>, Vec<_>) = all.iter().partition(|one| one.is_newer_than(as_of));
    for instance in counted.into_iter().chain(newer) {
        for feature in instance.case.declinable() {
            if !probes.contains_key(feature) && !waits_for(instance, feature, &probes) {
                probes.insert(feature, instance);
            }
        }
    }
    let ids = probes.into_iter();
    ids.map(|(feature, probe)| (feature.to_owned(), probe.id.clone()))
        .collect()
}

/// Whether a case waits for a feature, itself or through the probes of other features.
fn waits_for(instance: &Instance, feature: &str, probes: &HashMap<&str, &Instance>) -> bool {
    let mut pending: Vec<&str> = instance.awaits().collect();
    let mut seen = HashSet::new();
    while let Some(next) = pending.pop() {
        if next == feature {
            return true;
        }
        if seen.insert(next)
            && let Some(probe) = probes.get(next)
        {
            pending.extend(probe.awaits());
        }
    }
    false
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::catalogue::Version;
    use crate::engine::plan::instance::instances;
    use crate::suite::{Sources, Suites};

    /// The first case in which each of these features may be declined, waiting for another feature.
    fn waiting(features: &[(&str, &str)]) -> Vec<Instance> {
        let suites = Suites::load(&Sources::embedded()).unwrap();
        let all = instances(&suites, Version::V1_1);
        let found = probes(&all, None);
        let waiting = features.iter().map(|(feature, need)| {
            let id = found.get(*feature).unwrap();
            let mut instance = all.iter().find(|one| one.id == *id).unwrap().clone();
            instance.needs = vec![(*need).to_owned()];
            instance
        });
        waiting.collect()
    }

    #[test]
    fn a_case_that_waits_for_itself_is_no_probe() {
        let found = probes(&waiting(&[("mount", "mount")]), None);
        assert!(!found.contains_key("mount"), "{found:?}");
    }

    #[test]
    fn probes_do_not_wait_for_each_other_in_a_circle() {
        let all = waiting(&[("mount", "referrers"), ("referrers", "mount")]);
        let found = probes(&all, None);
        assert!(found.contains_key("mount"), "{found:?}");
        assert!(!found.contains_key("referrers"), "{found:?}");
    }
}
