//! Runs side by side: rows are requirements, columns are registries, versions or dates; what changed comes first.

mod compare_runs;
mod html;
mod markdown;
mod model;
mod named_run;
mod terminal;
mod titles;

pub use compare_runs::compare;
pub use html::html;
pub use markdown::markdown;
pub use model::{Cell, Column, Comparison, Group, Kind, Met, Row};
pub use named_run::NamedRun;
pub use terminal::terminal;
