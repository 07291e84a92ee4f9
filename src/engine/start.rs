//! The start of a run.

use std::time::Instant;

use tokio::sync::mpsc::UnboundedSender;

use super::event::Event;

/// When a run sends its first request, from which its deadline counts, and who hears of it.
pub struct Start {
    pub began: Instant,
    pub events: UnboundedSender<Event>,
}

impl Start {
    /// A run that begins now.
    pub fn now(events: UnboundedSender<Event>) -> Self {
        Self {
            began: Instant::now(),
            events,
        }
    }
}
