//! A text of the specification, cut into passages: sentences, rows of tables and blocks of code, each with its
//! section, its line and a fingerprint. The catalogue names passages by their fingerprints, so that the text
//! itself is not needed to notice that it changed.

mod blocks;
mod inline;
mod passage;

pub use passage::{FINGERPRINT_LENGTH, Passage, Text};
