//! The start and the duration of a run.

use std::time::Instant;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::record::millis;

/// The clock of a run.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    started: OffsetDateTime,
    since: Instant,
}

impl Clock {
    pub fn start() -> Self {
        Self {
            started: OffsetDateTime::now_utc(),
            since: Instant::now(),
        }
    }

    /// The start: RFC 3339 in UTC, to the second.
    pub fn started(&self) -> String {
        let second = self.started.replace_nanosecond(0).unwrap_or(self.started);
        second.format(&Rfc3339).unwrap_or_default()
    }

    /// Milliseconds since the start.
    pub fn elapsed(&self) -> u64 {
        millis(self.since.elapsed())
    }
}
