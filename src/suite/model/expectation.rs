use super::Matcher;

/// A matcher and the requirement that it tests.
#[derive(Debug)]
pub struct Expectation {
    /// The requirement's id.
    pub requirement: String,
    pub matcher: Matcher,
}
