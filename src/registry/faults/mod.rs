//! Deliberate violations: each fault violates one requirement, and as little else as it can.
//!
//! A fault is a row in the file of the suite whose cases detect it. [`Deviation`](super::deviation::Deviation) lists the ways in which a fault acts.
//! Most faults set a status or a header of certain responses: these are the rows of a `TABLE`, read by
//! [`Deviation::edit_response`](super::deviation::Deviation::edit_response). The tables use `predicates`, `edits` and `store_edits`.

mod discovery;
mod docker_v2;
mod edits;
mod everywhere;
mod extensions;
mod list;
mod management;
mod predicates;
mod pull;
mod push;
mod rows;
mod store_edits;

pub use list::{fault, faults};
