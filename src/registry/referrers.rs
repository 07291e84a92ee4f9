//! Referrers: end-12 (section "Listing Referrers").

use serde_json::{Map, Value, json};
use url::form_urlencoded::byte_serialize;

use super::api_request::ApiRequest;
use super::api_response::ApiResponse;
use super::grammar::{DigestKind, digest_kind};
use super::locations::url_for;
use super::options::Options;
use super::store::{Manifest, Repository, Store};

const INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// GET of the referrers of a digest: the manifests whose subject it is.
pub fn list(
    store: &Store,
    options: &Options,
    request: &ApiRequest,
    name: &str,
    digest: &str,
) -> ApiResponse {
    if !options.referrers {
        return ApiResponse::error(404, "UNSUPPORTED", "the referrers API is not supported");
    }
    if digest_kind(digest) == DigestKind::None {
        return ApiResponse::error(400, "DIGEST_INVALID", "the digest is invalid");
    }
    let wanted = request
        .query("artifactType")
        .filter(|_| options.referrers_filter);
    let prefix = options.switches.filter_by_prefix;
    let mut found = find_referrers(store, options, name, digest);
    found.sort_by_key(|(own, _)| *own);
    let after = request.query("last");
    let found = found
        .into_iter()
        .filter(|(own, _)| after.is_none_or(|last| own.as_str() > last));
    // A descriptor is read of the manifest: only those of the page are.
    let described = found.filter_map(|(own, manifest)| Some((own, descriptor(own, manifest)?)));
    let wanted_ones =
        described.filter(|(_, one)| wanted.is_none_or(|kind| has_artifact_type(one, kind, prefix)));
    let mut page: Vec<(&String, Value)> = wanted_ones
        .take(options.referrers_page.saturating_add(1))
        .collect();
    let more = page.len() > options.referrers_page;
    page.truncate(options.referrers_page);
    let last = page.last().map(|(own, _)| (*own).clone());
    let manifests: Vec<Value> = page.into_iter().map(|(_, descriptor)| descriptor).collect();
    let body = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": manifests});
    let mut response = ApiResponse::json(200, INDEX, &body);
    if wanted.is_some() {
        response = response.with("OCI-Filters-Applied", "artifactType");
    }
    if let Some(last) = last.filter(|_| more) {
        let filter = wanted
            .map(|kind| byte_serialize(kind.as_bytes()).collect::<String>())
            .map(|kind| format!("artifactType={kind}&"))
            .unwrap_or_default();
        let path = format!("/v2/{name}/referrers/{digest}");
        let next = url_for(options, request, &path, &format!("{filter}last={last}"));
        response = response.with("Link", format!("<{next}>; rel=\"next\""));
    }
    response
}

/// The referrers of a digest, with their own digests.
fn find_referrers<'s>(
    store: &'s Store,
    options: &Options,
    name: &str,
    digest: &str,
) -> Vec<(&'s String, &'s Manifest)> {
    let switches = &options.switches;
    let mut found: Vec<(&String, &Manifest)> = store
        .repositories
        .iter()
        .filter(|(other, _)| *other == name || switches.list_referrers_of_all_repositories)
        .flat_map(|(_, repository)| &repository.manifests)
        .filter(|(own, manifest)| {
            let late = &options.visibility_delay;
            (!manifest.deleted || switches.list_deleted_referrers)
                && !late.hides(late.referrers, own, manifest.since)
        })
        .filter(|(_, manifest)| manifest.subject.as_deref() == Some(digest))
        .collect();
    if let Some(repository) = store.repositories.get(name) {
        if switches.list_referrers_of_referrers {
            let more = transitive_referrers(repository, &found);
            found.extend(more);
        }
        if switches.omit_untagged_referrers {
            let tagged = |own: &str| repository.tags.values().any(|tag| tag.digest == own);
            found.retain(|(own, _)| tagged(own));
        }
    }
    let subject_there = store
        .repositories
        .get(name)
        .is_some_and(|repository| repository.manifests.contains_key(digest));
    if switches.omit_referrers_of_missing_subject && !subject_there {
        found.clear();
    }
    found
}

/// Whether a descriptor has an artifact type; with `prefix`, an artifact type that begins with it.
fn has_artifact_type(descriptor: &Value, wanted: &str, prefix: bool) -> bool {
    let artifact_type = descriptor.get("artifactType").and_then(Value::as_str);
    artifact_type.is_some_and(|own| own == wanted || (prefix && own.starts_with(wanted)))
}

/// The referrers of referrers: only a fault lists them.
fn transitive_referrers<'s>(
    repository: &'s Repository,
    found: &[(&String, &Manifest)],
) -> Vec<(&'s String, &'s Manifest)> {
    let refers = |manifest: &Manifest| {
        let mut subjects = found.iter().map(|(own, _)| own.as_str());
        subjects.any(|subject| manifest.subject.as_deref() == Some(subject))
    };
    let all = repository.manifests.iter();
    all.filter(|(_, manifest)| refers(manifest)).collect()
}

/// The descriptor of a manifest in a list of referrers; `None` if it is not JSON.
fn descriptor(own: &str, manifest: &Manifest) -> Option<Value> {
    let parsed: Value = serde_json::from_slice(&manifest.bytes).ok()?;
    let mut descriptor = Map::new();
    descriptor.insert("mediaType".into(), manifest.media_type.clone().into());
    descriptor.insert("digest".into(), own.into());
    descriptor.insert("size".into(), manifest.bytes.len().into());
    let declared = parsed.get("artifactType").and_then(Value::as_str);
    let config = parsed.pointer("/config/mediaType").and_then(Value::as_str);
    let kind = declared.filter(|kind| !kind.is_empty()).or(config);
    descriptor.extend(kind.map(|kind| ("artifactType".to_owned(), Value::from(kind))));
    let annotations = parsed.get("annotations").filter(|them| them.is_object());
    descriptor.extend(annotations.map(|them| ("annotations".to_owned(), them.clone())));
    Some(Value::Object(descriptor))
}
