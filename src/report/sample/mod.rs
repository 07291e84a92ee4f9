//! Runs to try reports on.

mod build;
mod requirements;
mod runs;

pub(crate) use runs::{
    all_pass, all_states, blocked_by_one, every, interrupted, large, with_context,
};
