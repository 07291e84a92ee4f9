//! A static site of the results of many targets: the latest changes first, a matrix by requirement, and a page with the
//! history of each target. Every page has its data beside it, as JSON.

mod feed;
mod history;
mod pages;

pub use history::History;
pub use pages::{SiteError, pages};
