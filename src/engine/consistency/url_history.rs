//! When each URL of a run was requested, and when what it names was changed.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Instant;

use url::Url;

/// When each URL was requested, and when what it names was changed.
#[derive(Debug, Default)]
pub struct UrlHistory {
    urls: HashMap<u64, Moments>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Moments {
    /// When the URL was requested first, and last.
    requested: Option<(Instant, Instant)>,
    /// When the content of the URL was written or deleted last.
    changed: Option<Instant>,
}

/// What a run did before a read that follows a write.
#[derive(Debug, Clone, Copy)]
pub struct BeforeRead {
    /// When what is read was changed last; for a list, when content that may be in it was.
    pub changed: Instant,
    /// Whether this is the change of the content that the URL names, or of a list that it names.
    pub changed_here: bool,
    /// Whether the URL was requested before the change: a cache may hold an older response.
    pub cached: bool,
    /// Whether the URL was requested since the change.
    pub requested_since: bool,
}

impl UrlHistory {
    /// What the run did before a read of a URL. `written` is when content that the read may show was written or deleted last.
    pub fn before_read(&self, url: &Url, written: Instant, is_list: bool) -> BeforeRead {
        let moments = self.urls.get(&key(url)).copied().unwrap_or_default();
        let changed = moments.changed.unwrap_or(written);
        BeforeRead {
            changed,
            changed_here: is_list || moments.changed.is_some(),
            cached: moments.requested.is_some_and(|(first, _)| first < changed),
            requested_since: moments.requested.is_some_and(|(_, last)| last >= changed),
        }
    }

    /// Records that a URL is requested.
    pub fn request(&mut self, url: &Url) {
        let now = Instant::now();
        let requested = &mut self.urls.entry(key(url)).or_default().requested;
        *requested = Some((requested.map_or(now, |(first, _)| first), now));
    }

    /// Records that the content of a URL was written or deleted.
    pub fn change(&mut self, url: &Url) {
        self.urls.entry(key(url)).or_default().changed = Some(Instant::now());
    }
}

/// A key of a URL. Two URLs with one key would share their moments: that changes how long a read is waited for.
fn key(url: &Url) -> u64 {
    let mut hasher = DefaultHasher::new();
    url.as_str().hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_url_that_was_requested_before_its_content_was_written_may_be_cached() {
        let mut urls = UrlHistory::default();
        let [new, known]: [Url; 2] = ["http://h/v2/a/blobs/new", "http://h/v2/a/blobs/known"]
            .map(|url| url.parse().unwrap());
        let long_ago = Instant::now();
        urls.request(&known);
        urls.change(&known);
        urls.change(&new);
        let before = |urls: &UrlHistory, url| {
            let before = urls.before_read(url, long_ago, false);
            assert!(before.changed_here && before.changed > long_ago);
            (before.cached, before.requested_since)
        };
        assert_eq!(before(&urls, &known), (true, false));
        assert_eq!(before(&urls, &new), (false, false));
        urls.request(&new);
        assert_eq!(before(&urls, &new), (false, true));
    }

    #[test]
    fn a_list_changes_with_the_content_that_may_be_in_it() {
        let mut urls = UrlHistory::default();
        let list: Url = "http://h/v2/a/tags/list".parse().unwrap();
        urls.request(&list);
        let written = Instant::now();
        let before = urls.before_read(&list, written, true);
        assert!(before.changed_here && before.cached && !before.requested_since);
        let other = urls.before_read(&list, written, false);
        assert!(!other.changed_here, "nobody wrote what this URL names");
    }
}
