//! The known causes.

use super::location::Away;
use super::pattern::Pattern;
use super::refused::{Requests, Unlike};

/// A known cause.
pub struct Row {
    /// Its stable name, and that of the deployment of the bundled registry that proves it.
    pub id: &'static str,
    /// The cause, then the way out. `{found}` is the value that the pattern found, `{target}` the target's URL.
    pub says: &'static str,
    pub pattern: Pattern,
}

/// The known causes. What an earlier row explains, a later one does not explain again.
pub const TABLE: &[Row] = &[
    Row {
        id: "location-host",
        says: "The `Location` header names {found}, where nothing answers, instead of {target}. A proxy hides the host that the client \
            used: let it pass `Host` or `X-Forwarded-Host`, or set the external URL of the registry.",
        pattern: Pattern::LeadsAway(Away::Host),
    },
    Row {
        id: "location-scheme",
        says: "The `Location` header names {found}, where no request succeeds, instead of {target}. A proxy ends TLS and the registry \
            does not know: let the proxy send `X-Forwarded-Proto`, or set the external URL of the registry.",
        pattern: Pattern::LeadsAway(Away::Scheme),
    },
    Row {
        id: "location-port",
        says: "The `Location` header lacks the port of {target}: it names {found}, where nothing answers. A proxy drops the port that \
            the client used: let it pass `Host` with its port (nginx: `$http_host` instead of `$host`), or set the external URL of the \
            registry.",
        pattern: Pattern::LeadsAway(Away::NoPort),
    },
    Row {
        id: "location-other-port",
        says: "The `Location` header names the port of {found}, where nothing answers, instead of that of {target}. The registry does \
            not know the port that the client used: set the external URL of the registry, or let the proxy pass `Host` with the port \
            of the client (nginx: `$http_host`).",
        pattern: Pattern::LeadsAway(Away::OtherPort),
    },
    Row {
        id: "redirect-unanswered",
        says: "The registry redirects to {found}, where nothing answers. Let clients reach this address, or let the registry serve the \
            content itself.",
        pattern: Pattern::LeadsAway(Away::Redirect),
    },
    Row {
        id: "body-limit",
        says: "A body of {found} bytes is refused with 413, and every smaller one is accepted. A proxy limits the size of a body: \
            raise its limit (nginx: `client_max_body_size 0`).",
        pattern: Pattern::Refused {
            requests: Requests::Pushes,
            statuses: &[(413, 413)],
            unlike: Unlike::Smaller,
        },
    },
    Row {
        id: "upload-timeout",
        says: "A body of {found} bytes is answered with 408, 502, 503 or 504, and every smaller one is accepted. A proxy does not wait \
            until the registry has stored it: raise its time-outs (nginx: `proxy_read_timeout`, `proxy_send_timeout`), or let it pass \
            bodies on at once (nginx: `proxy_request_buffering off`).",
        pattern: Pattern::Refused {
            requests: Requests::Pushes,
            statuses: &[(408, 408), (502, 504)],
            unlike: Unlike::Smaller,
        },
    },
    Row {
        id: "method-blocked",
        says: "Every {found} request is refused without an error of the registry, and other requests to the same URLs succeed. A \
            firewall or a proxy blocks the method: let it pass HEAD, PUT, PATCH and DELETE.",
        pattern: Pattern::Refused {
            requests: Requests::All,
            statuses: &[(403, 403), (405, 405), (501, 501)],
            unlike: Unlike::OtherMethods,
        },
    },
    Row {
        id: "missing-cached",
        says: "A cache keeps the 404 for content that is not pushed yet: {found} is answered with 404 before and after its push, and \
            other content is found. Let the cache keep no error (nginx: `proxy_cache_valid 404 0`).",
        pattern: Pattern::Refused {
            requests: Requests::Reads,
            statuses: &[(404, 404)],
            unlike: Unlike::NotRequestedBefore,
        },
    },
    Row {
        id: "uploads-under-load",
        says: "{found} requests to upload sessions fail with a status of 500, 502, 503 or 504. The registry loses uploads under load: \
            if they succeed with `--jobs 1`, look into its limits and its log, and those of its storage.",
        pattern: Pattern::Refused {
            requests: Requests::Sessions,
            statuses: &[(500, 500), (502, 504)],
            unlike: Unlike::Others,
        },
    },
    Row {
        id: "sessions-not-shared",
        says: "{found} requests to upload sessions that the registry had just opened are answered with 404. Replicas do not share \
            their upload sessions: give them one storage and one secret, or let the proxy keep a client on one replica.",
        pattern: Pattern::Refused {
            requests: Requests::Sessions,
            statuses: &[(404, 404)],
            unlike: Unlike::Others,
        },
    },
    Row {
        id: "token-one-scope",
        says: "A mount from {found} is refused, although the client may read that repository. The token server grants only one of \
            several scopes: let it grant every `scope` that a request for a token names.",
        pattern: Pattern::Refused {
            requests: Requests::Mounts,
            statuses: &[(401, 401), (403, 403)],
            unlike: Unlike::OneRepository,
        },
    },
];
