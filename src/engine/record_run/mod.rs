//! From evidence to the record: cases, requirements, features and the run.

mod case;
mod claims;
mod clock;
mod features;
mod not_started;
mod notes;
mod run;
mod testers;
mod timings;
mod uncounted;

pub use clock::Clock;
pub use not_started::NotStarted;
pub use run::{record, target_of};
pub use timings::timings;
