//! Faults of content discovery.

pub(super) mod referrers;
pub(super) mod referrers_descriptors;
pub(super) mod referrers_filter;
pub(super) mod referrers_limits;
pub(super) mod referrers_pushes;
pub(super) mod referrers_status;
pub(super) mod referrers_subjects;
pub(super) mod referrers_together;
pub(super) mod tags;
pub(super) mod tags_content;
pub(super) mod tags_pages;
