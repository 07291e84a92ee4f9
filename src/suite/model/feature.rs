use crate::data::SourceSpan;

/// A part of the specification that a registry may decline.
#[derive(Debug)]
pub struct Feature {
    pub id: String,
    pub title: String,
    /// The section of the specification that defines it.
    pub section: String,
    /// Whether every registry has it, so that no case has to decide it.
    pub always: bool,
    /// The id of the requirement that recommends it: a registry that declines the feature gets a warning.
    pub should: Option<String>,
    pub span: SourceSpan,
}
