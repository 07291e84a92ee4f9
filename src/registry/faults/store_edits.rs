//! What faults read from the store, and change in it.

use std::time::Instant;

use bytes::Bytes;
use serde_json::Value;

use super::edits::keep_tags;
use super::predicates::{digest_of, got_tags, reference, tag_of, tag_params};
use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;
use crate::registry::grammar::digest_like;
use crate::registry::store::subject;
use crate::registry::store::{Manifest, Repository, Store, Upload};
use crate::registry::tag_map::Tag;

/// The repository of a request.
pub fn repository_of<'s>(store: &'s mut Store, request: &ApiRequest) -> Option<&'s mut Repository> {
    store.repositories.get_mut(request.endpoint.repository()?)
}

/// Whether the repository of a request has a manifest of this digest whose media type contains `part`.
pub fn is_of_type(store: &mut Store, request: &ApiRequest, digest: &str, part: &str) -> bool {
    let manifest = repository_of(store, request).and_then(|one| one.manifests.get(digest));
    manifest.is_some_and(|manifest| manifest.media_type.contains(part))
}

/// The upload session of a request.
pub fn session<'s>(store: &'s mut Store, request: &ApiRequest) -> Option<&'s mut Upload> {
    match &request.endpoint {
        Endpoint::Upload(name, id) => store.uploads.get_mut(&(name.clone(), id.clone())),
        _ => None,
    }
}

/// The blob that a request pushed.
pub fn pushed_blob<'s>(store: &'s mut Store, request: &ApiRequest) -> Option<&'s mut Bytes> {
    let repository = repository_of(store, request)?;
    repository.blobs.get_mut(request.query("digest")?)
}

/// Deletes the blob that a request pushed.
pub fn delete_pushed_blob(store: &mut Store, request: &ApiRequest) {
    if let Some(digest) = request.query("digest") {
        delete_blob(store, request, digest);
    }
}

/// Deletes a blob of the repository of a request.
pub fn delete_blob(store: &mut Store, request: &ApiRequest, digest: &str) {
    if let Some(repository) = repository_of(store, request) {
        repository.blobs.remove(digest);
    }
}

/// Closes an upload without verifying the digest.
pub fn close_unverified(store: &mut Store, request: &ApiRequest) -> Option<ApiResponse> {
    let Endpoint::Upload(name, id) = &request.endpoint else {
        return None;
    };
    let digest = request.query("digest")?;
    let upload = store.uploads.remove(&(name.clone(), id.clone()))?;
    let mut bytes = upload.bytes;
    bytes.extend_from_slice(&request.body);
    store.put_blob(name, digest, bytes.freeze());
    Some(ApiResponse::new(201).with("Location", format!("/v2/{name}/blobs/{digest}")))
}

/// Stores bytes as a blob, under their own digest.
pub fn store_blob(store: &mut Store, request: &ApiRequest, bytes: Bytes) {
    if let (Some(name), Some(digest)) = (
        request.endpoint.repository(),
        digest_like("sha256:", &bytes),
    ) {
        store.put_blob(name, &digest, bytes);
    }
}

/// Marks a blob that is about to be mounted. Returns the digest of a request whose blob has that mark.
pub fn mark_mounted<'c>(store: &mut Store, request: &'c ApiRequest) -> Option<&'c str> {
    let name = request.endpoint.repository()?.to_owned();
    if let Some(digest) = request.query("mount").filter(|_| request.is("POST")) {
        store
            .tombstones
            .insert((name, digest.to_owned()), digest.to_owned().into());
        return None;
    }
    let digest = request.query("digest")?;
    let mark = (name, digest.to_owned());
    store.tombstones.contains_key(&mark).then_some(digest)
}

/// The manifest that a request pushed.
pub fn pushed_manifest<'s>(
    store: &'s mut Store,
    request: &ApiRequest,
    response: &ApiResponse,
) -> Option<&'s mut Manifest> {
    let digest = response.header("docker-content-digest")?;
    repository_of(store, request)?.manifests.get_mut(digest)
}

/// The tag that a request pushed, and its repository.
pub fn pushed_tag<'s>(
    store: &'s mut Store,
    request: &ApiRequest,
) -> Option<(&'s mut Repository, Tag)> {
    let repository = repository_of(store, request)?;
    let tag = repository.tags.get(tag_of(request)?)?.clone();
    Some((repository, tag))
}

/// Writes the JSON of a pushed manifest again.
pub fn reserialize(store: &mut Store, request: &ApiRequest, response: &ApiResponse) {
    if let Some(manifest) = pushed_manifest(store, request, response)
        && let Ok(value) = serde_json::from_slice::<Value>(&manifest.bytes)
    {
        manifest.bytes = value.to_string().into();
    }
}

fn manifest_of(request: &ApiRequest) -> Manifest {
    let parsed: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    Manifest {
        subject: subject(&parsed).map(str::to_owned),
        bytes: request.body.clone(),
        media_type: request
            .header("content-type")
            .unwrap_or_default()
            .to_owned(),
        since: Instant::now(),
        deleted: false,
    }
}

/// Stores a manifest without verifying the digest.
pub fn store_unverified(store: &mut Store, request: &ApiRequest) -> Option<ApiResponse> {
    let digest = digest_of(request)?.to_owned();
    let repository = repository_of(store, request)?;
    repository
        .manifests
        .insert(digest.clone(), manifest_of(request));
    Some(
        ApiResponse::new(201)
            .with("Location", request.path.clone())
            .with("Docker-Content-Digest", digest),
    )
}

/// Stores a manifest that was refused, under its digest and its tags.
pub fn store_refused(store: &mut Store, request: &ApiRequest) {
    let Some(digest) = digest_like("sha256:", &request.body) else {
        return;
    };
    let Some(repository) = repository_of(store, request) else {
        return;
    };
    repository
        .manifests
        .insert(digest.clone(), manifest_of(request));
    for tag in tag_of(request).into_iter().chain(tag_params(request)) {
        let leads = Tag {
            digest: digest.clone(),
            since: Instant::now(),
            before: None,
        };
        repository.tags.insert(tag.to_owned(), leads);
    }
}

/// Adds a tag without a manifest, unless the tag exists.
pub fn insert_dangling_tag(repository: &mut Repository, tag: &str) {
    let dangling = Tag {
        digest: String::new(),
        since: Instant::now(),
        before: None,
    };
    if !repository.tags.contains_key(tag) {
        repository.tags.insert(tag.to_owned(), dangling);
    }
}

/// Removes the tags of some manifests from a tags list.
pub fn unlist_tags_of(
    store: &Store,
    request: &ApiRequest,
    response: &mut ApiResponse,
    unlisted: fn(&Manifest) -> bool,
) {
    let name = request.endpoint.repository().unwrap_or_default();
    if let (true, Some(repository)) = (got_tags(request, response), store.repositories.get(name)) {
        let is_unlisted = |tag: &str| {
            let leads = repository.tags.get(tag);
            let manifest = leads.and_then(|tag| repository.manifests.get(&tag.digest));
            manifest.is_some_and(unlisted)
        };
        keep_tags(response, |tag| !is_unlisted(tag));
    }
}

/// Before a DELETE, records a tombstone for the content, by its digest, and for every tag that it takes along.
pub fn record_tombstones(store: &mut Store, request: &ApiRequest) {
    let (Some(name), Some(at)) = (request.endpoint.repository(), reference(request)) else {
        return;
    };
    let Some(repository) = store
        .repositories
        .get(name)
        .filter(|_| request.is("DELETE"))
    else {
        return;
    };
    let tags = repository.tags.iter();
    let mut gone: Vec<(String, Bytes)> = tags
        .filter(|(tag, leads)| *tag == at || leads.digest == at)
        .map(|(tag, _)| (tag.clone(), Bytes::new()))
        .collect();
    let manifest = repository.manifests.get(at).map(|one| one.bytes.clone());
    let content = manifest.or_else(|| repository.blobs.get(at).cloned());
    gone.extend(content.map(|bytes| (at.to_owned(), bytes)));
    for (at, bytes) in gone {
        store.tombstones.insert((name.to_owned(), at), bytes);
    }
}

/// The tombstone of the tag or digest of a request.
pub fn tombstone<'s>(store: &'s Store, request: &ApiRequest) -> Option<&'s Bytes> {
    let name = request.endpoint.repository()?.to_owned();
    store
        .tombstones
        .get(&(name, reference(request)?.to_owned()))
}

/// Answers HEAD with 200 where HEAD on the same path has found content before.
pub fn remember_found(store: &mut Store, request: &ApiRequest, response: &mut ApiResponse) {
    let mark = ("found".to_owned(), request.path.clone());
    if request.is("HEAD") && response.status == 200 {
        store.tombstones.insert(mark, Bytes::new());
    } else if request.is("HEAD") && store.tombstones.contains_key(&mark) {
        *response = ApiResponse::new(200);
    }
}

/// Whether a request pushes content that has a tombstone.
pub fn pushes_tombstone(store: &Store, request: &ApiRequest) -> bool {
    let name = request.endpoint.repository();
    let mut tombstones = store.tombstones.iter();
    !request.body.is_empty()
        && tombstones.any(|((of, _), bytes)| Some(of.as_str()) == name && *bytes == request.body)
}

/// Answers a DELETE of a blob that has a mark with 202, without deleting it.
pub fn fake_blob_deletion(store: &Store, request: &ApiRequest) -> Option<ApiResponse> {
    let (Endpoint::Blob(name, digest), true) = (&request.endpoint, request.is("DELETE")) else {
        return None;
    };
    let mark = (name.clone(), digest.clone());
    store
        .tombstones
        .contains_key(&mark)
        .then(|| ApiResponse::new(202))
}
