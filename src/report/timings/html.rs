//! The timings of a run as a section of the page, with a picture of the requests in flight.

use std::fmt::Write as _;

use crate::record::{Run, Timings};
use crate::report::sanitize_line;

/// The size of the picture, in pixels.
const WIDTH: usize = 600;
const HEIGHT: usize = 60;

/// The section; empty where the run has no timings.
pub(in crate::report) fn html(run: &Run) -> String {
    run.timings.as_ref().map_or_else(String::new, section)
}

fn section(timings: &Timings) -> String {
    let mut phases = String::new();
    for phase in &timings.phases {
        let (name, took) = (escape(&phase.name), phase.took_ms);
        // Writing to a String cannot fail.
        let _ = write!(phases, "<dt>{name}</dt><dd>{took} ms</dd>");
    }
    let waits = timings.consistency_waits_ms;
    let _ = write!(
        phases,
        "<dt>consistency waits, side by side</dt><dd>{waits} ms</dd>"
    );
    let mut chain = String::new();
    for link in &timings.longest_chain {
        let _ = write!(
            chain,
            "<li><span class=\"id\">{}</span>: {} ms, {} requests, from {} ms</li>",
            escape(&link.id),
            link.took_ms,
            link.requests,
            link.from_ms
        );
    }
    format!(
        "<section aria-labelledby=\"_timings\">\n<h2 id=\"_timings\">Timings</h2>\n<dl class=\"timings\">{phases}</dl>\n{}\n<h3 class=\"minor\">Longest chain of cases that wait for each other</h3>\n<ol>{chain}</ol>\n</section>",
        picture(timings)
    )
}

/// Requests in flight over time, as an area.
fn picture(timings: &Timings) -> String {
    let most = &timings.in_flight.most;
    let highest = most.iter().copied().max().unwrap_or(0).max(1);
    let mut points = format!("0,{HEIGHT}");
    let x = |at: usize| at * WIDTH / most.len().max(1);
    for (at, most) in most.iter().enumerate() {
        let height = *most as usize * HEIGHT / highest as usize;
        let y = HEIGHT.saturating_sub(height);
        let _ = write!(points, " {},{y} {},{y}", x(at), x(at + 1));
    }
    let _ = write!(points, " {WIDTH},{HEIGHT}");
    let length = timings
        .in_flight
        .interval_ms
        .saturating_mul(most.len() as u64);
    let title = format!("Requests in flight: at most {highest}, over {length} ms");
    format!(
        "<figure class=\"graph\"><svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" role=\"img\" aria-label=\"{title}\"><polygon points=\"{points}\" fill=\"currentColor\" opacity=\"0.4\"/></svg><figcaption>{title}</figcaption></figure>"
    )
}

fn escape(text: &str) -> String {
    sanitize_line(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{ChainLink, InFlight, Phase};

    #[test]
    fn the_picture_ends_where_the_run_does_and_names_are_escaped() {
        let shown = section(&Timings {
            phases: vec![Phase::new("cases", 120)],
            consistency_waits_ms: 0,
            longest_chain: vec![ChainLink {
                id: "<tags>".to_owned(),
                from_ms: 7,
                took_ms: 90,
                requests: 12,
            }],
            in_flight: InFlight {
                interval_ms: 10,
                most: vec![4, 8],
            },
        });
        assert!(
            shown.contains("0,60 0,30 300,30 300,0 600,0 600,60"),
            "{shown}"
        );
        assert!(shown.contains("at most 8, over 20 ms"), "{shown}");
        assert!(shown.contains("&lt;tags&gt;"), "{shown}");
    }
}
