//! Legal deviations: none of them may cost a registry a failure.

mod optional;
mod pull;
mod push;
mod verdicts;

use std::time::Duration;

use super::auth::{ChallengeForm, Fields, Methods, Scheme};
use super::options::{Deletion, ErrorBodies, Locations, Options};

/// A legal deviation from what the bundled registry does by default.
#[derive(Debug)]
pub struct Variant {
    /// Its name for ever.
    pub id: &'static str,
    /// What it does, in a sentence.
    pub title: &'static str,
    /// Chooses it.
    pub set: fn(&mut Options),
    /// Whether nothing can be pushed, so that cases may be blocked.
    pub read_only: bool,
}

/// Every variant.
pub fn variants() -> impl Iterator<Item = &'static Variant> {
    VARIANTS
        .iter()
        .chain(pull::VARIANTS)
        .chain(push::VARIANTS)
        .chain(optional::VARIANTS)
        .chain(verdicts::VARIANTS)
}

/// The variant of that name.
pub fn variant(id: &str) -> Option<&'static Variant> {
    variants().find(|variant| variant.id == id)
}

const fn legal(id: &'static str, title: &'static str, set: fn(&mut Options)) -> Variant {
    Variant {
        id,
        title,
        set,
        read_only: false,
    }
}

/// With a user: what a run needs to get in, see [`Options::login`].
fn with_login(options: &mut Options, scheme: Scheme) {
    options.login.scheme = scheme;
    options.login.user("assay", "assay's own secret");
}

const VARIANTS: &[Variant] = &[
    Variant {
        id: "read-only",
        title: "Only pulls are served.",
        set: |o| o.writable = false,
        read_only: true,
    },
    legal(
        "locations-absolute",
        "Locations and Links are absolute.",
        |o| o.locations = Locations::Absolute,
    ),
    legal(
        "locations-relative",
        "Locations and Links are relative to the request.",
        |o| o.locations = Locations::Request,
    ),
    legal(
        "locations-query",
        "Locations carry a query that must come back.",
        |o| o.locations = Locations::Query,
    ),
    legal(
        "tags-paged",
        "No more than three tags are on a page.",
        |o| o.tags_page = 3,
    ),
    legal("tags-by-bytes", "Tags are in the order of bytes.", |o| {
        o.letters_order = false
    }),
    legal(
        "tags-of-nothing",
        "An unknown repository has no tags.",
        |o| o.unknown_tags_404 = false,
    ),
    legal("referrers-paged", "One referrer is on a page.", |o| {
        o.referrers_page = 1
    }),
    legal("no-referrers", "There is no referrers API.", |o| {
        o.referrers = false
    }),
    legal("no-referrers-filter", "Referrers are not filtered.", |o| {
        o.referrers_filter = false
    }),
    legal("no-mount", "Blobs are not mounted.", |o| o.mount = false),
    legal(
        "no-anonymous-mount",
        "Blobs are mounted from named repositories alone.",
        |o| o.anonymous_mount = false,
    ),
    legal("no-single-post", "A single POST opens a session.", |o| {
        o.single_post = false
    }),
    legal("no-sha512", "There is sha256 alone.", |o| o.sha512 = false),
    legal("no-tag-params", "Tag parameters are ignored.", |o| {
        o.tag_params = false
    }),
    legal("no-range", "Ranges are ignored.", |o| o.range = false),
    legal("no-cancel", "Uploads cannot be cancelled.", |o| {
        o.cancel = false
    }),
    legal("tags-stay", "Tags cannot be moved.", |o| {
        o.moving_tags = false
    }),
    legal(
        "sparse-manifests",
        "Manifests may name content that is not there.",
        |o| o.sparse_manifests = true,
    ),
    legal("no-tag-deletion", "Tags cannot be deleted: 405.", |o| {
        o.delete_tags = Deletion::Off(405)
    }),
    legal("no-tag-deletion-400", "Tags cannot be deleted: 400.", |o| {
        o.delete_tags = Deletion::Off(400)
    }),
    legal("no-deletion", "Nothing can be deleted: 405.", |o| {
        o.delete_tags = Deletion::Off(405);
        o.delete_manifests = Deletion::Off(405);
        o.delete_blobs = Deletion::Off(405);
    }),
    legal("no-deletion-400", "Nothing can be deleted: 400.", |o| {
        o.delete_tags = Deletion::Off(400);
        o.delete_manifests = Deletion::Off(400);
        o.delete_blobs = Deletion::Off(400);
    }),
    legal("chunk-minimum", "Chunks have at least a MiB.", |o| {
        o.chunk_min = 1024 * 1024
    }),
    legal("errors-empty", "Errors have no body.", |o| {
        o.error_bodies = ErrorBodies::Empty
    }),
    legal("errors-html", "Errors are pages.", |o| {
        o.error_bodies = ErrorBodies::Html
    }),
    legal("seen-later", "What is written is seen after 200 ms.", |o| {
        o.delay = Duration::from_millis(200)
    }),
    legal(
        "too-many-requests",
        "Every fortieth request is answered with 429.",
        |o| o.too_many_every = 40,
    ),
    legal("blobs-elsewhere", "Blobs are served by a redirect.", |o| {
        o.redirect_blobs = true
    }),
    legal("basic", "A user name and a password are needed.", |o| {
        with_login(o, Scheme::Basic)
    }),
    legal("bearer", "A token is needed.", |o| {
        with_login(o, Scheme::Bearer)
    }),
    legal(
        "bearer-odd",
        "Challenges are written oddly, and tokens are called access tokens.",
        |o| {
            with_login(o, Scheme::Bearer);
            o.login.challenges = ChallengeForm::Odd;
            o.login.tokens.fields = Fields::AccessToken;
        },
    ),
    legal(
        "bearer-among-others",
        "Several ways to log in are offered in one line.",
        |o| {
            with_login(o, Scheme::Bearer);
            o.login.challenges = ChallengeForm::LastOfLine;
        },
    ),
    legal(
        "bearer-brief",
        "Tokens live for half a second, and do not say so.",
        |o| {
            with_login(o, Scheme::Bearer);
            o.login.tokens.lives = Duration::from_millis(500);
            o.login.tokens.says_lives = false;
        },
    ),
    legal(
        "bearer-refresh",
        "Tokens live for a second, and are refreshed by POST.",
        |o| {
            with_login(o, Scheme::Bearer);
            o.login.tokens.lives = Duration::from_secs(1);
            o.login.tokens.methods = Methods::Post;
            o.login.tokens.refresh = true;
        },
    ),
    legal(
        "bearer-no-scope",
        "Challenges name no scope, and who may push may delete.",
        |o| {
            with_login(o, Scheme::Bearer);
            o.login.challenges = ChallengeForm::NoScope;
            o.login.tokens.delete = false;
        },
    ),
    legal(
        "uploads-outside",
        "Uploads go on outside of /v2/, where a token is needed too.",
        |o| {
            with_login(o, Scheme::Bearer);
            o.uploads_outside = true;
        },
    ),
    legal(
        "bare",
        "Everything that may be left out is left out.",
        |o| {
            o.referrers = false;
            o.mount = false;
            o.single_post = false;
            o.sha512 = false;
            o.tag_params = false;
            o.range = false;
            o.cancel = false;
            o.moving_tags = false;
            o.delete_tags = Deletion::Off(405);
            o.delete_manifests = Deletion::Off(405);
            o.delete_blobs = Deletion::Off(405);
            o.error_bodies = ErrorBodies::Empty;
        },
    ),
];
