//! Running the steps of a case.

mod answer;
mod capture;
mod closed;
mod evaluate;
mod page_request;
mod pagination;
mod patience;
mod prompt_read;
mod second_look;
mod send;
mod state;
mod steps;
mod unreachable_location;
mod unsettled_read;

pub use patience::{Confirm, Patience};
pub use state::{Caller, Runner};
