//! Reports: the result of a run, for a person or for a program.
//!
//! Every report is a view of a [`Run`](crate::record::Run): a pure function of the record, with a row in the table of
//! `format.rs`. [`Folder`] puts them on disk, whole or not at all; [`terminal`] shows a run's progress and its result.
//! All text of a target passes through [`sanitize()`] and the escaping of the format.

mod badge;
mod by_cause;
mod categories;
mod common_request;
pub mod compare;
mod failure;
mod findings;
mod fix_first;
mod folder;
mod format;
mod github_annotations;
mod har;
#[cfg(test)]
mod hostile;
mod html;
mod inline_diff;
mod json;
mod junit;
mod leftovers;
mod lock;
mod markdown;
mod official;
mod official_rows;
mod phrases;
mod read;
#[cfg(test)]
pub(crate) mod sample;
mod sanitize;
mod shorten;
pub mod site;
pub mod terminal;
mod timings;
mod upgrade;

pub use folder::Folder;
pub use format::{Format, RenderError, render};
pub use github_annotations::github_annotations;
pub use lock::{Lock, lock};
pub use read::{ReadError, read, read_bytes};
pub use sanitize::{sanitize, sanitize_line};
pub use timings::timings;
