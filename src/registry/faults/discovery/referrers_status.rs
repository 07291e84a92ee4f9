//! Faults of the status of referrers lists, and of referrers that the registry deletes by itself.

use serde_json::{Value, json};

use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::edits::edit_list;
use crate::registry::faults::predicates::{got_referrers, put_manifest};
use crate::registry::faults::rows::fault;
use crate::registry::faults::store_edits::{is_of_type, pushed_tag, repository_of};
use crate::registry::store::Store;

pub const FAULTS: &[Fault] = &[
    fault("referrers-after-deletion-500")
        .violates(&["referrers-status"])
        .title("After the deletion of a referrer, GET on the referrers of its subject returns 500.")
        .before(|store, request| match &request.endpoint {
            Endpoint::Manifest(name, digest) if request.is("DELETE") => {
                let referrer = store.repositories.get(name)?.manifests.get(digest)?;
                let mark = (name.clone(), referrer.subject.clone()?);
                store.tombstones.insert(mark, "lost a referrer".into());
                None
            }
            Endpoint::Referrers(name, digest) => {
                let lost = store
                    .tombstones
                    .contains_key(&(name.clone(), digest.clone()));
                lost.then(|| ApiResponse::error(500, "UNKNOWN", "a referrer is missing"))
            }
            _ => None,
        }),
    fault("referrers-of-nothing-500")
        .violates(&["referrers-status"])
        .title("GET on the referrers of a digest that nothing has returns 500.")
        .before(|store, request| {
            let Endpoint::Referrers(name, digest) = &request.endpoint else {
                return None;
            };
            let repository = store.repositories.get(name)?;
            let mut subjects = repository.manifests.values();
            let known = repository.manifests.contains_key(digest)
                || subjects.any(|one| one.subject.as_ref() == Some(digest));
            let missing = !known && digest.len() >= 71;
            missing.then(|| ApiResponse::error(500, "UNKNOWN", "there is no such manifest"))
        }),
    fault("referrers-of-docker-image-400")
        .violates(&["referrers-status"])
        .title("GET on the referrers of a Docker image returns 400.")
        .before(|store, request| {
            let Endpoint::Referrers(_, digest) = &request.endpoint else {
                return None;
            };
            let docker = is_of_type(store, request, digest, "docker");
            docker.then(|| ApiResponse::error(400, "UNSUPPORTED", "this is no OCI manifest"))
        }),
    fault("referrers-deleted-with-subject-listed")
        .violates(&["referrers-deleted"])
        .title("DELETE on a manifest also deletes its referrers, which stay in its referrers list.")
        .after(|store, request, response| {
            if let Endpoint::Manifest(_, subject) = &request.endpoint
                && request.is("DELETE")
                && response.status == 202
                && let Some(repository) = repository_of(store, request)
            {
                let of_subject = repository.manifests.iter();
                let of_subject =
                    of_subject.filter(|(_, one)| one.subject.as_ref() == Some(subject));
                let lost: Vec<String> = of_subject.map(|(own, _)| own.clone()).collect();
                for own in lost {
                    delete_and_remember(store, request, &own);
                }
            }
            list_remembered(store, request, response);
        }),
    fault("referrers-deleted-with-tag-listed")
        .violates(&["referrers-deleted"])
        .title(
            "The registry deletes a referrer when its last tag moves, and still lists the \
             referrer.",
        )
        .after(|store, request, response| {
            if put_manifest(request, response)
                && let Some((repository, tag)) = pushed_tag(store, request)
                && let Some(before) = tag.before.filter(|before| *before != tag.digest)
                && !repository.tags.values().any(|tag| tag.digest == before)
            {
                delete_and_remember(store, request, &before);
            }
            list_remembered(store, request, response);
        }),
];

/// Deletes a referrer, and remembers its descriptor under the digest of its subject.
fn delete_and_remember(store: &mut Store, request: &ApiRequest, own: &str) -> Option<()> {
    let repository = repository_of(store, request)?;
    let subject = repository.manifests.get(own)?.subject.clone()?;
    let manifest = repository.manifests.remove(own)?;
    let descriptor =
        json!({"mediaType": manifest.media_type, "digest": own, "size": manifest.bytes.len()});
    let name = request.endpoint.repository()?.to_owned();
    let mark = (name, format!("referrer of {subject}"));
    store.tombstones.insert(mark, descriptor.to_string().into());
    Some(())
}

/// Adds a deleted referrer to the referrers list of its subject.
fn list_remembered(store: &Store, request: &ApiRequest, response: &mut ApiResponse) {
    if let Endpoint::Referrers(name, subject) = &request.endpoint
        && got_referrers(request, response)
        && let Some(descriptor) = store
            .tombstones
            .get(&(name.clone(), format!("referrer of {subject}")))
        && let Ok(descriptor) = serde_json::from_slice::<Value>(descriptor)
    {
        edit_list(response, "/manifests", |list| {
            let listed = |one: &Value| one.get("digest") == descriptor.get("digest");
            if !list.iter().any(listed) {
                list.push(descriptor.clone());
            }
        });
    }
}
