//! The specification as data: its versions, its categories, its requirements.

mod by_version;
mod category;
mod check;
mod citation;
mod coverage;
mod drift;
mod format;
mod level;
mod requirements;
mod succession;
mod text;
mod version;

pub use category::Category;
pub use citation::Citation;
pub use coverage::{Coverage, Covered, Share, Standing, Tally};
pub use drift::{Difference, Drift, diff};
pub use format::{NotObligationsFile, RequirementsFile};
pub use level::{Level, Party};
pub use requirements::{Catalogue, Requirement};
pub use text::{Kind, Passage, Text};
pub use version::{UnknownVersion, Version};
