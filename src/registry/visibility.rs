//! How long after its push content is not visible yet.

use std::time::{Duration, Instant};

/// How long after its push content is not visible yet, by kind of read.
#[derive(Debug, Clone, Copy, Default)]
pub struct VisibilityDelay {
    /// Blobs.
    pub blobs: Duration,
    /// Manifests, by their tags.
    pub by_tag: Duration,
    /// Manifests, by their digests.
    pub by_digest: Duration,
    /// Tags, in lists of tags.
    pub tag_list: Duration,
    /// Manifests, in lists of referrers.
    pub referrers: Duration,
    /// Whether the delays are those of some content only, as if at random.
    pub sometimes: bool,
}

impl VisibilityDelay {
    /// The same delay for every kind of read.
    pub fn of_all(delay: Duration) -> Self {
        Self {
            blobs: delay,
            by_tag: delay,
            by_digest: delay,
            tag_list: delay,
            referrers: delay,
            sometimes: false,
        }
    }

    /// The longest of them.
    pub fn longest(&self) -> Duration {
        let kinds = [
            self.blobs,
            self.by_tag,
            self.by_digest,
            self.tag_list,
            self.referrers,
        ];
        kinds.into_iter().max().unwrap_or_default()
    }

    /// Whether content with this reference, which was pushed at `since`, is not visible yet to reads with this delay.
    pub fn hides(&self, delay: Duration, reference: &str, since: Instant) -> bool {
        // Digests, and most tags, end with a random hexadecimal digit.
        let chosen = || reference.ends_with(['0', '7']);
        since.elapsed() < delay && (!self.sometimes || chosen())
    }
}
