//! The specification as data: its versions, categories and requirements.

mod alignment;
mod by_version;
mod category;
mod check;
mod citation;
mod coverage;
mod drift;
mod earlier;
mod format;
mod level;
mod requirement;
mod requirements;
mod text;
mod texts;
mod unresolved_references;
mod version;

pub use category::Category;
pub(crate) use check::{is_name, not_an_id};
pub use citation::Citation;
pub use coverage::{Coverage, Covered, Share, Standing};
pub use drift::{Difference, Drift, diff, nearest_version};
pub use earlier::Earlier;
pub use format::RequirementsFile;
pub use level::{Level, Party};
pub use requirement::Requirement;
pub use requirements::Catalogue;
pub use text::{Passage, Text, keywords};
pub use version::Version;
