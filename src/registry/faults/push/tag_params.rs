//! Faults of the `tag` parameters of a manifest push.

use crate::registry::fault::Fault;
use crate::registry::faults::edits::edit_list;
use crate::registry::faults::predicates::{
    got_tags, put_manifest, refused_manifest, second, tag_params,
};
use crate::registry::faults::rows::{after, error, response, status, switch, without};
use crate::registry::faults::store_edits::{repository_of, store_refused};
use crate::registry::grammar::is_tag;
use crate::registry::response_edit::{ANY, PUT_MANIFEST};

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    status("tag-params-200", &["tag-params-status"],
        "PUT with tag parameters returns 200 instead of 201.", ANY.query("tag").status(201), 200),
    without("tag-params-no-header", &["tag-params-header"],
        "PUT with tag parameters returns no OCI-Tag.", ANY, "oci-tag"),
    switch("tag-params-in-words", &["tag-params-created"],
        "OCI-Tag names the tags and the registry does not create them.",
        |switches| switches.ignore_tag_params = true),
    error("tag-params-few", &["tag-params-ten"],
        "PUT with more than four tag parameters returns 400.",
        ANY.if_request(|request| request.query.iter().filter(|(key, _)| key == "tag").count() > 4),
        400, "UNSUPPORTED", "too many"),
    without("tag-params-second-repository-silent", &["tag-params-header"],
        "A push with tag parameters to the second repository returns no OCI-Tag.",
        PUT_MANIFEST.if_request(second), "oci-tag"),
];

pub const FAULTS: &[Fault] = &[
    response(
        "tag-params-invalid-named",
        &["tag-params-created"],
        "OCI-Tag names the invalid tags of the tag parameters too.",
        |request, response| {
            if put_manifest(request, response) {
                let invalid = tag_params(request).filter(|tag| !is_tag(tag));
                let named = invalid.map(|tag| ("OCI-Tag".to_owned(), tag.to_owned()));
                response.headers.extend(named);
            }
        },
    ),
    response(
        "tag-params-lowered",
        &["tag-params-created"],
        "OCI-Tag has the tags in lower case.",
        |request, response| {
            if put_manifest(request, response)
                && let Some(tag) = response.header("oci-tag").map(str::to_ascii_lowercase)
            {
                response.set("OCI-Tag", tag);
            }
        },
    ),
    after(
        "tag-params-first-only",
        &["tag-params-created"],
        "OCI-Tag names all tags and the registry creates only the first.",
        |store, request, response| {
            let named: Vec<String> = tag_params(request).skip(1).map(str::to_owned).collect();
            if put_manifest(request, response)
                && let Some(repository) = repository_of(store, request)
            {
                repository.tags.retain(|tag, _| !named.contains(tag));
            }
        },
    ),
    response(
        "tag-params-first-named",
        &["tag-params-header"],
        "The registry creates all tags and OCI-Tag names only the first.",
        |request, response| {
            if let Some(first) = tag_params(request).next()
                && response.header("oci-tag").is_some()
            {
                response.set("OCI-Tag", first);
            }
        },
    ),
    response(
        "tag-params-another-named",
        &["tag-params-created"],
        "OCI-Tag names a tag that was not requested.",
        |_, response| {
            if response.header("oci-tag").is_some() {
                let name = "OCI-Tag".to_owned();
                response.headers.push((name, "latest".to_owned()));
            }
        },
    ),
    after(
        "tag-params-refused-made",
        &["tag-params-header"],
        "A refused push creates the tags of its tag parameters.",
        |store, request, response| {
            if refused_manifest(request, response) && tag_params(request).next().is_some() {
                store_refused(store, request);
            }
        },
    ),
    response(
        "tag-params-unlisted",
        &["tag-params-created"],
        "The tags list omits tags from tag parameters.",
        |request, response| {
            if got_tags(request, response) {
                edit_list(response, "/tags", |tags| {
                    tags.retain(|tag| !tag.as_str().unwrap_or_default().ends_with("-listed"));
                });
            }
        },
    ),
];
