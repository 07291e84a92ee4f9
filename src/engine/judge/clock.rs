//! When a run began, and how long it took.

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
    /// Starts it.
    pub fn start() -> Self {
        Self {
            started: OffsetDateTime::now_utc(),
            since: Instant::now(),
        }
    }

    /// When it was started: RFC 3339 in UTC, to the second.
    pub fn started(&self) -> String {
        let second = self.started.replace_nanosecond(0).unwrap_or(self.started);
        second.format(&Rfc3339).unwrap_or_default()
    }

    /// Milliseconds since then.
    pub fn elapsed(&self) -> u64 {
        millis(self.since.elapsed())
    }
}
