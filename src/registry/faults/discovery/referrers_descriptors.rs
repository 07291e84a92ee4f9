//! Faults of the descriptors in the referrers list.

use serde_json::{Map, Value, json};

use crate::registry::fault::Fault;
use crate::registry::faults::edits::{drop_key, each_referrer, edit_annotations};
use crate::registry::faults::predicates::got_referrers;
use crate::registry::faults::rows::fault;

pub const FAULTS: &[Fault] = &[
    fault("referrers-wrong-size")
        .violates(&["referrers-descriptor"])
        .title("The sizes in the referrers list are one byte too high.")
        .response(|request, response| {
            each_referrer(request, response, |descriptor| {
                descriptor["size"] = json!(descriptor["size"].as_u64().unwrap_or_default() + 1)
            });
        }),
    fault("referrers-no-type")
        .violates(&["referrers-artifact-type"])
        .title("The referrers list omits artifactType.")
        .response(|request, response| {
            each_referrer(request, response, |descriptor| {
                drop_key(descriptor, "artifactType")
            });
        }),
    fault("referrers-index-no-type")
        .violates(&["referrers-index-artifact-type"])
        .title("The referrers list omits the artifactType of indexes.")
        .response(|request, response| {
            each_referrer(request, response, |descriptor| {
                if descriptor["mediaType"].to_string().contains("index") {
                    drop_key(descriptor, "artifactType");
                }
            });
        }),
    fault("referrers-no-config-type")
        .violates(&["referrers-artifact-type-config"])
        .title("The referrers list omits an artifactType that comes from a config's media type.")
        .response(|request, response| {
            each_referrer(request, response, |descriptor| {
                if descriptor["artifactType"].to_string().contains("config") {
                    drop_key(descriptor, "artifactType");
                }
            });
        }),
    fault("referrers-invented-type")
        .violates(&["referrers-artifact-type-omitted"])
        .title("The referrers list has an artifactType for an index that has none.")
        .response(|request, response| {
            each_referrer(request, response, |descriptor| {
                if descriptor.get("artifactType").is_none() {
                    descriptor["artifactType"] = json!("application/vnd.oci.unknown");
                }
            });
        }),
    fault("referrers-no-annotations")
        .violates(&["referrers-annotations"])
        .title("The referrers list omits annotations.")
        .response(|request, response| {
            each_referrer(request, response, |descriptor| {
                drop_key(descriptor, "annotations")
            });
        }),
    fault("referrers-index-no-annotations")
        .violates(&["referrers-index-annotations"])
        .title("The referrers list omits the annotations of indexes.")
        .response(|request, response| {
            each_referrer(request, response, |descriptor| {
                if descriptor["mediaType"].to_string().contains("index") {
                    drop_key(descriptor, "annotations");
                }
            });
        }),
    fault("referrers-type-lowered")
        .violates(&["referrers-artifact-type"])
        .title("The referrers list has artifactType in lower case.")
        .response(|request, response| {
            if got_referrers(request, response) {
                let text = String::from_utf8_lossy(&response.body);
                response.body = text.replace("Example.CAPITALS", "example.capitals").into();
            }
        }),
    fault("referrers-annotations-cut")
        .violates(&["referrers-annotations"])
        .title("The referrers list cuts annotations after 1024 characters.")
        .response(|request, response| {
            edit_annotations(request, response, |text| text.chars().take(1024).collect())
        }),
    fault("referrers-annotations-bmp")
        .violates(&["referrers-annotations"])
        .title("The referrers list has U+FFFD for the characters of annotations beyond U+FFFF.")
        .response(|request, response| {
            edit_annotations(request, response, |text| {
                text.replace(|one: char| one > '\u{ffff}', "\u{fffd}")
            })
        }),
    fault("referrers-annotations-short-keys")
        .violates(&["referrers-annotations"])
        .title("The referrers list omits annotations with a key of more than 63 characters.")
        .response(|request, response| {
            each_referrer(request, response, |descriptor| {
                if let Some(Value::Object(all)) = descriptor.get_mut("annotations") {
                    all.retain(|key, _| key.len() <= 63);
                }
            });
        }),
    fault("referrers-annotations-escaped")
        .violates(&["referrers-annotations"])
        .title("The referrers list has < and & of annotations as HTML entities.")
        .response(|request, response| {
            edit_annotations(request, response, |text| {
                text.replace('&', "&amp;").replace('<', "&lt;")
            })
        }),
    fault("referrers-annotations-trimmed")
        .violates(&["referrers-annotations"])
        .title("The referrers list removes white space around annotations.")
        .response(|request, response| {
            edit_annotations(request, response, |text| text.trim().to_owned())
        }),
    fault("referrers-size-text")
        .violates(&["referrers-descriptor"])
        .title("The sizes in the referrers list are strings.")
        .response(|request, response| {
            each_referrer(request, response, |descriptor| {
                descriptor["size"] = json!(descriptor["size"].to_string())
            });
        }),
    fault("referrers-no-size")
        .violates(&["referrers-descriptor"])
        .title("The referrers list omits sizes.")
        .response(|request, response| {
            each_referrer(request, response, |descriptor| drop_key(descriptor, "size"));
        }),
    fault("referrers-index-as-image")
        .violates(&["referrers-descriptor"])
        .title("The referrers list has every manifest with the mediaType of an image manifest.")
        .response(|request, response| {
            each_referrer(request, response, |descriptor| {
                descriptor["mediaType"] = json!("application/vnd.oci.image.manifest.v1+json")
            });
        }),
    fault("referrers-artifact-media-type")
        .violates(&["referrers-descriptor"])
        .title("The referrers list has the artifactType of a manifest as its mediaType.")
        .response(|request, response| {
            each_referrer(request, response, |descriptor| {
                if let Some(kind) = descriptor.get("artifactType").cloned() {
                    descriptor["mediaType"] = kind;
                }
            });
        }),
    fault("referrers-empty-type")
        .violates(&["referrers-artifact-type-omitted"])
        .title("The referrers list has an empty artifactType for an index that has none.")
        .response(|request, response| {
            each_referrer(request, response, |descriptor| {
                if descriptor.get("artifactType").is_none() {
                    descriptor["artifactType"] = json!("");
                }
            });
        }),
    fault("referrers-config-first")
        .violates(&["referrers-artifact-type"])
        .title("The referrers list prefers the media type of a config to the artifactType.")
        .response(|request, response| {
            each_referrer(request, response, |descriptor| {
                if descriptor["artifactType"].to_string().contains("first") {
                    descriptor["artifactType"] = json!("application/vnd.oci.image.config.v1+json");
                }
            });
        }),
    fault("referrers-annotations-small")
        .violates(&["referrers-annotations"])
        .title("The referrers list has the keys of annotations in lower case.")
        .response(|request, response| {
            each_referrer(request, response, |descriptor| {
                if let Some(map) = descriptor["annotations"].as_object() {
                    let small: Map<String, Value> = map
                        .iter()
                        .map(|(key, value)| (key.to_lowercase(), value.clone()))
                        .collect();
                    descriptor["annotations"] = Value::Object(small);
                }
            });
        }),
    fault("referrers-annotations-ascii")
        .violates(&["referrers-annotations"])
        .title("The referrers list drops characters outside ASCII from annotations.")
        .response(|request, response| {
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
        }),
    fault("referrers-annotations-oci")
        .violates(&["referrers-annotations"])
        .title("The referrers list has only annotations whose keys start with org.opencontainers.")
        .response(|request, response| {
            each_referrer(request, response, |descriptor| {
                if let Some(map) = descriptor["annotations"].as_object_mut() {
                    map.retain(|key, _| key.starts_with("org.opencontainers"));
                }
            });
        }),
    fault("referrers-filter-no-annotations")
        .violates(&["referrers-annotations"])
        .title("The filtered referrers list omits annotations.")
        .response(|request, response| {
            if request.query("artifactType").is_some() {
                each_referrer(request, response, |descriptor| {
                    drop_key(descriptor, "annotations")
                });
            }
        }),
    fault("referrers-annotations-sixteen")
        .violates(&["referrers-annotations"])
        .title("The referrers list has at most sixteen annotations of each manifest.")
        .response(|request, response| {
            each_referrer(request, response, |descriptor| {
                if let Some(map) = descriptor["annotations"].as_object_mut() {
                    let mut kept = 0;
                    map.retain(|_, _| {
                        kept += 1;
                        kept <= 16
                    });
                }
            });
        }),
];
