//! Comparing responses with matchers.
//!
//! [`ParsedResponse`] is a response as matchers see it, [`Pages`] several of them; [`evaluate`] compares. Each word of
//! the matcher language has a file in `words` (for a response or a list) or `rules` (for one value).

mod body_bytes;
mod json;
mod matcher;
mod relevance;
mod result;
mod rules;
mod settling;
mod subject;
mod tally;
#[cfg(test)]
mod testing;
mod words;

pub use body_bytes::BodyBytes;
pub use matcher::{cannot_apply, evaluate};
pub use relevance::{Compared, block_meaningless};
pub use result::MatchResult;
pub use settling::Settling;
pub use subject::{Pages, PaginationEnd, ParsedResponse, Subject};
