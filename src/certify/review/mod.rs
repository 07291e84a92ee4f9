//! The folder as a reviewer of the certification looks at it.

mod findings;
mod folder;
mod junit;
mod product;
mod results;
mod text;

pub use findings::{Findings, Status};
pub use folder::review;
pub(super) use text::one_line;
