//! The timings of a run as text.

use std::fmt::Write as _;

use crate::record::Timings;
use crate::report::sanitize_line;

/// The heights of a bar, from nothing to the most.
const BARS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The width of the picture, in characters.
const WIDTH: usize = 60;

/// The timings of a run, for the terminal.
pub fn timings(timings: &Timings) -> String {
    let mut text = String::from("\nTimings\n");
    let mut line = |name: &str, value: &str| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  {name:<22} {value}");
    };
    for phase in &timings.phases {
        line(&phase.name, &format!("{:>6} ms", phase.took_ms));
    }
    let waits = format!("{:>6} ms, side by side", timings.consistency_waits_ms);
    line("consistency waits", &waits);
    line("requests in flight", &picture(timings));
    line("longest chain", "");
    for link in &timings.longest_chain {
        let times = format!(
            "{:>6} ms, {} requests, from {} ms",
            link.took_ms, link.requests, link.from_ms
        );
        line(&format!("  {}", sanitize_line(&link.id)), &times);
    }
    text
}

fn picture(timings: &Timings) -> String {
    let most = &timings.in_flight.most;
    let highest = most.iter().copied().max().unwrap_or(0).max(1) as usize;
    let width = most.len().div_ceil(WIDTH).max(1);
    let bars: String = most
        .chunks(width)
        .map(|part| {
            let most = part.iter().copied().max().unwrap_or(0) as usize;
            let height = (most * (BARS.len() - 1)).div_ceil(highest);
            BARS.get(height).copied().unwrap_or('█')
        })
        .collect();
    let interval = timings.in_flight.interval_ms.saturating_mul(width as u64);
    format!("{bars} at most {highest} (a bar is {interval} ms)")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{ChainLink, InFlight, Phase};

    #[test]
    fn phases_load_and_chain_are_shown() {
        let shown = timings(&Timings {
            phases: vec![Phase::new("cases", 120)],
            consistency_waits_ms: 40,
            longest_chain: vec![ChainLink {
                id: "tags-walk".to_owned(),
                from_ms: 7,
                took_ms: 90,
                requests: 12,
            }],
            in_flight: InFlight {
                interval_ms: 10,
                most: vec![0, 4, 8],
            },
        });
        for part in [
            "cases",
            "120 ms",
            " ▄█ at most 8",
            "tags-walk",
            "12 requests, from 7 ms",
        ] {
            assert!(shown.contains(part), "{part} in {shown}");
        }
    }
}
