//! The specification as data: its versions, its categories, its requirements.

mod catalogue;
mod category;
mod check;
mod citation;
mod coverage;
mod drift;
mod endpoint;
mod format;
mod level;
mod succession;
mod text;
mod version;

pub use catalogue::{Catalogue, Requirement};
pub use category::Category;
pub use citation::Citation;
pub use coverage::{Coverage, Covered, Share, Standing, Tally};
pub use drift::{Difference, Drift, diff};
pub use endpoint::Endpoint;
pub use format::{NotObligationsFile, RequirementsFile};
pub use level::{Level, Party};
pub use text::{Kind, Passage, Text};
pub use version::{UnknownVersion, Version};
