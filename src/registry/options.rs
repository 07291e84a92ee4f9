//! The options of the bundled registry.

use std::time::Duration;

use super::auth::Login;
use super::deviation::Deviation;
use super::fault::Fault;
use super::handler_switches::HandlerSwitches;
use super::visibility::VisibilityDelay;

/// Permitted choices, limits, faults and the login. By default every feature is supported, and everybody may use the registry.
#[derive(Debug, Clone)]
pub struct Options {
    /// The form of the URLs in `Location` and `Link`.
    pub locations: Locations,
    /// The most tags on a page, even if `n` is larger.
    pub tags_page: usize,
    /// The most referrers on a page.
    pub referrers_page: usize,
    /// Whether the referrers API is supported.
    pub referrers: bool,
    /// Whether the `artifactType` filter of referrers is applied.
    pub referrers_filter: bool,
    /// Whether blobs are mounted; if not, an upload session is opened.
    pub mount: bool,
    /// Whether a mount without `from` is supported.
    pub anonymous_mount: bool,
    /// Whether a single POST pushes a blob; if not, an upload session is opened.
    pub single_post: bool,
    /// Whether sha512 digests are supported.
    pub sha512: bool,
    /// Whether `tag` parameters create tags.
    pub tag_params: bool,
    /// Whether range requests for blobs are supported.
    pub range: bool,
    /// Whether uploads can be cancelled.
    pub cancel: bool,
    /// Whether a push can move a tag to another manifest; if not, it is refused with 409.
    pub mutable_tags: bool,
    /// Whether pushes and deletions are supported; if not, they are refused with 405.
    pub writable: bool,
    /// Whether a manifest may reference content that its repository does not have.
    pub sparse_manifests: bool,
    /// Whether tags can be deleted.
    pub delete_tags: Deletion,
    /// Whether manifests can be deleted by digest.
    pub delete_manifests: Deletion,
    /// Whether blobs can be deleted.
    pub delete_blobs: Deletion,
    /// `OCI-Chunk-Min-Length`, in bytes; 0 omits the header. Shorter chunks are accepted.
    pub chunk_min: usize,
    /// The form of the bodies of 4xx responses.
    pub error_bodies: ErrorBodies,
    /// How long after its push content is not visible yet.
    pub visibility_delay: VisibilityDelay,
    /// Every n-th request is answered with 429; 0 for none.
    pub rate_limit_every: u64,
    /// Whether blob requests are redirected to another URL of the registry.
    pub redirect_blobs: bool,
    /// Whether tags are sorted case-insensitively; if not, by bytes.
    pub case_insensitive_order: bool,
    /// Whether a request for the tags of an unknown repository is answered with 404; if not, with an empty list.
    pub unknown_tags_404: bool,
    /// The largest manifest, in bytes.
    pub manifest_limit: usize,
    /// The largest body of a request, in bytes.
    pub body_limit: usize,
    /// How long the body of a request may take.
    pub body_timeout: Duration,
    /// The most bytes of stored content, and of open upload sessions.
    pub total_limit: usize,
    /// The most open upload sessions.
    pub upload_limit: usize,
    /// Authentication and authorization.
    pub login: Login,
    /// Whether the URLs of upload sessions are outside of `/v2/`.
    pub uploads_outside_v2: bool,
    /// Whether header names begin with capital letters (HTTP/1.1).
    pub title_case: bool,
    /// The second repository of the run, for faults that concern it alone.
    pub second_repository: String,
    /// Behaviour of permitted variants that no option describes.
    pub quirks: Vec<Deviation>,
    /// Deliberate violations.
    pub faults: Vec<&'static Fault>,
    /// What handlers do otherwise: set by permitted variants, and by `faults` when the registry starts.
    pub switches: HandlerSwitches,
}

/// The form of the URLs in `Location` and `Link`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Locations {
    /// An absolute path, without scheme and host.
    Host,
    /// An absolute URL.
    Absolute,
    /// A relative path, resolved against the request's URL.
    Request,
    /// An absolute URL with a query; the next request of an upload session must repeat it.
    Query,
}

/// Whether deletion is supported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deletion {
    /// It is supported.
    On,
    /// It is refused with this status (400 or 405).
    Off(u16),
}

/// The form of the bodies of 4xx responses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorBodies {
    /// The JSON of the specification.
    Json,
    /// No body.
    Empty,
    /// An HTML page.
    Html,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            locations: Locations::Host,
            tags_page: 1000,
            referrers_page: 500,
            referrers: true,
            referrers_filter: true,
            mount: true,
            anonymous_mount: true,
            single_post: true,
            sha512: true,
            tag_params: true,
            range: true,
            cancel: true,
            mutable_tags: true,
            writable: true,
            sparse_manifests: false,
            delete_tags: Deletion::On,
            delete_manifests: Deletion::On,
            delete_blobs: Deletion::On,
            chunk_min: 0,
            error_bodies: ErrorBodies::Json,
            visibility_delay: VisibilityDelay::default(),
            rate_limit_every: 0,
            redirect_blobs: false,
            case_insensitive_order: true,
            unknown_tags_404: true,
            manifest_limit: 8 * 1024 * 1024,
            body_limit: 512 * 1024 * 1024,
            body_timeout: Duration::from_secs(600),
            total_limit: 1024 * 1024 * 1024,
            upload_limit: 10_000,
            login: Login::default(),
            uploads_outside_v2: false,
            title_case: false,
            second_repository: "conformance/repo2".to_owned(),
            quirks: Vec::new(),
            faults: Vec::new(),
            switches: HandlerSwitches::default(),
        }
    }
}
