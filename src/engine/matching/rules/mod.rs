//! The rules for one value: a header, a list, a value in a JSON body. One file for each word of the suites' format.

mod address;
mod bytes_at_most;
mod check;
mod contains;
mod count;
mod digest_of;
mod each;
mod equals;
mod evaluate;
mod inside;
mod json_type;
mod lists;
mod matches;
mod media_type;
mod present;
mod sorted;
mod unique;

pub use check::RuleOutcome;
pub use evaluate::evaluate_rules;
