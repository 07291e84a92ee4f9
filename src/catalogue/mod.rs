//! The specification as data: its versions, its categories, its requirements.

mod by_version;
mod category;
mod check;
mod citation;
mod coverage;
mod drift;
mod format;
mod known;
mod level;
mod lost_references;
mod requirements;
mod succession;
mod text;
mod texts;
mod version;

pub use category::Category;
pub use citation::Citation;
pub use coverage::{Coverage, Covered, Share, Standing};
pub use drift::{Difference, Drift, diff};
pub use format::RequirementsFile;
pub use level::{Level, Party};
pub use requirements::{Catalogue, Requirement};
pub use text::{Passage, Text};
pub use version::Version;
