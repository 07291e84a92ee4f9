//! The specification as data: its versions, its categories, its requirements.

mod catalogue;
mod category;
mod level;
mod version;

pub use catalogue::{Catalogue, Requirement};
pub use category::Category;
pub use level::{Level, Party};
pub use version::{UnknownVersion, Version};
