//! An item that a run writes into a repository.

use url::Url;

use crate::endpoint::Endpoint;
use crate::record::LeftoverKind;

/// An item in a repository.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Artifact {
    /// Its kind.
    pub kind: LeftoverKind,
    /// The repository.
    pub repo: String,
    /// The tag, the digest, or the address of the upload.
    pub reference: String,
}

impl Artifact {
    /// Its URL; nothing where an upload's address is not one.
    pub fn url(&self, base: &Url) -> Option<Url> {
        let (repo, reference) = (&self.repo, &self.reference);
        match self.kind {
            LeftoverKind::Upload => base.join(reference).ok(),
            LeftoverKind::Tag | LeftoverKind::Manifest => {
                Some(Endpoint::manifest(repo, reference).url(base))
            }
            LeftoverKind::Blob => Some(Endpoint::blob(repo, reference).url(base)),
        }
    }
}
