//! A text of the specification, cut into passages: sentences, table rows and code blocks, each with its section, its
//! line and a fingerprint. The catalogue names passages by their fingerprints, so that a change is noticed without the
//! old text.

mod blocks;
mod inline;
mod keywords;
mod passage;
mod sketch;

pub use keywords::keywords;
pub use passage::{FINGERPRINT_LENGTH, Kind, Passage, Text};
pub use sketch::{Sketch, resemblance};
