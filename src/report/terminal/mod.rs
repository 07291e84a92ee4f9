//! A run on the terminal: [`follow`] shows its progress, [`summary()`] its result.

mod bar;
mod baseline;
mod exchange;
mod findings;
mod fix_first;
mod leftovers;
mod live;
mod page;
mod paths;
mod progress;
mod rerun;
mod style;
mod summary;
mod table;

pub use leftovers::leftovers;
pub(in crate::report) use page::Page;
pub use page::wrapped;
pub use paths::written;
pub use progress::{ProgressMode, follow};
pub(in crate::report) use style::TextStyle;
pub use style::{OutputStyle, Verbosity};
pub use summary::summary;
