//! Faults of pushing manifests and tags that need what the registry holds.

use std::time::Instant;

use super::*;
use crate::registry::grammar::digest_like;
use crate::registry::store::{Manifest, Repository, Tag, subject};

pub const FAULTS: &[Fault] = &[
    after(
        "index-rewritten",
        &["manifest-put-bytes"],
        "An index is written anew.",
        |s, c, a| {
            if put_manifest(c, a) && is_index(c) {
                rewrite(s, c, a);
            }
        },
    ),
    after(
        "manifest-rewritten-by-tag",
        &["manifest-put-bytes", "manifest-get-by-tag"],
        "A manifest that is pushed by tag is written anew.",
        |s, c, a| {
            if put_manifest(c, a) && tag_of(c).is_some() {
                rewrite(s, c, a);
            }
        },
    ),
    after(
        "manifest-trimmed",
        &["manifest-put-bytes"],
        "A manifest is stored without the white space around it.",
        |s, c, a| {
            if put_manifest(c, a)
                && let Some(manifest) = pushed(s, c, a)
            {
                manifest.bytes = manifest.bytes.trim_ascii().to_vec().into();
            }
        },
    ),
    after(
        "tag-moved-old-lost",
        &["tag-old-manifest-kept"],
        "The manifest that a tag moved away from is lost.",
        |s, c, a| {
            if put_manifest(c, a)
                && let Some((repository, tag)) = tagged(s, c)
                && let Some(before) = tag.before.filter(|before| *before != tag.digest)
            {
                repository.manifests.remove(&before);
            }
        },
    ),
    after(
        "tags-move-together",
        &["tags-apart"],
        "When a tag moves, the other tags of its manifest move along.",
        |s, c, a| {
            if put_manifest(c, a)
                && let Some((repository, tag)) = tagged(s, c)
                && let Some(before) = tag.before
            {
                let along = repository.tags.values_mut();
                for other in along.filter(|other| other.digest == before) {
                    other.digest.clone_from(&tag.digest);
                }
            }
        },
    ),
    after(
        "tags-everywhere",
        &["tags-apart"],
        "A tag is pushed to every repository that has one of its name.",
        |s, c, a| {
            if put_manifest(c, a)
                && let Some(at) = tag_of(c)
                && let Some(manifest) = pushed(s, c, a).cloned()
                && let Some(tag) = tagged(s, c).map(|(_, tag)| tag)
            {
                for repository in s.repositories.values_mut() {
                    if let Some(other) = repository.tags.get_mut(at) {
                        *other = tag.clone();
                        let known = repository.manifests.entry(tag.digest.clone());
                        known.or_insert_with(|| manifest.clone());
                    }
                }
            }
        },
    ),
    after(
        "manifest-refused-and-stored",
        &["manifest-refused-not-stored"],
        "A manifest that names missing content is refused, and stored.",
        |s, c, a| {
            if refused(c, a) {
                store_refused(s, c);
            }
        },
    ),
    after(
        "manifest-refused-untags",
        &["manifest-refused-not-stored"],
        "A push that is refused takes the tag away.",
        |s, c, a| {
            if refused(c, a)
                && let (Some(name), Some(tag)) = (c.endpoint.repository(), tag_of(c))
                && let Some(repository) = s.repositories.get_mut(name)
            {
                repository.tags.remove(tag);
            }
        },
    ),
    before(
        "manifest-overwritten",
        &["manifest-verify", "manifest-verify-not-stored"],
        "A manifest that is there already is overwritten by whatever is sent.",
        |s, c| {
            let known = repository(s, c)?.manifests.contains_key(digest_of(c)?);
            known.then(|| store_unseen(s, c))?
        },
    ),
    before(
        "manifest-sha512-trusted",
        &["manifest-verify"],
        "A manifest is stored under whatever sha512 digest is named.",
        |s, c| {
            let sha512 = digest_of(c)?.starts_with("sha512:");
            sha512.then(|| store_unseen(s, c))?
        },
    ),
    before(
        "index-digest-trusted",
        &["manifest-verify"],
        "An index is stored under whatever digest is named.",
        |s, c| {
            digest_of(c)?;
            is_index(c).then(|| store_unseen(s, c))?
        },
    ),
    response(
        "manifest-malformed-digest-201",
        &["manifest-verify"],
        "A manifest under something that is no digest is answered with 201.",
        |c, a| {
            let malformed = |at: &str| at.contains(':') && at.len() < 71;
            if c.is("PUT")
                && a.status == 400
                && matches!(&c.endpoint, Endpoint::Manifest(_, at) if malformed(at))
            {
                *a = ApiResponse::new(201).with("Location", c.path.clone());
            }
        },
    ),
    response(
        "subject-header-always",
        &["subject-header-none"],
        "Every manifest is answered with an OCI-Subject.",
        |c, a| {
            if put_manifest(c, a) && a.header("oci-subject").is_none() {
                a.set("OCI-Subject", WRONG);
            }
        },
    ),
    response(
        "subject-header-own",
        &["subject-header-value"],
        "OCI-Subject is the digest of the manifest itself.",
        |_, a| {
            let own = a.header("docker-content-digest").map(str::to_owned);
            if let (Some(own), Some(_)) = (own, a.header("oci-subject")) {
                a.set("OCI-Subject", own);
            }
        },
    ),
    after(
        "subject-early-silent",
        &["subject-header"],
        "A subject that is not there yet is not answered with an OCI-Subject.",
        |s, c, a| {
            let subject = a.header("oci-subject").map(str::to_owned);
            if let Some(subject) = subject
                && let Some(repository) = repository(s, c)
                && !repository.manifests.contains_key(&subject)
            {
                a.remove("oci-subject");
            }
        },
    ),
    response(
        "subject-unlisted",
        &["subject-header-kept"],
        "A subject is answered with an OCI-Subject, and no referrer is listed.",
        |c, a| {
            if got_referrers(c, a) {
                edit_list(a, "/manifests", Vec::clear);
            }
        },
    ),
    before(
        "subject-index-refused",
        &["subject-missing-accepted"],
        "An index whose subject is not there is refused.",
        |s, c| {
            let body: Value = serde_json::from_slice(&c.body).ok()?;
            let subject = body.pointer("/subject/digest")?.as_str()?;
            let known = repository(s, c).is_some_and(|one| one.manifests.contains_key(subject));
            (is_index(c) && !known)
                .then(|| ApiResponse::error(404, "MANIFEST_UNKNOWN", "there is no such subject"))
        },
    ),
    after(
        "tag-params-first-only",
        &["tag-params-created"],
        "All tags are named, and the first is created.",
        |s, c, a| {
            let named: Vec<String> = params(c).skip(1).map(str::to_owned).collect();
            if put_manifest(c, a)
                && let Some(repository) = repository(s, c)
            {
                repository.tags.retain(|tag, _| !named.contains(tag));
            }
        },
    ),
    response(
        "tag-params-first-named",
        &["tag-params-header"],
        "All tags are created, and the first is named.",
        |c, a| {
            if let Some(first) = params(c).next()
                && a.header("oci-tag").is_some()
            {
                a.set("OCI-Tag", first);
            }
        },
    ),
    response(
        "tag-params-another-named",
        &["tag-params-created"],
        "A tag is named that nobody asked for.",
        |_, a| {
            if a.header("oci-tag").is_some() {
                let name = "OCI-Tag".to_owned();
                a.headers.push((name, "latest".to_owned()));
            }
        },
    ),
    after(
        "tag-params-refused-made",
        &["tag-params-header"],
        "A push that is refused makes the tags that it names.",
        |s, c, a| {
            if refused(c, a) && params(c).next().is_some() {
                store_refused(s, c);
            }
        },
    ),
    response(
        "tag-params-unlisted",
        &["tag-params-created"],
        "A tag that was pushed as a parameter is not listed.",
        |c, a| {
            if got_tags(c, a) {
                edit_list(a, "/tags", |tags| {
                    tags.retain(|tag| !tag.as_str().unwrap_or_default().ends_with("-listed"));
                });
            }
        },
    ),
    after(
        "tag-stored-cut",
        &["manifest-get-by-tag"],
        "A tag of more than 100 characters is stored without its end.",
        |s, c, a| {
            if put_manifest(c, a)
                && let Some(long) = tag_of(c).filter(|tag| tag.len() > 100)
                && let Some(repository) = repository(s, c)
                && let Some(tag) = repository.tags.remove(long)
            {
                let cut = long.chars().take(100).collect();
                repository.tags.insert(cut, tag);
            }
        },
    ),
    response(
        "tag-short-refused",
        &["tag-grammar-accepted"],
        "A tag of one letter is refused.",
        |c, a| {
            if put_manifest(c, a) && tag_of(c).is_some_and(|tag| tag.len() == 1) {
                *a = ApiResponse::error(400, "TAG_INVALID", "too short");
            }
        },
    ),
];

fn is_index(request: &ApiRequest) -> bool {
    let kind = request.header("content-type").unwrap_or_default();
    request.is("PUT") && kind.contains("image.index")
}

/// The tag that a manifest is pushed to.
fn tag_of(request: &ApiRequest) -> Option<&str> {
    match &request.endpoint {
        Endpoint::Manifest(_, at) if !at.contains(':') && request.is("PUT") => Some(at),
        _ => None,
    }
}

/// The digest that a manifest is pushed to.
fn digest_of(request: &ApiRequest) -> Option<&str> {
    match &request.endpoint {
        Endpoint::Manifest(_, at) if at.contains(':') && request.is("PUT") => Some(at),
        _ => None,
    }
}

/// The tags that a push names in its query.
fn params(request: &ApiRequest) -> impl Iterator<Item = &str> {
    let tags = request.query.iter().filter(|(name, _)| name == "tag");
    tags.map(|(_, tag)| tag.as_str())
}

fn refused(request: &ApiRequest, response: &ApiResponse) -> bool {
    let of_manifest = matches!(request.endpoint, Endpoint::Manifest(..));
    request.is("PUT") && of_manifest && matches!(response.status, 400 | 404)
}

fn repository<'s>(store: &'s mut Store, request: &ApiRequest) -> Option<&'s mut Repository> {
    store.repositories.get_mut(request.endpoint.repository()?)
}

/// The manifest that was pushed.
fn pushed<'s>(
    store: &'s mut Store,
    request: &ApiRequest,
    response: &ApiResponse,
) -> Option<&'s mut Manifest> {
    let digest = response.header("docker-content-digest")?;
    repository(store, request)?.manifests.get_mut(digest)
}

/// The repository and the tag that was pushed.
fn tagged<'s>(store: &'s mut Store, request: &ApiRequest) -> Option<(&'s mut Repository, Tag)> {
    let repository = repository(store, request)?;
    let tag = repository.tags.get(tag_of(request)?)?.clone();
    Some((repository, tag))
}

fn rewrite(store: &mut Store, request: &ApiRequest, response: &ApiResponse) {
    if let Some(manifest) = pushed(store, request, response)
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

/// Stores a manifest under the digest that is named, whatever its bytes.
fn store_unseen(store: &mut Store, request: &ApiRequest) -> Option<ApiResponse> {
    let digest = digest_of(request)?.to_owned();
    let repository = repository(store, request)?;
    repository
        .manifests
        .insert(digest.clone(), manifest_of(request));
    Some(
        ApiResponse::new(201)
            .with("Location", request.path.clone())
            .with("Docker-Content-Digest", digest),
    )
}

/// Stores a manifest that was refused, under its digest and every tag that was named.
fn store_refused(store: &mut Store, request: &ApiRequest) {
    let Some(digest) = digest_like("sha256:", &request.body) else {
        return;
    };
    let Some(repository) = repository(store, request) else {
        return;
    };
    repository
        .manifests
        .insert(digest.clone(), manifest_of(request));
    for tag in tag_of(request).into_iter().chain(params(request)) {
        let leads = Tag {
            digest: digest.clone(),
            since: Instant::now(),
            before: None,
        };
        repository.tags.insert(tag.to_owned(), leads);
    }
}
