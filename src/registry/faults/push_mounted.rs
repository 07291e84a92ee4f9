//! Faults of mounting blobs.

use super::*;

pub const FAULTS: &[Fault] = &[
    response(
        "mount-200",
        &["mount-status"],
        "A mount is answered with 200.",
        |c, a| {
            if mounted(c, a) {
                a.status = 200;
            }
        },
    ),
    response(
        "mount-no-location",
        &["mount-location"],
        "A mount is answered without a Location.",
        |c, a| {
            if mounted(c, a) {
                a.remove("location");
            }
        },
    ),
    response(
        "mount-dead-location",
        &["mount-location-pullable"],
        "The Location of a mount leads nowhere.",
        |c, a| {
            if mounted(c, a) {
                a.set("Location", "/v2/nowhere/blobs/".to_owned() + WRONG);
            }
        },
    ),
    response(
        "mount-wrong-digest",
        &["mount-digest-matches"],
        "A mount is answered with another digest.",
        |c, a| {
            if mounted(c, a) {
                a.set("Docker-Content-Digest", WRONG);
            }
        },
    ),
    switch(
        "mount-in-words",
        &["mount-missing"],
        "Any mount is answered as done, and none is.",
        |b| b.mount_in_words = true,
    ),
    response(
        "mount-declined-400",
        &["mount-declined-status"],
        "A mount is declined with 400.",
        |c, a| {
            if c.query("mount").is_some() {
                *a = ApiResponse::error(400, "UNSUPPORTED", "no");
            }
        },
    ),
    response(
        "mount-declined-nowhere",
        &["mount-declined-location"],
        "A mount is declined without a Location.",
        |c, a| {
            if c.query("mount").is_some() {
                *a = ApiResponse::new(202);
            }
        },
    ),
    response(
        "mount-declined-dead",
        &["mount-declined-upload"],
        "A mount is declined with a session that takes nothing.",
        |c, a| {
            if let Endpoint::Uploads(name) = &c.endpoint
                && c.query("mount").is_some()
            {
                *a = ApiResponse::new(202)
                    .with("Location", format!("/v2/{name}/blobs/uploads/none"));
            }
        },
    ),
    response(
        "mount-anonymous-400",
        &["anonymous-mount-status"],
        "A mount without a source is refused.",
        |c, a| {
            if c.query("mount").is_some() && c.query("from").is_none() {
                *a = ApiResponse::error(400, "UNSUPPORTED", "no");
            }
        },
    ),
];

fn mounted(request: &ApiRequest, response: &ApiResponse) -> bool {
    response.status == 201 && request.query("mount").is_some()
}
