//! Faults in what stands beside the specification: Docker's API, and the discovery of extensions.

use serde_json::json;

use super::*;

/// Whether a call listed repositories.
fn got_catalog(request: &ApiRequest, response: &ApiResponse) -> bool {
    response.status == 200 && request.endpoint == Endpoint::Catalog
}

/// Whether a call asked for extensions and got them.
fn got_extensions(request: &ApiRequest, response: &ApiResponse) -> bool {
    response.status == 200 && matches!(request.endpoint, Endpoint::Extensions(_))
}

/// Whether a call has to do with a manifest of Docker's own media types: a list, or an image.
fn of_docker(request: &ApiRequest, response: &ApiResponse, list: bool) -> bool {
    let wanted = if list {
        "docker.distribution.manifest.list.v2"
    } else {
        "docker.distribution.manifest.v2"
    };
    let body = if request.is("PUT") {
        &request.body
    } else {
        &response.body
    };
    serde_json::from_slice::<Value>(body).is_ok_and(|manifest| {
        let media_type = manifest.get("mediaType").and_then(Value::as_str);
        media_type.is_some_and(|name| name.contains(wanted))
    })
}

pub const FAULTS: &[Fault] = &[
    response(
        "docker-version-1",
        &["docker-api-version"],
        "The base names version 1 of the API.",
        |c, a| {
            if c.endpoint == Endpoint::Base {
                a.set("Docker-Distribution-Api-Version", "registry/1.0");
            }
        },
    ),
    response(
        "docker-catalog-203",
        &["docker-catalog-status"],
        "The catalog is answered with 203.",
        |c, a| {
            if got_catalog(c, a) {
                a.status = 203;
            }
        },
    ),
    response(
        "docker-catalog-bare",
        &["docker-catalog-json"],
        "The catalog is a bare list.",
        |c, a| {
            if got_catalog(c, a) {
                edit(a, |v| {
                    *v = v.pointer("/repositories").cloned().unwrap_or_default()
                });
            }
        },
    ),
    response(
        "docker-catalog-text",
        &["docker-catalog-content-type"],
        "The catalog is plain text.",
        |c, a| {
            if got_catalog(c, a) {
                a.set("Content-Type", "text/plain");
            }
        },
    ),
    request(
        "docker-catalog-n-ignored",
        &["docker-catalog-n"],
        "The catalog is always whole.",
        |c| {
            if c.endpoint == Endpoint::Catalog {
                c.query.retain(|(name, _)| name != "n");
            }
        },
    ),
    response(
        "docker-catalog-reversed",
        &["docker-catalog-order"],
        "The catalog is in reverse order.",
        |c, a| {
            if got_catalog(c, a) {
                edit_list(a, "/repositories", |list| list.reverse());
            }
        },
    ),
    request(
        "docker-catalog-loop",
        &["docker-catalog-link"],
        "Every page of the catalog is the first.",
        |c| {
            if c.endpoint == Endpoint::Catalog {
                c.query.retain(|(name, _)| name != "last");
            }
        },
    ),
    response(
        "docker-catalog-last-again",
        &["docker-catalog-last"],
        "The catalog after a repository begins with it.",
        |c, a| {
            if got_catalog(c, a)
                && let Some(last) = c.query("last")
            {
                let last = json!(last);
                edit_list(a, "/repositories", |list| list.insert(0, last));
            }
        },
    ),
    response(
        "docker-schema2-200",
        &["docker-schema2-accepted"],
        "A push of schema 2 is answered with 200.",
        |c, a| {
            if put_manifest(c, a) && of_docker(c, a, false) {
                a.status = 200;
            }
        },
    ),
    response(
        "docker-schema2-converted",
        &["docker-schema2-served"],
        "A manifest of schema 2 is served under the type of OCI.",
        |c, a| {
            if got_manifest(c, a) && of_docker(c, a, false) {
                a.set("Content-Type", "application/vnd.oci.image.manifest.v1+json");
            }
        },
    ),
    response(
        "docker-list-200",
        &["docker-manifest-list-accepted"],
        "A push of a manifest list is answered with 200.",
        |c, a| {
            if put_manifest(c, a) && of_docker(c, a, true) {
                a.status = 200;
            }
        },
    ),
    response(
        "docker-list-other-bytes",
        &["docker-manifest-list-served"],
        "A manifest list is served with a space more.",
        |c, a| {
            if got_manifest(c, a) && of_docker(c, a, true) {
                a.body = [&a.body[..], b" "].concat().into();
            }
        },
    ),
    response(
        "docker-no-uuid",
        &["docker-upload-uuid"],
        "An upload session does not name its id.",
        |c, a| {
            if opened(c, a) {
                a.remove("docker-upload-uuid");
            }
        },
    ),
    response(
        "docker-errors-text",
        &["docker-error-content-type"],
        "Errors are plain text.",
        |_, a| {
            if a.status >= 400 {
                a.set("Content-Type", "text/plain");
            }
        },
    ),
    response(
        "docker-errors-no-message",
        &["docker-error-body"],
        "Errors have no message.",
        |_, a| {
            if a.status >= 400 {
                edit_list(a, "/errors", |list| {
                    for error in list {
                        error.as_object_mut().map(|one| one.remove("message"));
                    }
                });
            }
        },
    ),
    response(
        "docker-errors-unlisted",
        &["docker-error-code"],
        "Errors have a code that no table names.",
        |_, a| {
            if a.status >= 400 {
                edit_list(a, "/errors", |list| {
                    for error in list {
                        error
                            .as_object_mut()
                            .map(|one| one.insert("code".to_owned(), json!("SOMETHING_ELSE")));
                    }
                });
            }
        },
    ),
    response(
        "extensions-203",
        &["extensions-status"],
        "Extensions are told with 203.",
        |c, a| {
            if got_extensions(c, a) {
                a.status = 203;
            }
        },
    ),
    response(
        "extensions-text",
        &["extensions-content-type"],
        "Extensions are told as plain text.",
        |c, a| {
            if got_extensions(c, a) {
                a.set("Content-Type", "text/plain");
            }
        },
    ),
    response(
        "extensions-bare",
        &["extensions-json"],
        "Extensions are a bare list.",
        |c, a| {
            if got_extensions(c, a) {
                edit(a, |v| {
                    *v = v.pointer("/extensions").cloned().unwrap_or_default()
                });
            }
        },
    ),
    response(
        "extensions-no-underscore",
        &["extensions-name"],
        "Extensions are named without their underscore.",
        |c, a| {
            if got_extensions(c, a) {
                edit_extensions(a, |one| one.insert("name".to_owned(), json!("oci")));
            }
        },
    ),
    response(
        "extensions-no-url",
        &["extensions-url"],
        "Extensions have no URL.",
        |c, a| {
            if got_extensions(c, a) {
                edit_extensions(a, |one| one.remove("url"));
            }
        },
    ),
    response(
        "extensions-no-endpoints",
        &["extensions-endpoints"],
        "Extensions do not list their endpoints.",
        |c, a| {
            if got_extensions(c, a) {
                edit_extensions(a, |one| one.remove("endpoints"));
            }
        },
    ),
    response(
        "extensions-repository-bare",
        &["extensions-repository"],
        "The extensions of a repository are an empty object.",
        |c, a| {
            if got_extensions(c, a) && c.endpoint.repository().is_some() {
                edit(a, |v| *v = json!({}));
            }
        },
    ),
];

/// Changes every extension that is told.
fn edit_extensions(
    response: &mut ApiResponse,
    change: impl Fn(&mut serde_json::Map<String, Value>) -> Option<Value>,
) {
    edit_list(response, "/extensions", |list| {
        for one in list.iter_mut().filter_map(Value::as_object_mut) {
            change(one);
        }
    });
}
