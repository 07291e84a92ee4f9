//! Faults of referrers that show in a corner only: of many, of large ones, of odd types, after a deletion.

use super::*;

pub const FAULTS: &[Fault] = &[before(
    "subject-header-without-referrers",
    &["subject-header-kept"],
    "OCI-Subject is sent, though there is no referrers API.",
    |_, c| {
        let listed = matches!(c.endpoint, Endpoint::Referrers(..));
        listed.then(|| Answer::error(404, "UNSUPPORTED", "referrers are not listed here"))
    },
)];
