//! Manifests: end-3, 7 and 9 (sections "Pulling manifests", "Pushing Manifests", "Deleting Manifests").

use std::time::Instant;

use serde_json::Value;

use super::api_request::ApiRequest;
use super::api_response::ApiResponse;
use super::grammar::{DigestKind, digest_kind, digest_like, is_tag};
use super::options::{Deletion, Options};
use super::router::reference;
use super::store::{Manifest, Repository, Store, Tag};

/// GET and HEAD of a manifest, by tag or digest.
pub fn read(store: &Store, options: &Options, name: &str, at: &str) -> ApiResponse {
    let tag = fold(options, at);
    if digest_kind(at) == DigestKind::None && !is_tag(&tag) && !options.breaks.any_tag {
        return ApiResponse::error(
            400,
            "MANIFEST_INVALID",
            "this is neither a tag nor a digest",
        );
    }
    let own = store.repositories.get(name);
    let found = own.and_then(|repository| find(repository, options, &tag));
    let shared = || {
        let mut all = store.repositories.values();
        all.find_map(|repository| find(repository, options, &tag))
            .filter(|_| options.breaks.shared_manifests)
    };
    match (found.or_else(shared), own) {
        (Some((digest, manifest)), _) => ApiResponse::new(200)
            .with("Content-Type", manifest.media_type.clone())
            .with("Docker-Content-Digest", digest)
            .body(manifest.bytes.clone()),
        (None, Some(_)) => unknown(),
        (None, None) => ApiResponse::error(404, "NAME_UNKNOWN", "there is no such repository"),
    }
}

/// PUT of a manifest, under a tag or its digest.
pub fn push(
    store: &mut Store,
    options: &Options,
    request: &ApiRequest,
    name: &str,
    at: &str,
) -> ApiResponse {
    let kind = digest_kind(at);
    let foreign = kind == DigestKind::Foreign || (at.starts_with("sha512:") && !options.sha512);
    if foreign || (kind == DigestKind::None && at.contains(':')) {
        return ApiResponse::error(400, "DIGEST_INVALID", "this is no digest that is supported");
    }
    let by_digest = kind == DigestKind::Known;
    if !by_digest && !is_tag(at) && !options.breaks.any_tag {
        return ApiResponse::error(
            400,
            "MANIFEST_INVALID",
            "this is neither a tag nor a digest",
        );
    }
    let limit = match options.breaks.small_manifests {
        true => 1024 * 1024,
        false => options.manifest_limit,
    };
    if request.body.len() > limit {
        return ApiResponse::error(
            413,
            "SIZE_INVALID",
            "the manifest is larger than this registry takes",
        );
    }
    let content_type = request.header("content-type").unwrap_or_default();
    if options.breaks.refuse_parameters && content_type.contains(';') {
        return ApiResponse::error(400, "MANIFEST_INVALID", "parameters are not welcome");
    }
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    let parsed: Option<Value> = serde_json::from_slice(&request.body).ok();
    let Some(manifest) = parsed
        .filter(Value::is_object)
        .or_else(|| options.breaks.any_manifest.then(|| serde_json::json!({})))
    else {
        return ApiResponse::error(400, "MANIFEST_INVALID", "a manifest is a JSON object");
    };
    if let Some(said) = manifest.get("mediaType").and_then(Value::as_str)
        && said != media_type
    {
        return ApiResponse::error(
            400,
            "MANIFEST_INVALID",
            "mediaType and Content-Type disagree",
        );
    }
    if let Err(refusal) = check_references(store, options, name, &manifest) {
        return refusal;
    }
    let example = if by_digest { at } else { "sha256:" };
    let true_digest = digest_like(example, &request.body).unwrap_or_default();
    let stored = Stored {
        digest: match by_digest {
            true => at.to_owned(),
            false => true_digest.clone(),
        },
        manifest: Manifest {
            bytes: match options.breaks.rewrite_manifests {
                true => manifest.to_string().into(),
                false => request.body.clone(),
            },
            media_type: media_type.to_owned(),
            subject: subject(&manifest).map(str::to_owned),
            since: Instant::now(),
            deleted: false,
        },
    };
    if by_digest && true_digest != at && !options.breaks.trust_manifest_digests {
        if options.breaks.store_refused {
            store_manifest(store, name, &stored);
        }
        return ApiResponse::error(
            400,
            "DIGEST_INVALID",
            "the manifest does not have this digest",
        );
    }
    let tag = (!by_digest).then(|| fold(options, at));
    accept(store, options, request, name, &stored, tag.as_deref())
}

struct Stored {
    digest: String,
    manifest: Manifest,
}

fn accept(
    store: &mut Store,
    options: &Options,
    request: &ApiRequest,
    name: &str,
    stored: &Stored,
    tag: Option<&str>,
) -> ApiResponse {
    let digest = &stored.digest;
    if tag.is_some_and(|tag| would_move(store, name, tag, digest)) && !options.moving_tags {
        return ApiResponse::error(409, "DENIED", "tags do not move here");
    }
    store_manifest(store, name, stored);
    if let Some(tag) = tag {
        set_tag(store, options, name, tag, digest);
    }
    let path = format!("/v2/{name}/manifests/{}", tag.unwrap_or(digest));
    let mut response = ApiResponse::new(201)
        .with("Location", reference(options, request, &path, ""))
        .with("Docker-Content-Digest", digest.clone());
    if let Some(subject) = stored
        .manifest
        .subject
        .as_ref()
        .filter(|_| options.referrers)
    {
        response = response.with("OCI-Subject", subject.clone());
    }
    if tag.is_none() && options.tag_params {
        for (_, tag) in request
            .query
            .iter()
            .filter(|(key, tag)| key == "tag" && is_tag(tag))
        {
            if !options.moving_tags && would_move(store, name, tag, digest) {
                continue;
            }
            if !options.breaks.tag_params_in_words {
                set_tag(store, options, name, tag, digest);
            }
            response = response.with("OCI-Tag", tag.clone());
        }
    }
    response
}

/// The digest of a manifest's subject.
pub(super) fn subject(manifest: &Value) -> Option<&str> {
    manifest.pointer("/subject/digest")?.as_str()
}

/// Whether a tag leads to another manifest already.
fn would_move(store: &Store, name: &str, tag: &str, digest: &str) -> bool {
    let repository = store.repositories.get(name);
    let known = repository.and_then(|one| one.tags.get(tag));
    known.is_some_and(|known| known.digest != digest)
}

fn store_manifest(store: &mut Store, name: &str, stored: &Stored) {
    let size = stored.manifest.bytes.len();
    let repository = store.repositories.entry(name.to_owned()).or_default();
    let known = repository.manifests.get(&stored.digest);
    if known.is_none_or(|known| known.deleted) {
        repository
            .manifests
            .insert(stored.digest.clone(), stored.manifest.clone());
        store.total = store.total.saturating_add(size);
    }
}

fn set_tag(store: &mut Store, options: &Options, name: &str, tag: &str, digest: &str) {
    let repository = store.repositories.entry(name.to_owned()).or_default();
    let before = repository.tags.get(tag).map(|known| known.digest.clone());
    if options.breaks.tags_stick && before.is_some() {
        return;
    }
    let tag_of = Tag {
        digest: digest.to_owned(),
        since: Instant::now(),
        before,
    };
    repository.tags.insert(tag.to_owned(), tag_of);
}

/// DELETE of a tag or a manifest.
pub fn delete(store: &mut Store, options: &Options, name: &str, at: &str) -> ApiResponse {
    let by_digest = digest_kind(at) == DigestKind::Known;
    let allowed = match by_digest {
        true => options.delete_manifests,
        false => options.delete_tags,
    };
    if let Deletion::Off(status) = allowed {
        return ApiResponse::error(status, "UNSUPPORTED", "this cannot be deleted");
    }
    let breaks = &options.breaks;
    let Some(repository) = store.repositories.get_mut(name) else {
        return ApiResponse::error(404, "NAME_UNKNOWN", "there is no such repository");
    };
    if !by_digest {
        let Some(tag) = repository.tags.get(at).cloned() else {
            return unknown();
        };
        if !breaks.keep_deleted_tags {
            repository.tags.remove(at);
        }
        if breaks.delete_all_tags {
            repository
                .tags
                .retain(|_, other| other.digest != tag.digest);
        }
        return ApiResponse::new(202);
    }
    let Some(manifest) = repository.manifests.get_mut(at) else {
        return unknown();
    };
    let size = manifest.bytes.len();
    if breaks.keep_tags_of_deleted || breaks.keep_deleted_referrers {
        manifest.deleted = true;
    } else if !breaks.keep_deleted_manifests {
        repository.manifests.remove(at);
        store.total = store.total.saturating_sub(size);
    }
    if !breaks.keep_tags_of_deleted
        && let Some(repository) = store.repositories.get_mut(name)
    {
        repository.tags.retain(|_, tag| tag.digest != at);
    }
    ApiResponse::new(202)
}

/// The manifest that a tag or digest leads to, for one who may not see yet what was just written.
fn find<'a>(
    repository: &'a Repository,
    options: &Options,
    at: &str,
) -> Option<(String, &'a Manifest)> {
    let by_tag = repository.tags.get(at);
    let digest = match by_tag {
        Some(tag) if tag.since.elapsed() < options.delay => tag.before.clone()?,
        Some(tag) => tag.digest.clone(),
        None => at.to_owned(),
    };
    let manifest = repository.manifests.get(&digest)?;
    let hidden = manifest.deleted && !(options.breaks.keep_tags_of_deleted && by_tag.is_some());
    (manifest.since.elapsed() >= options.delay && !hidden).then_some((digest, manifest))
}

/// Everything that a manifest names must be there, but its subject and what may not be distributed.
fn check_references(
    store: &Store,
    options: &Options,
    name: &str,
    manifest: &Value,
) -> Result<(), ApiResponse> {
    let breaks = &options.breaks;
    let list = |key: &str| {
        manifest
            .get(key)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
    };
    if breaks.refuse_no_layers
        && manifest.get("layers").is_some()
        && list("layers").next().is_none()
    {
        return Err(ApiResponse::error(
            400,
            "MANIFEST_INVALID",
            "layers are needed",
        ));
    }
    let repository = store.repositories.get(name);
    let has_manifest =
        |digest: &str| repository.is_some_and(|one| one.manifests.contains_key(digest));
    if breaks.refuse_missing_subject
        && let Some(subject) = subject(manifest)
        && !has_manifest(subject)
    {
        return Err(ApiResponse::error(
            404,
            "MANIFEST_UNKNOWN",
            "the subject is not there",
        ));
    }
    if options.sparse_manifests {
        return Ok(());
    }
    let digest = |descriptor: &Value| descriptor.get("digest")?.as_str().map(str::to_owned);
    let bound = |descriptor: &&Value| {
        let kind = descriptor.get("mediaType").and_then(Value::as_str);
        !kind.is_some_and(|kind| kind.contains("nondistributable") || kind.contains("foreign"))
    };
    let blobs = manifest
        .get("config")
        .into_iter()
        .chain(list("layers").filter(bound));
    let blob_missing = blobs
        .filter_map(digest)
        .any(|digest| store.blob(name, &digest).is_none());
    let manifest_missing = list("manifests")
        .filter_map(digest)
        .any(|one| !has_manifest(&one));
    if blob_missing || manifest_missing {
        let why = "the manifest names content that is not there";
        return Err(ApiResponse::error(404, "MANIFEST_BLOB_UNKNOWN", why));
    }
    Ok(())
}

fn fold(options: &Options, tag: &str) -> String {
    match options.breaks.fold_tags && !tag.contains(':') {
        true => tag.to_ascii_lowercase(),
        false => tag.to_owned(),
    }
}

fn unknown() -> ApiResponse {
    ApiResponse::error(404, "MANIFEST_UNKNOWN", "there is no such manifest")
}
