//! `assay client`: a small client of our own is right, or wrong in one way on purpose.

mod proof;
mod runs;
mod small_client;
