//! Manifests: end-3, 7 and 9 (sections "Pulling manifests", "Pushing Manifests", "Deleting Manifests").

use std::time::Instant;

use serde_json::Value;

use super::api_request::ApiRequest;
use super::api_response::ApiResponse;
use super::grammar::{DigestKind, digest_kind, digest_like, is_tag};
use super::locations::url_for;
use super::options::{Deletion, Options};
use super::store::{Manifest, Repository, Store, subject};
use super::tag_map::Tag;

/// GET and HEAD of a manifest, by tag or digest.
pub fn read(store: &Store, options: &Options, name: &str, reference: &str) -> ApiResponse {
    let tag = lookup_tag(options, reference);
    if digest_kind(reference) == DigestKind::None
        && !is_tag(&tag)
        && !options.switches.accept_invalid_tags
    {
        return ApiResponse::error(
            400,
            "MANIFEST_INVALID",
            "the reference is neither a valid tag nor a digest",
        );
    }
    let own = store.repositories.get(name);
    let found = own.and_then(|repository| find(repository, options, &tag));
    let shared = || {
        let mut all = store.repositories.values();
        all.find_map(|repository| find(repository, options, &tag))
            .filter(|_| options.switches.serve_manifests_of_all_repositories)
    };
    match (found.or_else(shared), own) {
        (Some((digest, manifest)), _) => ApiResponse::new(200)
            .with("Content-Type", manifest.media_type.clone())
            .with("Docker-Content-Digest", digest)
            .body(manifest.bytes.clone()),
        (None, Some(_)) => manifest_unknown(),
        (None, None) => ApiResponse::repository_unknown(),
    }
}

/// PUT of a manifest, by tag or digest.
pub fn push(
    store: &mut Store,
    options: &Options,
    request: &ApiRequest,
    name: &str,
    reference: &str,
) -> ApiResponse {
    let by_digest = digest_kind(reference) == DigestKind::Known;
    let checked = check_reference(options, reference, by_digest)
        .and_then(|()| check_size(options, &request.body))
        .and_then(|()| parse_manifest(options, request));
    let (media_type, manifest) = match checked {
        Ok(checked) => checked,
        Err(error) => return error,
    };
    if let Err(error) = check_references(store, options, name, &manifest) {
        return error;
    }
    let example = if by_digest { reference } else { "sha256:" };
    let true_digest = digest_like(example, &request.body).unwrap_or_default();
    let new = NewManifest {
        digest: match by_digest {
            true => reference.to_owned(),
            false => true_digest.clone(),
        },
        manifest: Manifest {
            bytes: match options.switches.reserialize_manifests {
                true => manifest.to_string().into(),
                false => request.body.clone(),
            },
            media_type,
            subject: subject(&manifest).map(str::to_owned),
            since: Instant::now(),
            deleted: false,
        },
    };
    if by_digest && true_digest != reference && !options.switches.skip_manifest_digest_check {
        if options.switches.store_despite_wrong_digest {
            store_manifest(store, name, &new);
        }
        return ApiResponse::error(
            400,
            "DIGEST_INVALID",
            "the digest of the manifest differs from the digest in the URL",
        );
    }
    let tag = (!by_digest).then(|| lookup_tag(options, reference));
    accept(store, options, request, name, &new, tag.as_deref())
}

/// Refuses a reference that is neither a valid tag nor a digest of a supported algorithm.
fn check_reference(options: &Options, reference: &str, by_digest: bool) -> Result<(), ApiResponse> {
    let unsupported = reference.starts_with("sha512:") && !options.sha512;
    if unsupported || (!by_digest && reference.contains(':')) {
        return Err(ApiResponse::error(
            400,
            "DIGEST_INVALID",
            "the digest is invalid, or its algorithm is not supported",
        ));
    }
    if !by_digest && !is_tag(reference) && !options.switches.accept_invalid_tags {
        return Err(ApiResponse::error(
            400,
            "MANIFEST_INVALID",
            "the reference is neither a valid tag nor a digest",
        ));
    }
    Ok(())
}

fn check_size(options: &Options, body: &[u8]) -> Result<(), ApiResponse> {
    let limit = match options.switches.refuse_manifests_above_1_mib {
        true => 1024 * 1024,
        false => options.manifest_limit,
    };
    match body.len() > limit {
        true => Err(ApiResponse::error(
            413,
            "SIZE_INVALID",
            "the manifest is larger than this registry accepts",
        )),
        false => Ok(()),
    }
}

/// The media type of a pushed manifest, without parameters, and its JSON object.
fn parse_manifest(options: &Options, request: &ApiRequest) -> Result<(String, Value), ApiResponse> {
    let invalid = |why| Err(ApiResponse::error(400, "MANIFEST_INVALID", why));
    let content_type = request.header("content-type").unwrap_or_default();
    if options.switches.refuse_media_type_parameters && content_type.contains(';') {
        return invalid("Content-Type must not have parameters");
    }
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    let parsed: Option<Value> = serde_json::from_slice(&request.body).ok();
    let Some(manifest) = parsed.filter(Value::is_object).or_else(|| {
        options
            .switches
            .accept_any_manifest
            .then(|| serde_json::json!({}))
    }) else {
        return invalid("a manifest must be a JSON object");
    };
    if let Some(media_type_field) = manifest.get("mediaType").and_then(Value::as_str)
        && media_type_field != media_type
    {
        return invalid("mediaType and Content-Type differ");
    }
    Ok((media_type.to_owned(), manifest))
}

/// A manifest to store, and the digest to store it under.
struct NewManifest {
    digest: String,
    manifest: Manifest,
}

fn accept(
    store: &mut Store,
    options: &Options,
    request: &ApiRequest,
    name: &str,
    new: &NewManifest,
    tag: Option<&str>,
) -> ApiResponse {
    let digest = &new.digest;
    if tag.is_some_and(|tag| moves_tag(store, name, tag, digest)) && !options.mutable_tags {
        return ApiResponse::error(409, "DENIED", "the tag exists and is immutable");
    }
    if store.is_full(options.total_limit, request.body.len()) {
        return ApiResponse::error(413, "SIZE_INVALID", "the storage limit is reached");
    }
    store_manifest(store, name, new);
    if let Some(tag) = tag {
        set_tag(store, options, name, tag, digest);
    }
    let path = format!("/v2/{name}/manifests/{}", tag.unwrap_or(digest));
    let mut response = ApiResponse::new(201)
        .with("Location", url_for(options, request, &path, ""))
        .with("Docker-Content-Digest", digest.clone());
    if let Some(subject) = new.manifest.subject.as_ref().filter(|_| options.referrers) {
        response = response.with("OCI-Subject", subject.clone());
    }
    if tag.is_none() && options.tag_params {
        for (_, tag) in request
            .query
            .iter()
            .filter(|(key, tag)| key == "tag" && is_tag(tag))
        {
            if !options.mutable_tags && moves_tag(store, name, tag, digest) {
                continue;
            }
            if !options.switches.ignore_tag_params {
                set_tag(store, options, name, tag, digest);
            }
            response = response.with("OCI-Tag", tag.clone());
        }
    }
    response
}

/// Whether a tag exists and has another manifest.
fn moves_tag(store: &Store, name: &str, tag: &str, digest: &str) -> bool {
    let repository = store.repositories.get(name);
    let known = repository.and_then(|one| one.tags.get(tag));
    known.is_some_and(|known| known.digest != digest)
}

fn store_manifest(store: &mut Store, name: &str, new: &NewManifest) {
    let size = new.manifest.bytes.len();
    let repository = store.repositories.entry(name.to_owned()).or_default();
    let known = repository.manifests.get(&new.digest);
    if known.is_none_or(|known| known.deleted) {
        repository
            .manifests
            .insert(new.digest.clone(), new.manifest.clone());
        store.total = store.total.saturating_add(size);
    }
}

fn set_tag(store: &mut Store, options: &Options, name: &str, tag: &str, digest: &str) {
    let repository = store.repositories.entry(name.to_owned()).or_default();
    let before = repository.tags.get(tag).map(|known| known.digest.clone());
    if options.switches.ignore_tag_moves && before.is_some() {
        return;
    }
    let target = Tag {
        digest: digest.to_owned(),
        since: Instant::now(),
        before,
    };
    repository.tags.insert(tag.to_owned(), target);
}

/// DELETE of a tag, or of a manifest by digest.
pub fn delete(store: &mut Store, options: &Options, name: &str, reference: &str) -> ApiResponse {
    let by_digest = digest_kind(reference) == DigestKind::Known;
    let allowed = match by_digest {
        true => options.delete_manifests,
        false => options.delete_tags,
    };
    if let Deletion::Off(status) = allowed {
        return ApiResponse::error(status, "UNSUPPORTED", "deletion is not supported")
            .with("Allow", "GET, HEAD, PUT");
    }
    let switches = &options.switches;
    let Some(repository) = store.repositories.get_mut(name) else {
        return ApiResponse::repository_unknown();
    };
    if !by_digest {
        let Some(tag) = repository.tags.get(reference).cloned() else {
            return manifest_unknown();
        };
        if !switches.ignore_tag_deletion {
            repository.tags.remove(reference);
        }
        if switches.delete_all_tags_of_manifest {
            repository
                .tags
                .retain(|_, other| other.digest != tag.digest);
        }
        return ApiResponse::new(202);
    }
    let Some(manifest) = repository.manifests.get_mut(reference) else {
        return manifest_unknown();
    };
    let size = manifest.bytes.len();
    if switches.keep_tags_of_deleted_manifests || switches.list_deleted_referrers {
        manifest.deleted = true;
    } else if !switches.ignore_manifest_deletion {
        repository.manifests.remove(reference);
        store.total = store.total.saturating_sub(size);
    }
    if !switches.keep_tags_of_deleted_manifests
        && let Some(repository) = store.repositories.get_mut(name)
    {
        repository.tags.retain(|_, tag| tag.digest != reference);
    }
    ApiResponse::new(202)
}

/// The visible manifest of a tag or digest, with its digest: not before [`Options::visibility_delay`] after its push.
fn find<'a>(
    repository: &'a Repository,
    options: &Options,
    reference: &str,
) -> Option<(String, &'a Manifest)> {
    let (late, by_tag) = (&options.visibility_delay, repository.tags.get(reference));
    let digest = match by_tag {
        Some(tag) if late.hides(late.by_tag, reference, tag.since) => tag.before.clone()?,
        Some(tag) => tag.digest.clone(),
        None => reference.to_owned(),
    };
    let manifest = repository.manifests.get(&digest)?;
    let hidden =
        manifest.deleted && !(options.switches.keep_tags_of_deleted_manifests && by_tag.is_some());
    let late = by_tag.is_none() && late.hides(late.by_digest, &digest, manifest.since);
    (!late && !hidden).then_some((digest, manifest))
}

/// Refuses a manifest whose config, layers or manifests are not in the repository. The subject and non-distributable layers
/// may be absent.
fn check_references(
    store: &Store,
    options: &Options,
    name: &str,
    manifest: &Value,
) -> Result<(), ApiResponse> {
    let switches = &options.switches;
    let list = |key: &str| {
        manifest
            .get(key)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
    };
    let no_layers = manifest.get("layers").is_some() && list("layers").next().is_none();
    if switches.refuse_manifests_without_layers && no_layers {
        let why = "layers must not be empty";
        return Err(ApiResponse::error(400, "MANIFEST_INVALID", why));
    }
    let repository = store.repositories.get(name);
    let has_manifest =
        |digest: &str| repository.is_some_and(|one| one.manifests.contains_key(digest));
    if switches.refuse_missing_subject
        && let Some(subject) = subject(manifest)
        && !has_manifest(subject)
    {
        let why = "the subject does not exist";
        return Err(ApiResponse::error(404, "MANIFEST_UNKNOWN", why));
    }
    if options.sparse_manifests {
        return Ok(());
    }
    let digest = |descriptor: &Value| descriptor.get("digest")?.as_str().map(str::to_owned);
    let distributable = |descriptor: &&Value| {
        let kind = descriptor.get("mediaType").and_then(Value::as_str);
        !kind.is_some_and(|kind| kind.contains("nondistributable") || kind.contains("foreign"))
    };
    let blobs = manifest
        .get("config")
        .into_iter()
        .chain(list("layers").filter(distributable));
    let blob_missing = blobs
        .filter_map(digest)
        .any(|digest| store.blob(name, &digest).is_none());
    let manifest_missing = list("manifests")
        .filter_map(digest)
        .any(|one| !has_manifest(&one));
    if blob_missing || manifest_missing {
        let why = "the manifest references content that does not exist in this repository";
        return Err(ApiResponse::error(404, "MANIFEST_BLOB_UNKNOWN", why));
    }
    Ok(())
}

/// The form of a tag under which it is new.
fn lookup_tag(options: &Options, tag: &str) -> String {
    match options.switches.ignore_case_of_tags && !tag.contains(':') {
        true => tag.to_ascii_lowercase(),
        false => tag.to_owned(),
    }
}

fn manifest_unknown() -> ApiResponse {
    ApiResponse::error(404, "MANIFEST_UNKNOWN", "the manifest does not exist")
}
