//! The specification as data: its versions, its categories, its requirements.

mod catalogue;
mod category;
mod drift;
mod format;
mod level;
mod text;
mod version;

pub use catalogue::{Catalogue, Requirement};
pub use category::Category;
pub use drift::{Difference, Drift, diff};
pub use format::{Citation, NotObligationsFile, RequirementsFile};
pub use level::{Level, Party};
pub use text::{Kind, Passage, Text};
pub use version::{UnknownVersion, Version};
