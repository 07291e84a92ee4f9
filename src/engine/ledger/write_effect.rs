//! What a request changes in a repository.

use url::Url;

use super::artifact::Artifact;
use super::sessions::Session;
use crate::client::Request;
use crate::endpoint::{Endpoint, is_digest, without_digest};
use crate::fixture::{Algorithm, digest_of};
use crate::record::LeftoverKind;

/// The effect of a request, as far as the ledger is concerned.
pub enum WriteEffect {
    /// Opens an upload.
    Open(String),
    Part(Session),
    Write(Vec<Artifact>, usize),
    Delete(Artifact),
    Other,
}

impl WriteEffect {
    /// The items that the request writes or deletes.
    pub fn changes(&self) -> impl Iterator<Item = &Artifact> {
        let (written, deleted): (&[Artifact], _) = match self {
            Self::Write(items, _) => (items, None),
            Self::Delete(item) => (&[], Some(item)),
            Self::Open(_) | Self::Part(_) | Self::Other => (&[], None),
        };
        written.iter().chain(deleted)
    }

    /// `session`: the upload session of the URL; `size_of`: how large a blob is.
    pub fn of(
        request: &Request,
        session: Option<Session>,
        size_of: impl Fn(&str) -> usize,
    ) -> Self {
        let query = |name: &str| {
            let mut pairs = request.url.query_pairs();
            pairs.find_map(|(key, value)| (key == name).then(|| value.into_owned()))
        };
        let endpoint = Endpoint::parse(request.url.path());
        let blob = |repo: &str, digest: String| Artifact {
            kind: LeftoverKind::Blob,
            repo: repo.to_owned(),
            reference: digest,
        };
        match request.method.as_str() {
            "POST" => {
                let Endpoint::Uploads { repository: repo } = &endpoint else {
                    return Self::Other;
                };
                match (query("mount"), query("digest")) {
                    (Some(mounted), _) => {
                        let size = size_of(&mounted);
                        Self::Write(vec![blob(repo, mounted)], size)
                    }
                    (None, Some(digest)) => {
                        Self::Write(vec![blob(repo, digest)], request.body.len())
                    }
                    (None, None) => Self::Open(repo.clone()),
                }
            }
            "PUT" => match (&endpoint, session) {
                (_, Some(session)) => match query("digest") {
                    Some(digest) => {
                        let size = session.bytes.saturating_add(request.body.len());
                        Self::Write(vec![blob(&session.repo, digest)], size)
                    }
                    None => Self::Other,
                },
                (
                    Endpoint::Manifest {
                        repository,
                        reference,
                    },
                    None,
                ) => Self::Write(manifest(repository, reference, request), request.body.len()),
                _ => Self::Other,
            },
            "PATCH" | "GET" => session.map_or(Self::Other, Self::Part),
            "DELETE" => deleted(endpoint, &request.url),
            _ => Self::Other,
        }
    }
}

/// The items that the push of a manifest writes: its tags, and itself by its digest.
fn manifest(repo: &str, reference: &str, request: &Request) -> Vec<Artifact> {
    let tags = request.url.query_pairs();
    let tags = tags.filter_map(|(key, value)| (key == "tag").then(|| value.into_owned()));
    let tagged = (!is_digest(reference)).then(|| reference.to_owned());
    let item = |kind, reference: String| Artifact {
        kind,
        repo: repo.to_owned(),
        reference,
    };
    let mut items: Vec<Artifact> = tags
        .chain(tagged.clone())
        .map(|tag| item(LeftoverKind::Tag, tag))
        .collect();
    let digest = match tagged {
        Some(_) => digest_of(&request.body, Algorithm::Sha256),
        None => reference.to_owned(),
    };
    items.push(item(LeftoverKind::Manifest, digest));
    items
}

fn deleted(endpoint: Endpoint, url: &Url) -> WriteEffect {
    let (kind, repo, reference) = match endpoint {
        Endpoint::Manifest {
            repository,
            reference,
        } => match is_digest(&reference) {
            true => (LeftoverKind::Manifest, repository, reference),
            false => (LeftoverKind::Tag, repository, reference),
        },
        Endpoint::Blob { repository, digest } if is_digest(&digest) => {
            (LeftoverKind::Blob, repository, digest)
        }
        _ => (LeftoverKind::Upload, String::new(), without_digest(url)),
    };
    WriteEffect::Delete(Artifact {
        kind,
        repo,
        reference,
    })
}
