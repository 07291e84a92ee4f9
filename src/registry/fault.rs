//! A deliberate violation of the specification.

use super::deviation::Deviation;

/// A deliberate violation of the specification.
#[derive(Debug)]
pub struct Fault {
    /// Its permanent name.
    pub id: &'static str,
    /// The requirements that it violates: a run that tests one of them must report it.
    pub violates: &'static [&'static str],
    /// What it does, in a sentence.
    pub title: &'static str,
    /// How it changes the registry.
    pub(super) deviation: Deviation,
}
