//! Faults of the Warning header.

use crate::registry::fault::Fault;
use crate::registry::faults::rows::fault;
use crate::registry::response_edit::ANY;

pub const FAULTS: &[Fault] = &[
    fault("warning-199")
        .violates(&["warning-code"])
        .title("A Warning has the code 199 instead of 299.")
        .header(ANY, "Warning", "199 - \"hm\""),
    fault("warning-unquoted")
        .violates(&["warning-code"])
        .title("The text of a Warning has no quotation marks.")
        .header(ANY, "Warning", "299 - hm"),
    fault("warning-agent")
        .violates(&["warning-agent"])
        .title("A Warning has the agent registry instead of a hyphen.")
        .header(ANY, "Warning", "299 registry \"hm\""),
    fault("warning-date")
        .violates(&["warning-date"])
        .title("A Warning has a date.")
        .header(
            ANY,
            "Warning",
            "299 - \"hm\" \"Wed, 21 Oct 2015 07:28:00 GMT\"",
        ),
    fault("warning-long")
        .violates(&["warning-size"])
        .title("A Warning is longer than 4096 bytes.")
        .response(|_, response| response.set("Warning", format!("299 - \"{}\"", "h".repeat(4200)))),
    fault("warnings-long-together")
        .violates(&["warning-size"])
        .title("Several Warnings are together longer than 4096 bytes.")
        .response(|_, response| {
            for _ in 0..3 {
                response.headers.push((
                    "Warning".to_owned(),
                    format!("299 - \"{}\"", "h".repeat(1400)),
                ));
            }
        }),
    fault("warning-second-agent")
        .violates(&["warning-agent"])
        .title("The second of two Warnings has the agent registry instead of a hyphen.")
        .response(|_, response| {
            response.set("Warning", "299 - \"hm\"");
            response
                .headers
                .push(("Warning".to_owned(), "299 registry \"hm\"".to_owned()));
        }),
];
