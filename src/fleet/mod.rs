//! The results of a fleet on disk: a folder for each target and date, whole or not at all; and the site of them.

mod attempt;
mod outcome;
mod outcome_file;
mod replace;
mod results;
mod results_error;
mod site;

pub use attempt::Attempt;
pub use outcome::Outcome;
pub use results::Results;
pub use site::write_site;
