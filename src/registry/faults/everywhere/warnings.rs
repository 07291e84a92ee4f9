//! Faults of the Warning header.

use crate::registry::fault::Fault;
use crate::registry::faults::rows::{header, response};
use crate::registry::response_edit::ANY;

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    header("warning-199", &["warning-code"],
        "A Warning has the code 199 instead of 299.", ANY, "Warning", "199 - \"hm\""),
    header("warning-unquoted", &["warning-code"],
        "The text of a Warning has no quotation marks.", ANY, "Warning", "299 - hm"),
    header("warning-agent", &["warning-agent"],
        "A Warning has the agent registry instead of a hyphen.", ANY, "Warning", "299 registry \"hm\""),
    header("warning-date", &["warning-date"],
        "A Warning has a date.", ANY, "Warning", "299 - \"hm\" \"Wed, 21 Oct 2015 07:28:00 GMT\""),
];

pub const FAULTS: &[Fault] = &[
    response(
        "warning-long",
        &["warning-size"],
        "A Warning is longer than 4096 bytes.",
        |_, response| response.set("Warning", format!("299 - \"{}\"", "h".repeat(4200))),
    ),
    response(
        "warnings-long-together",
        &["warning-size"],
        "Several Warnings are together longer than 4096 bytes.",
        |_, response| {
            for _ in 0..3 {
                response.headers.push((
                    "Warning".to_owned(),
                    format!("299 - \"{}\"", "h".repeat(1400)),
                ));
            }
        },
    ),
    response(
        "warning-second-agent",
        &["warning-agent"],
        "The second of two Warnings has the agent registry instead of a hyphen.",
        |_, response| {
            response.set("Warning", "299 - \"hm\"");
            response
                .headers
                .push(("Warning".to_owned(), "299 registry \"hm\"".to_owned()));
        },
    ),
];
