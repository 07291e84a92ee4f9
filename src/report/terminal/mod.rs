//! A run on the terminal: [`follow`] shows it while it happens, [`summary()`] what it came to.

mod again;
mod exchange;
mod held;
mod ink;
mod left;
mod page;
mod progress;
mod summary;
mod table;

pub(in crate::report) use ink::Ink;
pub use ink::{Look, Verbosity};
pub use left::left_behind;
pub(in crate::report) use page::Page;
pub use page::wrapped;
pub use progress::{Shown, follow};
pub use summary::{summary, written};
