//! Holding answers against matchers.
//!
//! [`ParsedResponse`] is an answer as matchers see it, [`Pages`] several of them; [`hold`] says what it finds.

mod answer;
mod error_body;
mod json;
mod order;
mod result;
mod rule;
mod subject;

pub use answer::evaluate;
pub use result::MatchResult;
pub use subject::{LONGEST_REFERENCE, Pages, PaginationEnd, ParsedResponse, Subject};
