//! Faults of the `tag` parameters of a manifest push.

use crate::registry::fault::Fault;
use crate::registry::faults::edits::edit_list;
use crate::registry::faults::predicates::{
    got_tags, put_manifest, refused_manifest, second, tag_params,
};
use crate::registry::faults::rows::fault;
use crate::registry::faults::store_edits::{repository_of, store_refused};
use crate::registry::grammar::is_tag;
use crate::registry::response_edit::{ANY, PUT_MANIFEST};

pub const FAULTS: &[Fault] = &[
    fault("tag-params-200")
        .violates(&["tag-params-status"])
        .title("PUT with tag parameters returns 200 instead of 201.")
        .status(ANY.query("tag").status(201), 200),
    fault("tag-params-no-header")
        .violates(&["tag-params-header"])
        .title("PUT with tag parameters returns no OCI-Tag.")
        .without(ANY, "oci-tag"),
    fault("tag-params-in-words")
        .violates(&["tag-params-created"])
        .title("OCI-Tag names the tags and the registry does not create them.")
        .switch(|switches| switches.ignore_tag_params = true),
    fault("tag-params-few")
        .violates(&["tag-params-ten"])
        .title("PUT with more than four tag parameters returns 400.")
        .error(
            ANY.if_request(|request| {
                request.query.iter().filter(|(key, _)| key == "tag").count() > 4
            }),
            400,
            "UNSUPPORTED",
            "too many",
        ),
    fault("tag-params-second-repository-silent")
        .violates(&["tag-params-header"])
        .title("A push with tag parameters to the second repository returns no OCI-Tag.")
        .without(PUT_MANIFEST.if_request(second), "oci-tag"),
    fault("tag-params-invalid-named")
        .violates(&["tag-params-created"])
        .title("OCI-Tag names the invalid tags of the tag parameters too.")
        .response(|request, response| {
            if put_manifest(request, response) {
                let invalid = tag_params(request).filter(|tag| !is_tag(tag));
                let named = invalid.map(|tag| ("OCI-Tag".to_owned(), tag.to_owned()));
                response.headers.extend(named);
            }
        }),
    fault("tag-params-lowered")
        .violates(&["tag-params-created"])
        .title("OCI-Tag has the tags in lower case.")
        .response(|request, response| {
            if put_manifest(request, response)
                && let Some(tag) = response.header("oci-tag").map(str::to_ascii_lowercase)
            {
                response.set("OCI-Tag", tag);
            }
        }),
    fault("tag-params-first-only")
        .violates(&["tag-params-created"])
        .title("OCI-Tag names all tags and the registry creates only the first.")
        .after(|store, request, response| {
            let named: Vec<String> = tag_params(request).skip(1).map(str::to_owned).collect();
            if put_manifest(request, response)
                && let Some(repository) = repository_of(store, request)
            {
                repository.tags.retain(|tag, _| !named.contains(tag));
            }
        }),
    fault("tag-params-first-named")
        .violates(&["tag-params-header"])
        .title("The registry creates all tags and OCI-Tag names only the first.")
        .response(|request, response| {
            if let Some(first) = tag_params(request).next()
                && response.header("oci-tag").is_some()
            {
                response.set("OCI-Tag", first);
            }
        }),
    fault("tag-params-another-named")
        .violates(&["tag-params-created"])
        .title("OCI-Tag names a tag that was not requested.")
        .response(|_, response| {
            if response.header("oci-tag").is_some() {
                let name = "OCI-Tag".to_owned();
                response.headers.push((name, "latest".to_owned()));
            }
        }),
    fault("tag-params-refused-made")
        .violates(&["tag-params-header"])
        .title("A refused push creates the tags of its tag parameters.")
        .after(|store, request, response| {
            if refused_manifest(request, response) && tag_params(request).next().is_some() {
                store_refused(store, request);
            }
        }),
    fault("tag-params-unlisted")
        .violates(&["tag-params-created"])
        .title("The tags list omits tags from tag parameters.")
        .response(|request, response| {
            if got_tags(request, response) {
                edit_list(response, "/tags", |tags| {
                    tags.retain(|tag| !tag.as_str().unwrap_or_default().ends_with("-listed"));
                });
            }
        }),
];
