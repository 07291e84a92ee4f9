//! `assay new`: skeletons of cases, requirements, suites and faults, where they belong.

mod command;
mod fault;
mod insert;
mod suites;

pub use command::{NewCommand, new};
