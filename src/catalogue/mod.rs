//! The specification as data: its versions, categories and requirements.

mod by_version;
mod category;
mod check;
mod citation;
mod comparison;
mod coverage;
mod drift;
mod format;
mod level;
mod requirement;
mod requirements;
mod succession;
mod text;
mod texts;
mod unresolved_references;
mod version;

pub use category::Category;
pub use citation::Citation;
pub use coverage::{Coverage, Covered, Share, Standing};
pub use drift::{Difference, Drift, diff};
pub use format::RequirementsFile;
pub use level::{Level, Party};
pub use requirement::Requirement;
pub use requirements::Catalogue;
pub use text::{Passage, Text};
pub use version::Version;
