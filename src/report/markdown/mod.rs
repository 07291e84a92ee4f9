//! summary.md, and what other Markdown needs of it.

mod comparisons;
mod fix_first;
mod summary;
mod text;

pub(super) use summary::render;
pub(super) use text::escaped;
