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
                s.graves.insert((name, digest.to_owned()), "twice".into());
                return None;
            }
            in_words(s, c)
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
                s.graves.insert((name, digest.to_owned()), "chunks".into());
                return None;
            }
            in_words(s, c)
        },
    ),
    before(
        "tag-delete-capitals-in-words",
        &["tag-delete-gone"],
        "The deletion of a tag of capitals does nothing.",
        |_, c| tag_in_words(c, |tag| tag.contains("RELEASE")),
    ),
    before(
        "tag-delete-long-in-words",
        &["tag-delete-gone"],
        "The deletion of a tag of 128 characters does nothing.",
        |_, c| tag_in_words(c, |tag| tag.len() == 128),
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
            leads.starts_with("sha512").then(|| Answer::new(202))
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
            referred.then(|| Answer::new(202))
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
fn in_words(store: &Store, call: &Call) -> Option<Answer> {
    let (Endpoint::Blob(name, digest), true) = (&call.endpoint, call.is("DELETE")) else {
        return None;
    };
    let mark = (name.clone(), digest.clone());
    store.graves.contains_key(&mark).then(|| Answer::new(202))
}

fn tag_in_words(call: &Call, such: fn(&str) -> bool) -> Option<Answer> {
    let of_tag = matches!(&call.endpoint, Endpoint::Manifest(_, tag) if such(tag));
    (call.is("DELETE") && of_tag).then(|| Answer::new(202))
}
