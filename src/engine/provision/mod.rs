//! Content in the registry before a case starts: pushed, looked for, or named by the user (`--existing`).

mod case;
mod content;
mod existing;
mod expected;
mod look;
mod push;
mod push_or_look_for;
mod shared;

pub use case::provide;
pub use content::{Source, scope_of, source};
pub use existing::check_substitutes;
pub use expected::{expected_content, seed_was_used};
