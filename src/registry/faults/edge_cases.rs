//! Faults that show in a corner only: in the second repository, under a certain tag, after the fourth chunk, now and then.

use super::*;

pub const FAULTS: &[Fault] = &[
    request(
        "blob-range-second-repository",
        &["blob-range-status"],
        "A part of a blob is not served alone in the second repository.",
        |c| {
            if second(c) && c.is("GET") && matches!(c.endpoint, Endpoint::Blob(..)) {
                c.headers.retain(|(name, _)| name != "range");
            }
        },
    ),
    after(
        "blob-now-and-then-other-bytes",
        &["blob-get-content"],
        "Every fourth time, a blob is served with one byte changed.",
        |s, c, a| {
            if got_blob(c, a) && a.status == 200 && s.next() % 4 == 0 {
                let mut bytes = a.body.to_vec();
                if let Some(first) = bytes.first_mut() {
                    *first ^= 1;
                }
                a.body = bytes.into();
            }
        },
    ),
    after(
        "manifest-now-and-then-500",
        &["manifest-get-status"],
        "Every fourth time, a manifest is answered with 500.",
        |s, c, a| {
            if got_manifest(c, a) && s.next() % 4 == 0 {
                *a = ApiResponse::new(500);
            }
        },
    ),
    response(
        "tag-of-digit-not-found-by-head",
        &["manifest-head-status"],
        "A tag that starts with 0 cannot be looked for.",
        |c, a| {
            let digit = matches!(&c.endpoint, Endpoint::Manifest(_, tag) if tag.starts_with('0'));
            if digit && head_manifest(c, a) {
                *a = ApiResponse::new(404);
            }
        },
    ),
    response(
        "upload-open-ftp",
        &["upload-open-location"],
        "An upload session is to be had by FTP.",
        |c, a| {
            if opened(c, a) {
                a.set("Location", "ftp://registry.example/uploads/1");
            }
        },
    ),
    response(
        "blob-put-location-digest",
        &["blob-put-location"],
        "The Location of a blob is its digest alone.",
        |c, a| {
            if closed(c, a, false)
                && let Some(digest) = c.query("digest")
            {
                a.set("Location", digest);
            }
        },
    ),
    response(
        "manifest-put-location-empty",
        &["manifest-put-location"],
        "The Location of a manifest is empty.",
        |c, a| {
            if put_manifest(c, a) {
                a.set("Location", "");
            }
        },
    ),
    response(
        "subject-put-other-digest",
        &["manifest-put-digest"],
        "A manifest with a subject is answered with the digest of another.",
        |c, a| {
            if put_manifest(c, a) && a.header("oci-subject").is_some() {
                a.set("Docker-Content-Digest", WRONG);
            }
        },
    ),
    response(
        "subject-put-lost-location",
        &["manifest-put-location-pullable"],
        "The Location of a manifest with a subject leads nowhere.",
        |c, a| {
            if put_manifest(c, a) && a.header("oci-subject").is_some() {
                a.set("Location", "/v2/nowhere/manifests/nothing");
            }
        },
    ),
    request(
        "manifest-html-escaped",
        &["manifest-put-bytes"],
        "A manifest is stored with < as its escape.",
        |c| {
            if c.is("PUT") && matches!(c.endpoint, Endpoint::Manifest(..)) {
                let text = String::from_utf8_lossy(&c.body).replace('<', "\\u003c");
                c.body = text.into();
            }
        },
    ),
    before(
        "chunk-fifth-refused",
        &["chunk-status"],
        "A fifth chunk is refused.",
        |s, c| {
            let (Endpoint::Upload(_, id), true) = (&c.endpoint, c.is("PATCH")) else {
                return None;
            };
            let seen = s
                .tombstones
                .entry((id.clone(), "chunks".to_owned()))
                .or_default();
            *seen = [&seen[..], b"."].concat().into();
            let many = seen.len() > 4;
            many.then(|| ApiResponse::error(413, "SIZE_INVALID", "there are too many chunks"))
        },
    ),
    response(
        "stream-201",
        &["chunk-status"],
        "A chunk without a Content-Range is answered with 201.",
        |c, a| {
            if on_upload(c, a, "PATCH", 202) && c.header("content-range").is_none() {
                a.status = 201;
            }
        },
    ),
    response(
        "stream-range-one-off",
        &["chunk-range-end"],
        "The Range after a chunk without a Content-Range is one byte too long.",
        |c, a| {
            if on_upload(c, a, "PATCH", 202) && c.header("content-range").is_none() {
                a.set("Range", format!("0-{}", c.body.len()));
            }
        },
    ),
    request(
        "last-chunk-first-taken",
        &["chunked-put-order"],
        "In a closing PUT, the first chunk of an upload may start anywhere.",
        |c| {
            let upload = matches!(c.endpoint, Endpoint::Upload(..));
            if upload && c.is("PUT") && second(c) {
                c.headers.retain(|(name, _)| name != "content-range");
            }
        },
    ),
    after(
        "single-post-second-repository-lost",
        &["single-post-location-pullable"],
        "A blob of a single POST to the second repository is lost.",
        |s, c, a| {
            let posted = matches!(c.endpoint, Endpoint::Uploads(_)) && a.status == 201;
            if let (true, Some(digest)) = (posted && second(c), c.query("digest")) {
                let repository = c
                    .endpoint
                    .repository()
                    .and_then(|name| s.repositories.get_mut(name));
                repository.map(|repository| repository.blobs.remove(digest));
            }
        },
    ),
    before(
        "mount-of-deleted",
        &["mount-served"],
        "The mount of a blob that is nowhere is answered with 201.",
        |s, c| {
            let digest = c.query("mount")?;
            let mounts = matches!(c.endpoint, Endpoint::Uploads(_)) && c.is("POST");
            let missing_repository =
                mounts && s.blob_anywhere(digest).is_none() && digest != "sha256:nonsense";
            let place = format!("/v2/{}/blobs/{digest}", c.endpoint.repository()?);
            missing_repository.then(|| ApiResponse::new(201).with("Location", place))
        },
    ),
    response(
        "tags-of-64-characters",
        &["tags-complete"],
        "Tags of more than 64 characters are not listed.",
        |c, a| {
            if got_tags(c, a) {
                edit_list(a, "/tags", |tags| {
                    tags.retain(|tag| tag.as_str().is_none_or(|tag| tag.len() <= 64));
                });
            }
        },
    ),
    after(
        "tags-moved-unlisted",
        &["tags-complete"],
        "A tag that was pushed again is not listed.",
        |s, c, a| {
            if let (true, Some(name)) = (got_tags(c, a), c.endpoint.repository())
                && let Some(repository) = s.repositories.get(name)
            {
                let moved = |tag: &str| {
                    let tag = repository.tags.get(tag);
                    tag.is_some_and(|tag| tag.before.is_some())
                };
                edit_list(a, "/tags", |tags| {
                    tags.retain(|tag| !tag.as_str().is_some_and(moved));
                });
            }
        },
    ),
    before(
        "tags-refused-listed",
        &["tags-only"],
        "A tag is listed whose manifest was refused.",
        |s, c| {
            if let (Endpoint::Manifest(name, tag), true) = (&c.endpoint, &c.body[..] == b"nonsense")
            {
                let repository = s.repositories.get_mut(name)?;
                lead_nowhere(repository, tag);
            }
            None
        },
    ),
    response(
        "referrers-sha512-filter-silent",
        &["referrers-filter-header"],
        "Referrers of a sha512 digest are filtered, and nobody is told.",
        |c, a| {
            let sha512 = matches!(&c.endpoint, Endpoint::Referrers(_, digest) if digest.starts_with("sha512"));
            if sha512 && got_referrers(c, a) {
                a.remove("oci-filters-applied");
            }
        },
    ),
];
