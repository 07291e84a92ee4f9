//! The results of a fleet on disk: a folder for each target and date, whole or not at all; and the site of them.

mod outcome;
mod replace;
mod results;
mod site;

pub use outcome::Outcome;
pub use results::{Attempt, Results};
pub use site::write_site;
