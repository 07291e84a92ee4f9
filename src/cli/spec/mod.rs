//! `assay spec`: compares texts of the specification with the catalogue.

mod advice;
mod command;
mod diff;
mod report;
mod sentences;
mod text;
mod words;

pub use command::{SpecCommand, spec};
