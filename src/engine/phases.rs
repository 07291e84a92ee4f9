//! Which cases run in parallel, and which run serially after them, in which order.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::plan::Instance;

/// The cases of a run.
pub struct Phases {
    /// Started together: probes first, then the longest chains of requests.
    pub parallel: Vec<Instance>,
    /// Run one after the other at the end. None waits for a feature that a later one probes.
    pub serial: Vec<Instance>,
}

/// Divides the cases of a run. A case that waits for a feature which a serial case probes is run serially, after it:
/// otherwise the serial case would wait for all parallel ones, and one of these for it.
pub fn phases(chosen: &[Instance], probes: &HashMap<String, Arc<str>>) -> Phases {
    let ids = serial_ids(chosen, probes);
    let (serial, mut parallel): (Vec<Instance>, Vec<Instance>) = chosen
        .iter()
        .cloned()
        .partition(|instance| ids.contains(&instance.id));
    parallel.sort_by_key(|instance| {
        let probe = probes.values().any(|id| *id == instance.id);
        (!probe, std::cmp::Reverse(instance.length))
    });
    Phases {
        parallel,
        serial: in_order(serial, probes),
    }
}

fn serial_ids(chosen: &[Instance], probes: &HashMap<String, Arc<str>>) -> HashSet<Arc<str>> {
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
fn in_order(mut left: Vec<Instance>, probes: &HashMap<String, Arc<str>>) -> Vec<Instance> {
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
