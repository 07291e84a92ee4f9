//! The words of a matcher: what each checks in a response, or in the pages of a list.

pub mod any;
pub mod body;
pub mod digest;
pub mod ends;
pub mod error;
pub mod header;
pub mod is_json;
pub mod items;
pub mod json;
pub mod lines;
pub mod link;
mod outcome;
pub mod page;
pub mod part;
pub mod status;

pub use error::lacks_code;
pub use outcome::WordOutcome;
