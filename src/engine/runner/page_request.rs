//! Which pages of a list a step asks for.

/// Where a page has its list, and how many pages are requested.
#[derive(Debug, Clone, Copy)]
pub struct PageRequest<'a> {
    /// The list in a page: a JSON pointer.
    pub items: &'a str,
    /// The most pages that are requested, where the end does not matter.
    pub pages: Option<usize>,
    /// Whether a full page without a Link is followed by a request with its last entry as `last`.
    pub follow_last: bool,
}
