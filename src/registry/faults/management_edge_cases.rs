//! Faults of deletion that show in a corner only: with blobs that came in chunks or twice, tags of odd forms, manifests
//! that others need.

use super::*;

pub const FAULTS: &[Fault] = &[
    before(
        "blob-delete-twice-in-words",
        &["blob-delete-gone"],
        "The deletion of a blob that was pushed twice does nothing.",
        |s, c| {
            let name = c.endpoint.repository()?.to_owned();
            if let (Endpoint::Upload(..), Some(digest)) = (&c.endpoint, c.query("digest"))
                && s.blob(&name, digest).is_some()
            {
                s.tombstones
                    .insert((name, digest.to_owned()), "twice".into());
                return None;
            }
            fake_digest(s, c)
        },
    ),
    before(
        "blob-delete-chunked-in-words",
        &["blob-delete-gone"],
        "The deletion of a blob that was pushed in chunks does nothing.",
        |s, c| {
            let name = c.endpoint.repository()?.to_owned();
            if let (Endpoint::Upload(..), Some(digest), true) =
                (&c.endpoint, c.query("digest"), c.body.is_empty())
            {
                s.tombstones
                    .insert((name, digest.to_owned()), "chunks".into());
                return None;
            }
            fake_digest(s, c)
        },
    ),
    before(
        "tag-delete-capitals-in-words",
        &["tag-delete-gone"],
        "The deletion of a tag of capitals does nothing.",
        |_, c| fake_tag_digest(c, |tag| tag.contains("RELEASE")),
    ),
    before(
        "tag-delete-long-in-words",
        &["tag-delete-gone"],
        "The deletion of a tag of 128 characters does nothing.",
        |_, c| fake_tag_digest(c, |tag| tag.len() == 128),
    ),
    before(
        "tag-delete-sha512-in-words",
        &["tag-delete-gone"],
        "The deletion of a tag that leads to a sha512 digest does nothing.",
        |s, c| {
            let (Endpoint::Manifest(name, tag), true) = (&c.endpoint, c.is("DELETE")) else {
                return None;
            };
            let leads = &s.repositories.get(name)?.tags.get(tag)?.digest;
            leads.starts_with("sha512").then(|| ApiResponse::new(202))
        },
    ),
    before(
        "manifest-delete-referred-in-words",
        &["manifest-delete-gone"],
        "The deletion of a manifest that others refer to does nothing.",
        |s, c| {
            let (Endpoint::Manifest(name, at), true) = (&c.endpoint, c.is("DELETE")) else {
                return None;
            };
            let mut all = s.repositories.get(name)?.manifests.values();
            let referred = all.any(|manifest| manifest.subject.as_ref() == Some(at));
            referred.then(|| ApiResponse::new(202))
        },
    ),
    before(
        "manifest-delete-takes-layers",
        &["manifest-delete-only"],
        "With a manifest, its layers are deleted, though others need them.",
        |s, c| {
            let (Endpoint::Manifest(name, at), true) = (&c.endpoint, c.is("DELETE")) else {
                return None;
            };
            let repository = s.repositories.get_mut(name)?;
            let manifest = repository.manifests.get(at)?;
            let manifest: Value = serde_json::from_slice(&manifest.bytes).ok()?;
            for layer in manifest.pointer("/layers")?.as_array()? {
                repository.blobs.remove(layer.pointer("/digest")?.as_str()?);
            }
            None
        },
    ),
];

/// Answers the deletion of what is marked, and does nothing.
fn fake_digest(store: &Store, request: &ApiRequest) -> Option<ApiResponse> {
    let (Endpoint::Blob(name, digest), true) = (&request.endpoint, request.is("DELETE")) else {
        return None;
    };
    let mark = (name.clone(), digest.clone());
    store
        .tombstones
        .contains_key(&mark)
        .then(|| ApiResponse::new(202))
}

fn fake_tag_digest(request: &ApiRequest, such: fn(&str) -> bool) -> Option<ApiResponse> {
    let of_tag = matches!(&request.endpoint, Endpoint::Manifest(_, tag) if such(tag));
    (request.is("DELETE") && of_tag).then(|| ApiResponse::new(202))
}
