//! Running the steps of a case.

mod answer;
mod capture;
mod closed;
mod evaluate;
mod pagination;
mod second_look;
mod send;
mod state;
mod steps;

pub use closed::CLOSED;
pub use state::Runner;
