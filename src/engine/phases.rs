//! Which cases run in parallel, and which run serially after them, in which order.

use std::collections::HashSet;
use std::sync::Arc;

use super::plan::{Instance, ProbeCases};

/// The cases of a run.
pub struct Phases {
    /// Started together: probes first, then deletions, which may stay visible until the time to settle is over, then the
    /// longest chains of requests.
    pub parallel: Vec<Instance>,
    /// Run one after the other at the end. None waits for a feature that a later one probes.
    pub serial: Vec<Instance>,
}

/// Divides the cases of a run. A case that waits for a feature which a serial case probes is run serially, after it:
/// otherwise the serial case would wait for all parallel ones, and one of these for it.
pub fn phases(chosen: &[Instance], probes: &ProbeCases) -> Phases {
    let ids = serial_ids(chosen, probes);
    let (serial, mut parallel): (Vec<Instance>, Vec<Instance>) = chosen
        .iter()
        .cloned()
        .partition(|instance| ids.contains(&instance.id));
    parallel.sort_by_key(|instance| {
        let probe = probes.values().any(|id| *id == instance.id);
        (
            !probe,
            !instance.deletes,
            std::cmp::Reverse(instance.length),
        )
    });
    Phases {
        parallel,
        serial: in_order(serial, probes),
    }
}

fn serial_ids(chosen: &[Instance], probes: &ProbeCases) -> HashSet<Arc<str>> {
    let marked = chosen.iter().filter(|instance| instance.case.serial);
    let mut ids: HashSet<Arc<str>> = marked.map(|instance| instance.id.clone()).collect();
    loop {
        let waiting = chosen.iter().filter(|instance| {
            let mut awaited = instance.awaits().filter_map(|feature| probes.get(feature));
            !ids.contains(&instance.id) && awaited.any(|probe| ids.contains(probe))
        });
        let waiting: Vec<Arc<str>> = waiting.map(|instance| instance.id.clone()).collect();
        if waiting.is_empty() {
            return ids;
        }
        ids.extend(waiting);
    }
}

/// In their order, but each after the probes of the features that it waits for.
fn in_order(mut left: Vec<Instance>, probes: &ProbeCases) -> Vec<Instance> {
    let mut ordered = Vec::new();
    while !left.is_empty() {
        let ready = left.iter().position(|instance| {
            let mut awaited = instance.awaits().filter_map(|feature| probes.get(feature));
            !awaited.any(|probe| left.iter().any(|other| other.id == *probe))
        });
        // Probes do not wait for each other in a circle: one is always ready.
        ordered.push(left.remove(ready.unwrap_or(0)));
    }
    ordered
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::catalogue::Version;
    use crate::engine::plan::{Selection, plan};
    use crate::suite::{Sources, Suites};

    /// The instances of the suites' own cases with these names.
    fn instances(ids: &[&str]) -> Vec<Instance> {
        let suites = Suites::load(&Sources::embedded()).unwrap();
        let all = plan(&suites, Version::V1_1, &Selection::default()).unwrap();
        let find = |id: &&str| all.chosen.iter().find(|one| *one.id == **id).cloned();
        ids.iter().map(|id| find(id).unwrap()).collect()
    }

    /// A case that waits for these features only.
    fn waiting(mut instance: Instance, needs: &[&str], serial: bool) -> Instance {
        // The suites are gone: the instance owns its case.
        let case = Arc::get_mut(&mut instance.case).unwrap();
        case.serial = serial;
        case.given.clear();
        case.setup.clear();
        instance.needs = needs.iter().map(|need| (*need).to_owned()).collect();
        instance
    }

    fn ids(instances: &[Instance]) -> Vec<&str> {
        instances.iter().map(|instance| &*instance.id).collect()
    }

    #[test]
    fn cases_that_wait_for_a_serial_probe_run_after_it() {
        let mut all = instances(&["mount", "referrers", "tags-list", "api-base"]).into_iter();
        let chosen = [
            waiting(all.next().unwrap(), &["second"], false),
            waiting(all.next().unwrap(), &["first"], false),
            waiting(all.next().unwrap(), &[], true),
            waiting(all.next().unwrap(), &[], false),
        ];
        let probe = |feature: &str, case: &str| (feature.to_owned(), Arc::from(case));
        let probes = [probe("first", "tags-list"), probe("second", "referrers")];
        let Phases { parallel, serial } = phases(&chosen, &probes.into());
        assert_eq!(ids(&parallel), ["api-base"]);
        assert_eq!(ids(&serial), ["tags-list", "referrers", "mount"]);
    }

    #[test]
    fn probes_start_first_and_then_the_longest() {
        let mut all = instances(&["api-base", "mount", "referrers"]).into_iter();
        let mut chosen: Vec<Instance> = all.by_ref().map(|one| waiting(one, &[], false)).collect();
        for (instance, length) in chosen.iter_mut().zip([1, 2, 3]) {
            instance.length = length;
        }
        let probes = [("first".to_owned(), Arc::from("api-base"))];
        let Phases { parallel, .. } = phases(&chosen, &probes.into());
        assert_eq!(ids(&parallel), ["api-base", "referrers", "mount"]);
    }
}
