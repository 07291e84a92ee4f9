//! Deliberate violations: each fault violates one requirement, and as little else as it can.
//!
//! A fault is a row in `FAULTS` of the file of the suite whose cases detect it, and `list` collects these lists. `rows` has the ways to
//! end a row, one for each way in which a fault acts. The rows use `predicates`, `edits` and `store_edits`.

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
