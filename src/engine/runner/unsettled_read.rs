//! A read that missed a write, and waits for a second look.

use std::time::Instant;

use super::page_request::PageRequest;
use crate::client::Request;
use crate::engine::consistency::{BeforeRead, ReadKind};
use crate::engine::scope::Scope;
use crate::suite::Step;

/// A read that missed a write, and may show it later.
pub struct UnsettledRead<'w> {
    pub step: &'w Step,
    pub request: Request,
    /// For a list, which pages are requested.
    pub pages: Option<PageRequest<'w>>,
    pub scope: Scope<'w>,
    /// The number of checks before it in the evidence of the runner.
    pub first_check: usize,
    pub kind: ReadKind,
    /// What the run did before it was sent first.
    pub before: Option<BeforeRead>,
    /// When the write was done.
    pub written: Instant,
}
