//! A run on the terminal: [`follow`] shows it while it happens, [`summary()`] what it came to.

mod exchange;
mod ink;
mod left;
mod page;
mod progress;
mod summary;
mod table;

pub use ink::{Look, Verbosity};
pub use left::left_behind;
pub use progress::{Shown, follow};
pub use summary::{summary, written};
