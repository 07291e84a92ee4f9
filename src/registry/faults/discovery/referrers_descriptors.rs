//! Faults of the descriptors in the referrers list.

use serde_json::{Map, Value, json};

use crate::registry::fault::Fault;
use crate::registry::faults::edits::{drop_key, each_referrer, edit_annotations};
use crate::registry::faults::predicates::got_referrers;
use crate::registry::faults::rows::response;

pub const FAULTS: &[Fault] = &[
    response(
        "referrers-wrong-size",
        &["referrers-descriptor"],
        "The sizes in the referrers list are one byte too high.",
        |request, response| {
            each_referrer(request, response, |descriptor| {
                descriptor["size"] = json!(descriptor["size"].as_u64().unwrap_or_default() + 1)
            });
        },
    ),
    response(
        "referrers-no-type",
        &["referrers-artifact-type"],
        "The referrers list omits artifactType.",
        |request, response| {
            each_referrer(request, response, |descriptor| {
                drop_key(descriptor, "artifactType")
            });
        },
    ),
    response(
        "referrers-index-no-type",
        &["referrers-index-artifact-type"],
        "The referrers list omits the artifactType of indexes.",
        |request, response| {
            each_referrer(request, response, |descriptor| {
                if descriptor["mediaType"].to_string().contains("index") {
                    drop_key(descriptor, "artifactType");
                }
            });
        },
    ),
    response(
        "referrers-no-config-type",
        &["referrers-artifact-type-config"],
        "The referrers list omits an artifactType that comes from a config's media type.",
        |request, response| {
            each_referrer(request, response, |descriptor| {
                if descriptor["artifactType"].to_string().contains("config") {
                    drop_key(descriptor, "artifactType");
                }
            });
        },
    ),
    response(
        "referrers-invented-type",
        &["referrers-artifact-type-omitted"],
        "The referrers list has an artifactType for an index that has none.",
        |request, response| {
            each_referrer(request, response, |descriptor| {
                if descriptor.get("artifactType").is_none() {
                    descriptor["artifactType"] = json!("application/vnd.oci.unknown");
                }
            });
        },
    ),
    response(
        "referrers-no-annotations",
        &["referrers-annotations"],
        "The referrers list omits annotations.",
        |request, response| {
            each_referrer(request, response, |descriptor| {
                drop_key(descriptor, "annotations")
            });
        },
    ),
    response(
        "referrers-index-no-annotations",
        &["referrers-index-annotations"],
        "The referrers list omits the annotations of indexes.",
        |request, response| {
            each_referrer(request, response, |descriptor| {
                if descriptor["mediaType"].to_string().contains("index") {
                    drop_key(descriptor, "annotations");
                }
            });
        },
    ),
    response(
        "referrers-type-lowered",
        &["referrers-artifact-type"],
        "The referrers list has artifactType in lower case.",
        |request, response| {
            if got_referrers(request, response) {
                let text = String::from_utf8_lossy(&response.body);
                response.body = text.replace("Example.CAPITALS", "example.capitals").into();
            }
        },
    ),
    response(
        "referrers-annotations-cut",
        &["referrers-annotations"],
        "The referrers list cuts annotations after 1024 characters.",
        |request, response| {
            edit_annotations(request, response, |text| text.chars().take(1024).collect())
        },
    ),
    response(
        "referrers-annotations-bmp",
        &["referrers-annotations"],
        "The referrers list has U+FFFD for the characters of annotations beyond U+FFFF.",
        |request, response| {
            edit_annotations(request, response, |text| {
                text.replace(|one: char| one > '\u{ffff}', "\u{fffd}")
            })
        },
    ),
    response(
        "referrers-annotations-short-keys",
        &["referrers-annotations"],
        "The referrers list omits annotations with a key of more than 63 characters.",
        |request, response| {
            each_referrer(request, response, |descriptor| {
                if let Some(Value::Object(all)) = descriptor.get_mut("annotations") {
                    all.retain(|key, _| key.len() <= 63);
                }
            });
        },
    ),
    response(
        "referrers-annotations-escaped",
        &["referrers-annotations"],
        "The referrers list has < and & of annotations as HTML entities.",
        |request, response| {
            edit_annotations(request, response, |text| {
                text.replace('&', "&amp;").replace('<', "&lt;")
            })
        },
    ),
    response(
        "referrers-annotations-trimmed",
        &["referrers-annotations"],
        "The referrers list removes white space around annotations.",
        |request, response| edit_annotations(request, response, |text| text.trim().to_owned()),
    ),
    response(
        "referrers-size-text",
        &["referrers-descriptor"],
        "The sizes in the referrers list are strings.",
        |request, response| {
            each_referrer(request, response, |descriptor| {
                descriptor["size"] = json!(descriptor["size"].to_string())
            });
        },
    ),
    response(
        "referrers-no-size",
        &["referrers-descriptor"],
        "The referrers list omits sizes.",
        |request, response| {
            each_referrer(request, response, |descriptor| drop_key(descriptor, "size"));
        },
    ),
    response(
        "referrers-index-as-image",
        &["referrers-descriptor"],
        "The referrers list has every manifest with the mediaType of an image manifest.",
        |request, response| {
            each_referrer(request, response, |descriptor| {
                descriptor["mediaType"] = json!("application/vnd.oci.image.manifest.v1+json")
            });
        },
    ),
    response(
        "referrers-artifact-media-type",
        &["referrers-descriptor"],
        "The referrers list has the artifactType of a manifest as its mediaType.",
        |request, response| {
            each_referrer(request, response, |descriptor| {
                if let Some(kind) = descriptor.get("artifactType").cloned() {
                    descriptor["mediaType"] = kind;
                }
            });
        },
    ),
    response(
        "referrers-empty-type",
        &["referrers-artifact-type-omitted"],
        "The referrers list has an empty artifactType for an index that has none.",
        |request, response| {
            each_referrer(request, response, |descriptor| {
                if descriptor.get("artifactType").is_none() {
                    descriptor["artifactType"] = json!("");
                }
            });
        },
    ),
    response(
        "referrers-config-first",
        &["referrers-artifact-type"],
        "The referrers list prefers the media type of a config to the artifactType.",
        |request, response| {
            each_referrer(request, response, |descriptor| {
                if descriptor["artifactType"].to_string().contains("first") {
                    descriptor["artifactType"] = json!("application/vnd.oci.image.config.v1+json");
                }
            });
        },
    ),
    response(
        "referrers-annotations-small",
        &["referrers-annotations"],
        "The referrers list has the keys of annotations in lower case.",
        |request, response| {
            each_referrer(request, response, |descriptor| {
                if let Some(map) = descriptor["annotations"].as_object() {
                    let small: Map<String, Value> = map
                        .iter()
                        .map(|(key, value)| (key.to_lowercase(), value.clone()))
                        .collect();
                    descriptor["annotations"] = Value::Object(small);
                }
            });
        },
    ),
    response(
        "referrers-annotations-ascii",
        &["referrers-annotations"],
        "The referrers list drops characters outside ASCII from annotations.",
        |request, response| {
            each_referrer(request, response, |descriptor| {
                for value in descriptor["annotations"]
                    .as_object_mut()
                    .into_iter()
                    .flat_map(|map| map.values_mut())
                {
                    let plain: String = value
                        .as_str()
                        .unwrap_or_default()
                        .chars()
                        .filter(char::is_ascii)
                        .collect();
                    *value = json!(plain);
                }
            });
        },
    ),
    response(
        "referrers-annotations-oci",
        &["referrers-annotations"],
        "The referrers list has only annotations whose keys start with org.opencontainers.",
        |request, response| {
            each_referrer(request, response, |descriptor| {
                if let Some(map) = descriptor["annotations"].as_object_mut() {
                    map.retain(|key, _| key.starts_with("org.opencontainers"));
                }
            });
        },
    ),
    response(
        "referrers-filter-no-annotations",
        &["referrers-annotations"],
        "The filtered referrers list omits annotations.",
        |request, response| {
            if request.query("artifactType").is_some() {
                each_referrer(request, response, |descriptor| {
                    drop_key(descriptor, "annotations")
                });
            }
        },
    ),
    response(
        "referrers-annotations-sixteen",
        &["referrers-annotations"],
        "The referrers list has at most sixteen annotations of each manifest.",
        |request, response| {
            each_referrer(request, response, |descriptor| {
                if let Some(map) = descriptor["annotations"].as_object_mut() {
                    let mut kept = 0;
                    map.retain(|_, _| {
                        kept += 1;
                        kept <= 16
                    });
                }
            });
        },
    ),
];
