//! Running the steps of a case.

mod capture;
mod closed;
mod evaluate;
mod pagination;
mod send;
mod state;
mod steps;

pub use closed::CLOSED;
pub use state::Runner;
