//! Where the time of a run went: as text for the terminal, and as a section of the page.

mod html;
mod text;

pub(in crate::report) use html::html;
pub use text::timings;
