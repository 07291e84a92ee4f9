//! Running the steps of a case.

mod answer;
mod capture;
mod closed;
mod evaluate;
mod page_request;
mod pagination;
mod second_look;
mod send;
mod state;
mod steps;
mod unreachable_location;
mod unsettled_read;

pub use state::{Caller, Runner};
