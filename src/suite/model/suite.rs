use std::sync::Arc;

use super::{Case, Invariant};
use crate::catalogue::Category;
use crate::data::SourceSpan;

/// The cases of one section.
#[derive(Debug)]
pub struct Suite {
    /// The path of its file, without the extension (`push/chunked`).
    pub name: String,
    pub title: String,
    pub category: Category,
    /// The anchor of its section of the specification.
    pub section: String,
    pub span: SourceSpan,
    pub cases: Vec<Arc<Case>>,
    pub invariants: Vec<Arc<Invariant>>,
}
