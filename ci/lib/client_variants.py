"""Permitted variants of a registry that real clients do not survive, and why they are permitted nevertheless."""
from clients import CLIENT_PROGRAMS

NO_TIME = "The specification sets no time within which a write is visible, and the client asks once"
SMALL_CHUNK = "A registry may demand a minimum of all chunks but the last (pushing-a-blob-in-chunks), and the client sends a small blob in one PATCH"
OTHER_DIGEST = "Docker-Content-Digest may use another algorithm than the request (pulling-manifests), and the client compares the two texts"
CHALLENGES = "RFC 9110 sections 11.1 and 11.6.1: names of schemes and of parameters have any case, and several challenges may share a header"

# What the text says, and what the client does with it.
REASONS = {
    "answers-by-turns": NO_TIME,
    "base-404": "What GET on /v2/ returns is a SHOULD (determining-support), and the client goes no further",
    "bearer-among-others": CHALLENGES,
    "bearer-odd": f"{CHALLENGES}; RFC 6749 calls the token `access_token`",
    "bearer-refresh": CHALLENGES,
    "blobs-late": NO_TIME,
    "chunk-minimum-416": SMALL_CHUNK,
    "chunk-minimum-strict": SMALL_CHUNK,
    "digests-by-blake3": OTHER_DIGEST,
    "digests-by-sha512": OTHER_DIGEST,
    "head-without-length": "Content-Length of a response to HEAD is a SHOULD before the draft (checking-if-content-exists-in-the-registry)",
    "json-gzipped-as-x-gzip": "RFC 9110 section 8.4.1.3: `x-gzip` is `gzip`; the HTTP client of Go decodes `gzip` alone",
    "late-at-random": NO_TIME,
    "lengths-required": "A registry may demand Content-Length (RFC 9110 section 15.5.12), which the specification tells clients to send",
    "locations-relative": "RFC 9110 section 10.2.2: a Location is relative to the URL of its request; the client takes a path from the root alone",
    "locations-with-dots": "RFC 3986 section 5.2.4: dot segments are removed from a reference",
    "locations-without-scheme": "RFC 3986 section 4.2: a reference may begin with two slashes and the host",
    "manifest-put-429-first": "A registry may limit the rate of requests (RFC 6585 section 4), and the client does not send the request again",
    "manifests-late": NO_TIME,
    "manifests-late-by-tag": NO_TIME,
    "oci-types-alone": "No sentence obliges a registry to store manifests of media types other than OCI's",
    "read-only": "It refuses each push, which the specification leaves to the registry (workflow-categories)",
    "referrers-late": NO_TIME,
    "seen-later": NO_TIME,
    "small-chunks-400": SMALL_CHUNK,
    "small-chunks-416": SMALL_CHUNK,
    "storage-on-another-host": "A Location may lead to another host (pushing-blobs), and what that host says about an error has no form",
    "stream-without-range": "Range is demanded of the response to a chunk; a PATCH without Content-Range is none (pushing-a-blob-in-chunks)",
    "streams-refused": "The specification has no upload by a PATCH without Content-Range (pushing-a-blob-in-chunks)",
    "tag-list-late": NO_TIME,
    "types-in-capitals": "RFC 9110 section 8.3.1: the type and the subtype have any case",
    "uploads-outside": "The registry chooses the URL of an upload session (pushing-blobs); the client sends its token to /v2/ alone, as it may",
}


def complaints(fails, every):
    """Variants that clients do not survive, and whose reason nobody wrote: each, or those that no client survives.

    `fails`: the clients, by variant and action.
    """
    missing = {variant: clients for (variant, _), clients in fails.items() if variant not in REASONS and (every or len(clients) == len(CLIENT_PROGRAMS))}
    return [f"{variant} fails with {', '.join(clients)}: write the reason into ci/lib/client_variants.py, or mend the variant" for variant, clients in missing.items()]


def table(fails):
    """The table of these variants, for a document."""
    lines = ["| variant | action | clients that fail | why the variant is permitted |", "|---|---|---|---|"]
    lines += [f"| `{variant}` | {action} | {', '.join(clients)} | {REASONS[variant]}. |" for (variant, action), clients in sorted(fails.items())]
    return "\n".join(lines) + "\n"
