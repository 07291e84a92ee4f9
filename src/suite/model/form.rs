//! The form of a text.

use regex::Regex;

/// The form of a text.
#[derive(Debug)]
pub struct Form {
    /// The expression, which matches a whole text.
    pub regex: Regex,
    /// What the expression describes: the suite's words, or else the expression as it stands in the suite.
    pub words: String,
}
