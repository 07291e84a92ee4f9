//! Faults of pushes that show in a corner only: with certain digests, blobs that were mounted, odd subjects, nulls.

use super::*;
use crate::registry::grammar::digest_like;
use crate::registry::store::Repository;

/// The sha256 digest of nothing.
const EMPTY: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

pub const FAULTS: &[Fault] = &[
    request(
        "blob-digest-beginning-compared",
        &["blob-verify"],
        "The digest of a blob is compared without its last character.",
        |c| {
            let said = c.query("digest").unwrap_or_default();
            let right = digest_like(said, &c.body).unwrap_or_default();
            let alike = said.len() == right.len() && said.get(..70) == right.get(..70);
            if closes(c) && alike {
                set_digest(c, right);
            }
        },
    ),
    request(
        "blob-digest-trusted-second-repository",
        &["blob-verify"],
        "Digests of blobs are not compared in the second repository.",
        |c| {
            let said = c.query("digest").unwrap_or_default();
            let right = digest_like(said, &c.body).filter(|_| second(c) && closes(c));
            if let (Some(right), false) = (right, c.body.is_empty()) {
                set_digest(c, right);
            }
        },
    ),
    before(
        "blob-empty-digest-trusted",
        &["blob-verify-not-stored"],
        "Anything is stored under the digest of nothing.",
        |s, c| {
            let nothing = closes(c) && c.query("digest") == Some(EMPTY) && !c.body.is_empty();
            let name = c.endpoint.repository().filter(|_| nothing)?;
            s.put_blob(name, EMPTY, c.body.clone());
            Some(ApiResponse::new(201).with("Location", format!("/v2/{name}/blobs/{EMPTY}")))
        },
    ),
    after(
        "mount-empty-lost",
        &["mount-served"],
        "An empty blob that was mounted is lost.",
        |s, c, a| {
            if mounted(c, a) == Some(EMPTY) {
                lose(s, c, EMPTY);
            }
        },
    ),
    after(
        "mount-large-lost",
        &["mount-served"],
        "A blob of more than a MiB that was mounted is lost.",
        |s, c, a| {
            if let Some(digest) = mounted(c, a) {
                let blob = s.blob_anywhere(digest);
                if blob.is_some_and(|blob| blob.len() > 1024 * 1024) {
                    lose(s, c, digest);
                }
            }
        },
    ),
    after(
        "mount-of-own-lost",
        &["mount-source-kept"],
        "A blob that is mounted from its own repository is lost.",
        |s, c, a| {
            let own = c.query("from") == c.endpoint.repository();
            if let Some(digest) = mounted(c, a).filter(|_| own) {
                lose(s, c, digest);
            }
        },
    ),
    before(
        "mounted-pushed-again-lost",
        &["manifest-put-status"],
        "A mounted blob that is pushed again is lost.",
        |s, c| {
            let digest = mark_mounted(s, c)?.to_owned();
            if closes(c) {
                let place = format!("/v2/{}/blobs/{digest}", c.endpoint.repository()?);
                lose(s, c, &digest);
                return Some(ApiResponse::new(201).with("Location", place));
            }
            None
        },
    ),
    before(
        "mounted-not-for-manifests",
        &["manifest-put-status"],
        "A manifest that names a mounted blob is refused.",
        |s, c| {
            mark_mounted(s, c);
            let name = c.endpoint.repository()?;
            let manifest = c.is("PUT") && matches!(c.endpoint, Endpoint::Manifest(..));
            let text = String::from_utf8_lossy(&c.body);
            let mut marked = s.tombstones.keys();
            let names = manifest && marked.any(|(of, at)| of == name && text.contains(&**at));
            names.then(|| ApiResponse::error(400, "MANIFEST_BLOB_UNKNOWN", "a blob is not there"))
        },
    ),
    before(
        "subject-of-index-refused",
        &["subject-missing-accepted"],
        "A manifest whose subject is an index is refused.",
        |_, c| refuse_subject(c, "/subject/mediaType", "index"),
    ),
    before(
        "subject-missing-sha512-refused",
        &["subject-missing-accepted"],
        "A manifest whose subject is named by a sha512 digest is refused.",
        |_, c| refuse_subject(c, "/subject/digest", "sha512"),
    ),
    response(
        "tag-params-lowered",
        &["tag-params-created"],
        "OCI-Tag names tags in small letters.",
        |c, a| {
            if put_manifest(c, a)
                && let Some(tag) = a.header("oci-tag").map(str::to_ascii_lowercase)
            {
                a.set("OCI-Tag", tag);
            }
        },
    ),
    response(
        "tag-params-second-repository-silent",
        &["tag-params-header"],
        "In the second repository, no OCI-Tag says which tags were pushed.",
        |c, a| {
            if put_manifest(c, a) && second(c) {
                a.remove("oci-tag");
            }
        },
    ),
    before(
        "unknown-repository-has-all",
        &["manifest-get-other-repository", "blob-get-other-repository"],
        "In a repository that does not exist, the content of all others is found.",
        |s, c| {
            let missing_repository = !s.repositories.contains_key(c.endpoint.repository()?);
            let (Endpoint::Manifest(name, digest) | Endpoint::Blob(name, digest)) = &mut c.endpoint
            else {
                return None;
            };
            let mut all = s.repositories.iter().filter(|_| missing_repository);
            let has = |one: &Repository| {
                one.manifests.contains_key(digest) || one.blobs.contains_key(digest)
            };
            if let Some((known, _)) = all.find(|(_, one)| has(one)) {
                known.clone_into(name);
            }
            None
        },
    ),
    request(
        "manifest-nulls-dropped",
        &["manifest-get-by-tag"],
        "Fields of a manifest that are null are dropped.",
        |c| {
            if c.is("PUT") && matches!(c.endpoint, Endpoint::Manifest(..)) {
                let text = String::from_utf8_lossy(&c.body);
                c.body = text.replace("\"org.example.null\":null,", "").into();
            }
        },
    ),
];

/// Whether a call closes an upload.
fn closes(request: &ApiRequest) -> bool {
    request.is("PUT") && matches!(request.endpoint, Endpoint::Upload(..))
}

fn set_digest(request: &mut ApiRequest, digest: String) {
    request.query.retain(|(name, _)| name != "digest");
    request.query.push(("digest".to_owned(), digest));
}

/// The digest of a blob that a call mounted.
fn mounted<'c>(request: &'c ApiRequest, response: &ApiResponse) -> Option<&'c str> {
    let opens = matches!(request.endpoint, Endpoint::Uploads(_)) && response.status == 201;
    request.query("mount").filter(|_| opens)
}

/// Remembers what is about to be mounted. The digest of a call's blob, where that was mounted before.
fn mark_mounted<'c>(store: &mut Store, request: &'c ApiRequest) -> Option<&'c str> {
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

fn lose(store: &mut Store, request: &ApiRequest, digest: &str) {
    let name = request.endpoint.repository().unwrap_or_default();
    if let Some(repository) = store.repositories.get_mut(name) {
        repository.blobs.remove(digest);
    }
}

/// Refuses a manifest that has this there.
fn refuse_subject(request: &ApiRequest, pointer: &str, part: &str) -> Option<ApiResponse> {
    let manifest: Value = serde_json::from_slice(&request.body).ok()?;
    let refused = manifest.pointer(pointer)?.as_str()?.contains(part);
    let refused = refused && matches!(request.endpoint, Endpoint::Manifest(..));
    refused.then(|| ApiResponse::error(400, "MANIFEST_INVALID", "this is no subject"))
}
