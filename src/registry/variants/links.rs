//! Variants of redirects and `Link` headers.

use super::variant::{Variant, permitted, permitted_until};
use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;
use crate::registry::quirks::{on_request, on_response};

pub const VARIANTS: &[Variant] = &[
    permitted(
        "manifests-elsewhere",
        "Manifest requests are redirected to another host.",
        |options| {
            on_response(options, |request, response| {
                redirect_to_other_host(request, response, |endpoint| {
                    matches!(endpoint, Endpoint::Manifest(..))
                })
            });
        },
    ),
    permitted(
        "blobs-on-another-host",
        "Blob requests are redirected to another host.",
        |options| {
            on_response(options, |request, response| {
                redirect_to_other_host(request, response, |endpoint| {
                    matches!(endpoint, Endpoint::Blob(..))
                })
            });
        },
    ),
    permitted(
        "storage-on-another-host",
        "Blob requests and upload sessions lead to another host, whose errors are JSON of another form.",
        |options| {
            on_response(options, |request, response| {
                if request.origin.contains("localhost") {
                    give_storage_error(response);
                } else {
                    lead_to_storage(request, response);
                }
            });
        },
    ),
    permitted(
        "lists-elsewhere",
        "Requests for tags and referrers are redirected to another host.",
        |options| {
            on_response(options, |request, response| {
                redirect_to_other_host(request, response, |endpoint| {
                    matches!(endpoint, Endpoint::Tags(_) | Endpoint::Referrers(..))
                })
            });
        },
    ),
    permitted(
        "links-unquoted",
        "The relation of a `Link` has no quotes.",
        |options| {
            options.tags_page = 3;
            options.referrers_page = 1;
            on_response(options, |request, response| {
                edit_link(request, response, |link| {
                    link.replace("rel=\"next\"", "rel=next")
                })
            });
        },
    ),
    permitted_until(
        "1.0",
        "links-dead",
        "A `Link` of a tag list leads to a host that does not exist; version 1.0 pages with `last` alone.",
        |options| {
            options.tags_page = 3;
            on_response(options, |request, response| {
                edit_link(request, response, |link| {
                    link.replacen("</", "<http://registry.invalid/", 1)
                })
            });
        },
    ),
    permitted(
        "links-several",
        "A `Link` header has other links too.",
        |options| {
            options.tags_page = 3;
            options.referrers_page = 1;
            on_response(options, |request, response| {
                edit_link(request, response, |link| {
                    format!("</v2/>; rel=\"start\"; title=\"a, b; c\", {link}; title=\"more\"")
                })
            });
        },
    ),
    permitted(
        "links-capitals",
        "The parameter of a `Link` is in capital letters, with spaces around it.",
        |options| {
            options.tags_page = 3;
            options.referrers_page = 1;
            on_response(options, |request, response| {
                edit_link(request, response, |link| {
                    link.replace(";", "  ;  ").replace("rel=", "REL=")
                })
            });
        },
    ),
    permitted(
        "links-two-relations",
        "A `Link` has two relations.",
        |options| {
            options.tags_page = 3;
            options.referrers_page = 1;
            on_response(options, |request, response| {
                edit_link(request, response, |link| {
                    link.replace("\"next\"", "\"item next\"")
                })
            });
        },
    ),
    permitted(
        "links-to-help",
        "Every response has a `Link` of another relation.",
        |options| {
            on_response(options, |_, response| {
                response.headers.push((
                    "Link".to_owned(),
                    "<https://registry.example.org/help>; rel=\"help\"".to_owned(),
                ))
            });
        },
    ),
    permitted(
        "links-opaque",
        "A `Link` has an opaque token in place of `n` and `last`.",
        |options| {
            options.tags_page = 3;
            options.referrers_page = 1;
            on_request(options, |request| {
                let token = request
                    .query("token")
                    .and_then(|token| hex::decode(token).ok());
                if let Some(token) = token {
                    request.query = url::form_urlencoded::parse(&token).into_owned().collect();
                }
            });
            on_response(options, |request, response| {
                edit_link(request, response, |link| {
                    let inside = link.split(['<', '>']).nth(1).unwrap_or_default();
                    let (path, query) = inside.split_once('?').unwrap_or((inside, ""));
                    format!("<{path}?token={}>; rel=\"next\"", hex::encode(query))
                })
            });
        },
    ),
    permitted(
        "links-of-query",
        "A `Link` is a query alone, relative to the request.",
        |options| {
            options.tags_page = 3;
            options.referrers_page = 1;
            on_response(options, |request, response| {
                edit_link(request, response, |link| {
                    let query = link.split_once('?').map_or("", |(_, query)| query);
                    format!("<?{query}")
                })
            });
        },
    ),
    permitted(
        "links-with-titles",
        "A `Link` has a title with a comma and another relation in it, and follows other `Link` headers.",
        |options| {
            options.tags_page = 3;
            options.referrers_page = 1;
            on_response(options, |request, response| {
                edit_link(request, response, |link| {
                    link.replace("; rel", "; title=\"a, b; rel=\\\"prev\\\" <x>\"; rel")
                });
                let other = ("Link".to_owned(), "</v2/>; rel=\"first\"".to_owned());
                response.headers.insert(0, other);
            });
        },
    ),
    permitted(
        "links-anchored-elsewhere",
        "A `Link` header also names the next page of another resource, by `anchor`.",
        |options| {
            options.tags_page = 3;
            options.referrers_page = 1;
            on_response(options, |request, response| {
                edit_link(request, response, |link| {
                    format!("</v2/>; rel=\"next\"; anchor=\"/v2/_catalog\", {link}")
                })
            });
        },
    ),
];

/// Changes the `Link` of a list of tags or referrers.
fn edit_link(request: &ApiRequest, response: &mut ApiResponse, change: fn(String) -> String) {
    if let Some(link) = response
        .header("link")
        .filter(|_| request.endpoint.is_list())
    {
        let changed = change(link.to_owned());
        response.set("Link", changed);
    }
}

/// Redirects a read of a blob, whatever its status, to the host name `localhost`, where upload sessions are, too.
fn lead_to_storage(request: &ApiRequest, response: &mut ApiResponse) {
    let storage = request.origin.replace("127.0.0.1", "localhost");
    match request.endpoint {
        Endpoint::Blob(..) if request.reads() && response.status != 400 => {
            *response =
                ApiResponse::new(307).with("Location", format!("{storage}{}", request.path));
        }
        Endpoint::Uploads(_) if response.status == 202 => {
            let path = response.header("location").unwrap_or_default();
            let location = format!("{storage}{path}");
            response.set("Location", location);
        }
        _ => {}
    }
}

/// Gives a refusal the body of a storage.
fn give_storage_error(response: &mut ApiResponse) {
    if (400..500).contains(&response.status) {
        response.set("Content-Type", "application/json");
        response.body = r#"{"error":{"code":4,"message":"no"}}"#.into();
    }
}

/// Redirects a successful GET or HEAD to the host name `localhost`; the redirected request has `here=1` and is served.
fn redirect_to_other_host(
    request: &ApiRequest,
    response: &mut ApiResponse,
    which: fn(&Endpoint) -> bool,
) {
    if !request.reads()
        || !response.succeeds()
        || !which(&request.endpoint)
        || request.query("here").is_some()
    {
        return;
    }
    let host = request.origin.replace("127.0.0.1", "localhost");
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(&request.query).append_pair("here", "1");
    let location = format!("{host}{}?{}", request.path, query.finish());
    *response = ApiResponse::new(307).with("Location", location);
}
