//! The stored content: repositories and upload sessions, in memory.

use std::collections::{HashMap, HashSet};
use std::time::Instant;

use bytes::{Bytes, BytesMut};
use serde_json::Value;

use super::tag_map::TagMap;

/// All repositories and upload sessions.
#[derive(Debug, Default)]
pub struct Store {
    /// The repositories, by name. The first push to a repository creates it.
    pub repositories: HashMap<String, Repository>,
    /// Upload sessions, by repository and id.
    pub uploads: HashMap<(String, String), Upload>,
    /// The bytes of all stored content.
    pub total: usize,
    /// Counts requests and sessions.
    pub counter: u64,
    /// Content that faults remember, by repository and reference: deleted, or found once.
    pub tombstones: HashMap<(String, String), Bytes>,
    /// Content to delete later, by repository and reference: only a permitted variant delays deletion.
    pub pending_deletes: Vec<(Instant, String, String)>,
    /// The paths and queries that faults, deployments and permitted variants remember.
    pub served: HashSet<String>,
}

#[derive(Debug, Default)]
pub struct Repository {
    /// The blobs, by digest.
    pub blobs: HashMap<String, Bytes>,
    /// The times of the pushes of the blobs, by digest.
    pub blobs_since: HashMap<String, Instant>,
    /// The manifests, by digest.
    pub manifests: HashMap<String, Manifest>,
    /// The tags, by name.
    pub tags: TagMap,
}

#[derive(Debug, Clone)]
pub struct Manifest {
    /// The pushed bytes.
    pub bytes: Bytes,
    /// The Content-Type of the push, without parameters.
    pub media_type: String,
    /// The digest of its subject. Stored separately, because a list of referrers reads it of every manifest.
    pub subject: Option<String>,
    /// The time of the push.
    pub since: Instant,
    /// Whether it was deleted: only faults keep deleted manifests.
    pub deleted: bool,
}

/// An upload session.
#[derive(Debug, Clone)]
pub struct Upload {
    /// The uploaded bytes.
    pub bytes: BytesMut,
    /// The value of `state` in its current `Location`.
    pub state: String,
    /// The time of its last request.
    pub used: Instant,
}

impl Repository {
    /// Whether the text of a manifest has this digest.
    pub fn names(&self, digest: &str) -> bool {
        self.manifests.values().any(|one| one.names(digest))
    }
}

impl Manifest {
    /// Whether its text has this digest.
    pub fn names(&self, digest: &str) -> bool {
        String::from_utf8_lossy(&self.bytes).contains(digest)
    }
}

impl Store {
    pub fn blob(&self, repository: &str, digest: &str) -> Option<&Bytes> {
        self.repositories.get(repository)?.blobs.get(digest)
    }

    /// The time of the push of a blob.
    pub fn blob_since(&self, repository: &str, digest: &str) -> Option<Instant> {
        let repository = self.repositories.get(repository)?;
        repository.blobs_since.get(digest).copied()
    }

    pub fn blob_anywhere(&self, digest: &str) -> Option<&Bytes> {
        self.repositories
            .values()
            .find_map(|repository| repository.blobs.get(digest))
    }

    pub fn put_blob(&mut self, repository: &str, digest: &str, bytes: Bytes) {
        let size = bytes.len();
        let repository = self.repositories.entry(repository.to_owned()).or_default();
        if repository.blobs.insert(digest.to_owned(), bytes).is_none() {
            let since = Instant::now();
            repository.blobs_since.insert(digest.to_owned(), since);
            self.total = self.total.saturating_add(size);
        }
    }

    /// Whether this number of bytes more exceeds the limit of all content, with that of open upload sessions.
    pub fn is_full(&self, limit: usize, more: usize) -> bool {
        let sessions = self.uploads.values().map(|upload| upload.bytes.len());
        let stored = sessions.fold(self.total, usize::saturating_add);
        stored.saturating_add(more) > limit
    }

    /// Increments and returns the counter.
    pub fn next(&mut self) -> u64 {
        self.counter = self.counter.wrapping_add(1);
        self.counter
    }
}

/// The digest of a manifest's subject.
pub fn subject(manifest: &Value) -> Option<&str> {
    manifest.pointer("/subject/digest")?.as_str()
}
