//! Faults of mounting blobs.

use super::*;

pub const FAULTS: &[Fault] = &[
    answer(
        "mount-200",
        &["mount-status"],
        "A mount is answered with 200.",
        |c, a| {
            if mounted(c, a) {
                a.status = 200;
            }
        },
    ),
    answer(
        "mount-no-location",
        &["mount-location"],
        "A mount is answered without a Location.",
        |c, a| {
            if mounted(c, a) {
                a.remove("location");
            }
        },
    ),
    answer(
        "mount-dead-location",
        &["mount-location-pullable"],
        "The Location of a mount leads nowhere.",
        |c, a| {
            if mounted(c, a) {
                a.set("Location", "/v2/nowhere/blobs/".to_owned() + WRONG);
            }
        },
    ),
    answer(
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
    answer(
        "mount-declined-400",
        &["mount-declined-status"],
        "A mount is declined with 400.",
        |c, a| {
            if c.query("mount").is_some() {
                *a = Answer::error(400, "UNSUPPORTED", "no");
            }
        },
    ),
    answer(
        "mount-declined-nowhere",
        &["mount-declined-location"],
        "A mount is declined without a Location.",
        |c, a| {
            if c.query("mount").is_some() {
                *a = Answer::new(202);
            }
        },
    ),
    answer(
        "mount-declined-dead",
        &["mount-declined-upload"],
        "A mount is declined with a session that takes nothing.",
        |c, a| {
            if let Endpoint::Uploads(name) = &c.endpoint
                && c.query("mount").is_some()
            {
                *a = Answer::new(202).with("Location", format!("/v2/{name}/blobs/uploads/none"));
            }
        },
    ),
    answer(
        "mount-anonymous-400",
        &["anonymous-mount-status"],
        "A mount without a source is refused.",
        |c, a| {
            if c.query("mount").is_some() && c.query("from").is_none() {
                *a = Answer::error(400, "UNSUPPORTED", "no");
            }
        },
    ),
];

fn mounted(call: &Call, answer: &Answer) -> bool {
    answer.status == 201 && call.query("mount").is_some()
}
