//! What came over the wire in a trial, as the record has it.

use super::exchanges::Seen;
use super::format::OtherHost;
use super::trial::Trial;
use crate::record::Exchange;
use crate::traffic::{WireExchange, exchange};

/// The exchanges of a trial that are kept: the first ones, and those that show a finding.
const KEPT: usize = 60;

/// The exchanges of a trial; `shown` are the positions that checks name. Gives the new position of each.
pub fn exchanges(trial: &Trial, shown: &[usize]) -> (Vec<Exchange>, Vec<(usize, usize)>) {
    let mut kept = Vec::new();
    let mut positions = Vec::new();
    for wire in &trial.traffic {
        let at = wire.number;
        let Some(seen) = trial.seen.get(at) else {
            continue;
        };
        if kept.len() < KEPT || shown.contains(&at) {
            positions.push((at, kept.len()));
            kept.push(evidence(trial, seen, wire));
        }
    }
    (kept, positions)
}

fn evidence(trial: &Trial, seen: &Seen, wire: &WireExchange) -> Exchange {
    let mut step = match seen.host {
        None => "The client asks the registry".to_owned(),
        Some(OtherHost::Name) => "The client asks the other host".to_owned(),
        Some(OtherHost::Port) => "The client asks the other port".to_owned(),
    };
    if seen.answer.is_some() {
        step.push_str("; the scenario changes the response");
    }
    exchange(wire, &trial.wire.secrets.redactor, step)
}
