//! What the registry holds.

use std::collections::{BTreeMap, HashMap};
use std::time::Instant;

use bytes::{Bytes, BytesMut};

/// Everything, by repository.
#[derive(Debug, Default)]
pub struct Store {
    /// The repositories, by name. One exists once something was pushed to it.
    pub repositories: HashMap<String, Repository>,
    /// Upload sessions, by repository and id.
    pub uploads: HashMap<(String, String), Upload>,
    /// Bytes of content in all.
    pub total: usize,
    /// Counts requests and sessions.
    pub counter: u64,
    /// What was deleted, by repository and reference: only faults remember it.
    pub tombstones: HashMap<(String, String), Bytes>,
    /// What will be deleted later, by repository and reference: only a legal habit waits.
    pub pending_deletes: Vec<(Instant, String, String)>,
}

/// A repository.
#[derive(Debug, Default)]
pub struct Repository {
    /// The blobs, by digest.
    pub blobs: HashMap<String, Bytes>,
    /// The manifests, by digest.
    pub manifests: HashMap<String, Manifest>,
    /// The tags: where each leads, and where it led before that.
    pub tags: BTreeMap<String, Tag>,
}

/// A manifest.
#[derive(Debug, Clone)]
pub struct Manifest {
    /// Its bytes, as they were pushed.
    pub bytes: Bytes,
    /// The Content-Type that it was pushed with, without parameters.
    pub media_type: String,
    /// The digest of its subject. Kept beside the bytes, because every list of referrers asks every manifest.
    pub subject: Option<String>,
    /// When it was pushed.
    pub since: Instant,
    /// Whether it was deleted: only faults keep such.
    pub deleted: bool,
}

/// A tag.
#[derive(Debug, Clone)]
pub struct Tag {
    /// The digest that it leads to.
    pub digest: String,
    /// Since when.
    pub since: Instant,
    /// The digest that it led to before.
    pub before: Option<String>,
}

/// An upload session.
#[derive(Debug, Clone)]
pub struct Upload {
    /// What was uploaded.
    pub bytes: BytesMut,
    /// The text that must come back in its Location.
    pub state: String,
    /// Whether it is over: only faults keep such.
    pub over: bool,
    /// When it was last used.
    pub used: Instant,
}

impl Store {
    /// A blob of a repository.
    pub fn blob(&self, repository: &str, digest: &str) -> Option<&Bytes> {
        self.repositories.get(repository)?.blobs.get(digest)
    }

    /// A blob of any repository.
    pub fn blob_anywhere(&self, digest: &str) -> Option<&Bytes> {
        self.repositories
            .values()
            .find_map(|repository| repository.blobs.get(digest))
    }

    /// Stores a blob.
    pub fn put_blob(&mut self, repository: &str, digest: &str, bytes: Bytes) {
        let size = bytes.len();
        let repository = self.repositories.entry(repository.to_owned()).or_default();
        if repository.blobs.insert(digest.to_owned(), bytes).is_none() {
            self.total = self.total.saturating_add(size);
        }
    }

    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.counter = self.counter.wrapping_add(1);
        self.counter
    }
}
