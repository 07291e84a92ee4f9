//! APIs outside of the specification: the catalog of Docker's API, and the discovery of extensions.

use serde_json::{Value, json};

use super::api_request::ApiRequest;
use super::api_response::ApiResponse;
use super::locations::url_for;
use super::options::Options;
use super::store::Store;

/// GET of the catalog (Docker Registry HTTP API V2, "Listing Repositories").
pub fn catalog(store: &Store, options: &Options, request: &ApiRequest) -> ApiResponse {
    let page_size = match request.query("n").map(str::parse::<usize>) {
        None => None,
        Some(Ok(n)) => Some(n),
        Some(Err(_)) => return ApiResponse::error(400, "UNSUPPORTED", "n must be a number"),
    };
    let last = request.query("last").unwrap_or_default();
    let mut names: Vec<&str> = store.repositories.keys().map(String::as_str).collect();
    names.retain(|name| *name > last);
    names.sort_unstable();
    let limit = page_size.unwrap_or(usize::MAX).min(options.tags_page);
    let more = names.len() > limit;
    names.truncate(limit);
    let response = ApiResponse::json(200, "application/json", &json!({ "repositories": names }));
    match names.last().filter(|_| more) {
        Some(last) => {
            let next = url_for(
                options,
                request,
                "/v2/_catalog",
                &format!("n={limit}&last={last}"),
            );
            response.with("Link", format!("<{next}>; rel=\"next\""))
        }
        None => response,
    }
}

/// GET of the supported extensions (the specification's extension `_oci`): `_oci` itself, and for the registry `_catalog`.
pub fn extensions(store: &Store, name: Option<&str>) -> ApiResponse {
    if name.is_some_and(|name| !store.repositories.contains_key(name)) {
        return ApiResponse::repository_unknown();
    }
    let mut extensions = vec![extension(
        "_oci",
        "https://github.com/opencontainers/distribution-spec/blob/main/extensions/_oci.md",
        "_oci/ext/discover",
    )];
    if name.is_none() {
        extensions.push(extension(
            "_catalog",
            "https://github.com/distribution/distribution/blob/v2.8.2/docs/spec/api.md",
            "_catalog",
        ));
    }
    ApiResponse::json(
        200,
        "application/json",
        &json!({ "extensions": extensions }),
    )
}

fn extension(name: &str, url: &str, endpoint: &str) -> Value {
    json!({ "name": name, "url": url, "endpoints": [endpoint] })
}
