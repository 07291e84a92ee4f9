//! Faults of the Warning header.

use crate::registry::faults::matching::ANY;
use crate::registry::faults::model::Fault;
use crate::registry::faults::rows::{header, response};

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    header("warning-199", &["warning-code"],
        "A warning has the code 199.", ANY, "Warning", "199 - \"hm\""),
    header("warning-agent", &["warning-agent"],
        "A warning names an agent.", ANY, "Warning", "299 registry \"hm\""),
    header("warning-date", &["warning-date"],
        "A warning has a date.", ANY, "Warning", "299 - \"hm\" \"Wed, 21 Oct 2015 07:28:00 GMT\""),
];

pub const FAULTS: &[Fault] = &[
    response(
        "warning-long",
        &["warning-size"],
        "Warnings are longer than they may be.",
        |_, response| response.set("Warning", format!("299 - \"{}\"", "h".repeat(4200))),
    ),
    response(
        "warnings-long-together",
        &["warning-size"],
        "Several warnings are longer together than they may be.",
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
        "The second of two warnings names an agent.",
        |_, response| {
            response.set("Warning", "299 - \"hm\"");
            response
                .headers
                .push(("Warning".to_owned(), "299 registry \"hm\"".to_owned()));
        },
    ),
];
