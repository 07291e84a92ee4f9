//! Legal deviations of answers: in how they are sent, in what lists look like, in what may be left out or added.

use super::{Variant, legal};
use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;
use crate::registry::faults::Deviation;
use crate::registry::grammar::digest_like;
use crate::registry::options::Options;

pub const VARIANTS: &[Variant] = &[
    legal(
        "manifests-elsewhere",
        "Manifests are served by a redirect to another host.",
        |o| {
            answers(o, |c, a| {
                elsewhere(c, a, |e| matches!(e, Endpoint::Manifest(..)))
            });
        },
    ),
    legal(
        "blobs-on-another-host",
        "Blobs are served by a redirect to another host.",
        |o| {
            answers(o, |c, a| {
                elsewhere(c, a, |e| matches!(e, Endpoint::Blob(..)))
            });
        },
    ),
    legal(
        "lists-elsewhere",
        "Tags and referrers are listed by a redirect to another host.",
        |o| {
            answers(o, |c, a| {
                elsewhere(c, a, |e| {
                    matches!(e, Endpoint::Tags(_) | Endpoint::Referrers(..))
                })
            });
        },
    ),
    legal(
        "links-unquoted",
        "The relation of a Link has no quotes.",
        |o| {
            o.tags_page = 3;
            o.referrers_page = 1;
            answers(o, |c, a| {
                relink(c, a, |link| link.replace("rel=\"next\"", "rel=next"))
            });
        },
    ),
    legal("links-several", "A Link header has other links too.", |o| {
        o.tags_page = 3;
        o.referrers_page = 1;
        answers(o, |c, a| {
            relink(c, a, |link| {
                format!("</v2/>; rel=\"start\"; title=\"a, b; c\", {link}; title=\"more\"")
            })
        });
    }),
    legal(
        "links-capitals",
        "The parameter of a Link is written in capitals, with blanks around.",
        |o| {
            o.tags_page = 3;
            o.referrers_page = 1;
            answers(o, |c, a| {
                relink(c, a, |link| {
                    link.replace(";", "  ;  ").replace("rel=", "REL=")
                })
            });
        },
    ),
    legal("links-two-relations", "A link has two relations.", |o| {
        o.tags_page = 3;
        o.referrers_page = 1;
        answers(o, |c, a| {
            relink(c, a, |link| link.replace("\"next\"", "\"item next\""))
        });
    }),
    legal(
        "links-to-help",
        "Every answer has a Link to something else.",
        |o| {
            answers(o, |_, a| {
                a.headers.push((
                    "Link".to_owned(),
                    "<https://registry.example.org/help>; rel=\"help\"".to_owned(),
                ))
            });
        },
    ),
    legal(
        "links-opaque",
        "A Link has a token that means nothing to clients.",
        |o| {
            o.tags_page = 3;
            o.referrers_page = 1;
            calls(o, |c| {
                let token = c.query("token").and_then(|token| hex::decode(token).ok());
                if let Some(token) = token {
                    c.query = url::form_urlencoded::parse(&token).into_owned().collect();
                }
            });
            answers(o, |c, a| {
                relink(c, a, |link| {
                    let inside = link.split(['<', '>']).nth(1).unwrap_or_default();
                    let (path, query) = inside.split_once('?').unwrap_or((inside, ""));
                    format!("<{path}?token={}>; rel=\"next\"", hex::encode(query))
                })
            });
        },
    ),
    legal(
        "tags-without-links",
        "A list of so many tags has no Link.",
        |o| {
            answers(o, |c, a| {
                if matches!(c.endpoint, Endpoint::Tags(_)) {
                    a.remove("link");
                }
            });
        },
    ),
    legal(
        "tags-empty-last-page",
        "A full page of tags has a Link, to an empty page if need be.",
        |o| {
            answers(o, |c, a| {
                let body: serde_json::Value = serde_json::from_slice(&a.body).unwrap_or_default();
                let tags = body.get("tags").and_then(serde_json::Value::as_array);
                let tags = tags.cloned().unwrap_or_default();
                let full = c.query("n").and_then(|n| n.parse().ok()) == Some(tags.len());
                let last = tags.last().and_then(|tag| tag.as_str());
                if let Some(last) = last.filter(|_| full && a.header("link").is_none()) {
                    let next = format!("<{}?n={}&last={last}>; rel=\"next\"", c.path, tags.len());
                    a.set("Link", next);
                }
            });
        },
    ),
    legal("tags-null", "A list of no tags is null.", |o| {
        o.unknown_tags_404 = false;
        answers(o, |c, a| {
            relist(c, a, |body| body.replace("\"tags\":[]", "\"tags\":null"))
        });
    }),
    legal(
        "lists-with-more",
        "Lists have fields of the registry's own.",
        |o| {
            answers(o, |c, a| {
                relist(c, a, |body| {
                    match body.starts_with("{\"name\"") || body.starts_with("{\"manifests\"") {
                        true => body.replacen('{', "{\"total\":1,\"x\":{},", 1),
                        false => body,
                    }
                })
            });
        },
    ),
    legal("no-tag-listing", "Tags are not listed.", |o| {
        answers(o, |c, a| {
            if matches!(c.endpoint, Endpoint::Tags(_)) {
                *a = ApiResponse::error(405, "UNSUPPORTED", "tags are not listed here");
            }
        });
    }),
    legal("errors-plain", "Errors are a number in plain text.", |o| {
        answers(o, |c, a| {
            on_error(c, a, |a| {
                a.set("Content-Type", "text/plain");
                a.body = "404".into();
            })
        });
    }),
    legal("errors-xml", "Errors are XML.", |o| {
        answers(o, |c, a| {
            on_error(c, a, |a| {
                a.set("Content-Type", "application/xml");
                a.body = "<?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code></Error>".into();
            })
        });
    }),
    legal(
        "errors-with-more",
        "Errors have fields of the registry's own, and come in twos.",
        |o| {
            answers(o, |c, a| {
                on_error(c, a, |a| {
                    let text = String::from_utf8_lossy(&a.body)
                        .replace("\"code\"", "\"trace\":\"x\",\"code\"");
                    let text = text.replace(
                        "]}",
                        ",{\"code\":\"UNSUPPORTED\",\"detail\":{\"a\":[1,null]}}],\"id\":7}",
                    );
                    a.set("Content-Type", "application/json; charset=utf-8");
                    a.body = text.into();
                })
            });
        },
    ),
    legal(
        "errors-codes-alone",
        "Errors have nothing but their codes.",
        |o| {
            answers(o, |c, a| {
                on_error(c, a, |a| {
                    let body: serde_json::Value =
                        serde_json::from_slice(&a.body).unwrap_or_default();
                    let code = body.pointer("/errors/0/code").cloned();
                    a.body = serde_json::json!({"errors": [{"code": code}]})
                        .to_string()
                        .into();
                })
            });
        },
    ),
    legal(
        "errors-legacy",
        "Errors have codes of Docker's protocol.",
        |o| {
            answers(o, |c, a| {
                on_error(c, a, |a| {
                    if String::from_utf8_lossy(&a.body).contains("MANIFEST_INVALID") {
                        a.body = "{\"errors\":[{\"code\":\"TAG_INVALID\",\"message\":\"\"},{\"code\":\"MANIFEST_UNVERIFIED\"}]}".into();
                    }
                })
            });
        },
    ),
    legal(
        "digests-by-sha512",
        "Content is served with its sha512 digest, whatever was asked for.",
        |o| {
            answers(o, |c, a| {
                let content = matches!(c.endpoint, Endpoint::Manifest(..) | Endpoint::Blob(..));
                if content && a.status == 200 && (c.is("GET") || c.is("HEAD")) {
                    a.set(
                        "Docker-Content-Digest",
                        digest_like("sha512:", &a.body).unwrap_or_default(),
                    );
                }
            });
        },
    ),
    legal(
        "ranges-malformed-416",
        "A range that means nothing is refused.",
        |o| {
            answers(o, |c, a| {
                if c.header("range").is_some() && a.status == 200 {
                    *a = ApiResponse::error(416, "UNSUPPORTED", "no such range");
                }
            });
        },
    ),
    legal(
        "ranges-of-unsaid-length",
        "A part of a blob does not say how long the whole is.",
        |o| {
            answers(o, |_, a| {
                if a.status == 206 {
                    let said = a.header("content-range").unwrap_or_default();
                    let said = said.split('/').next().unwrap_or_default().to_owned() + "/*";
                    a.set("Content-Range", said);
                }
            });
        },
    ),
    legal(
        "unavailable",
        "Every fortieth request is answered with 503.",
        |o| {
            o.too_many_every = 40;
            answers(o, |_, a| {
                if a.status == 429 {
                    a.status = 503;
                    a.set("Content-Type", "text/plain");
                    a.body = "busy".into();
                }
            });
        },
    ),
    legal(
        "strangers-401",
        "Who asks for an unknown repository is asked to log in.",
        |o| {
            answers(o, |c, a| {
                let absent = c
                    .endpoint
                    .repository()
                    .is_some_and(|name| name.contains("absent"));
                let pulls = c.is("GET") || c.is("HEAD");
                if absent && pulls && a.status == 404 {
                    *a = ApiResponse::error(401, "UNAUTHORIZED", "who are you?")
                        .with("WWW-Authenticate", "Basic realm=\"r\"");
                }
            });
        },
    ),
    legal(
        "accept-heeded",
        "A manifest is not found by who does not accept its type.",
        |o| {
            answers(o, |c, a| {
                let kind = a.header("content-type").unwrap_or_default();
                let accepts = c
                    .header("accept")
                    .is_some_and(|accept| accept.contains(kind));
                if matches!(c.endpoint, Endpoint::Manifest(..)) && a.status == 200 && !accepts {
                    *a = ApiResponse::error(
                        404,
                        "MANIFEST_UNKNOWN",
                        "not of a type that you accept",
                    );
                }
            });
        },
    ),
    legal(
        "oci-types-alone",
        "Manifests of other types than OCI's are refused.",
        |o| {
            calls(o, |c| {
                let oci = c
                    .header("content-type")
                    .is_some_and(|kind| kind.contains("vnd.oci"));
                if c.is("PUT") && matches!(c.endpoint, Endpoint::Manifest(..)) && !oci {
                    c.endpoint = Endpoint::Unknown;
                }
            });
        },
    ),
    legal("warnings", "Every answer has warnings.", |o| {
        answers(o, |_, a| {
            a.headers.push((
                "Warning".to_owned(),
                "299 - \"soon, \\\"really\\\" soon\"".to_owned(),
            ));
            a.headers
                .push(("Warning".to_owned(), "299 - \"a\", 299 - \"b\"".to_owned()));
        });
    }),
    legal(
        "headers-of-docker",
        "Every answer has headers of Docker's protocol, and cookies.",
        |o| {
            answers(o, |_, a| {
                a.set("Docker-Distribution-Api-Version", "registry/2.0");
                a.headers
                    .push(("Set-Cookie".to_owned(), "a=b; Path=/".to_owned()));
            });
        },
    ),
    legal(
        "answers-in-chunks",
        "Answers to GET come in chunked coding, without a length.",
        |o| {
            answers(o, |c, a| {
                if c.is("GET") && !a.body.is_empty() {
                    a.set("Transfer-Encoding", "chunked");
                }
            });
        },
    ),
    legal(
        "connections-closed",
        "Every connection is closed after its answer.",
        |o| {
            answers(o, |_, a| a.set("Connection", "close"));
        },
    ),
    legal(
        "headers-in-capitals",
        "The names of headers begin with capital letters.",
        |o| o.title_case = true,
    ),
    legal(
        "namespace-returned",
        "The ns parameter comes back in OCI-Namespace.",
        |o| {
            answers(o, |c, a| {
                if let Some(ns) = c.query("ns") {
                    a.set("OCI-Namespace", ns);
                }
            });
        },
    ),
    legal(
        "base-locked",
        "The base wants credentials, and nothing else does.",
        |o| {
            answers(o, |c, a| {
                if c.endpoint == Endpoint::Base {
                    *a = ApiResponse::error(401, "UNAUTHORIZED", "who are you?")
                        .with("WWW-Authenticate", "Basic realm=\"r\"");
                }
            });
        },
    ),
];

fn answers(options: &mut Options, change: fn(&ApiRequest, &mut ApiResponse)) {
    options.quirks.push(Deviation::ApiResponse(change));
}

fn calls(options: &mut Options, change: fn(&mut ApiRequest)) {
    options.quirks.push(Deviation::ApiRequest(change));
}

/// Changes the answers that are errors.
fn on_error(_: &ApiRequest, response: &mut ApiResponse, change: fn(&mut ApiResponse)) {
    if (400..500).contains(&response.status) {
        change(response);
    }
}

fn is_list(request: &ApiRequest) -> bool {
    matches!(
        request.endpoint,
        Endpoint::Tags(_) | Endpoint::Referrers(..)
    )
}

/// Changes the text of the lists of tags and referrers.
fn relist(request: &ApiRequest, response: &mut ApiResponse, change: fn(String) -> String) {
    if is_list(request) && response.status == 200 {
        response.body = change(String::from_utf8_lossy(&response.body).into_owned()).into();
    }
}

/// Changes their Link headers.
fn relink(request: &ApiRequest, response: &mut ApiResponse, change: fn(String) -> String) {
    if let Some(link) = response.header("link").filter(|_| is_list(request)) {
        let changed = change(link.to_owned());
        response.set("Link", changed);
    }
}

/// Redirects a read that succeeds to another name of this host, once.
fn elsewhere(request: &ApiRequest, response: &mut ApiResponse, which: fn(&Endpoint) -> bool) {
    let reads = request.is("GET") || request.is("HEAD");
    if !reads
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
