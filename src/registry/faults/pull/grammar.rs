//! Faults of the grammars of names and tags.

use crate::registry::fault::Fault;
use crate::registry::faults::rows::switch;

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    switch("any-name", &["name-grammar"],
        "The registry accepts repository names outside the grammar.", |switches| switches.accept_invalid_names = true),
    switch("any-tag", &["tag-grammar", "tag-length"],
        "The registry accepts tags outside the grammar.", |switches| switches.accept_invalid_tags = true),
];
