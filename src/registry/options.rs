//! What the registry does and leaves out.

use std::time::Duration;

use super::Fault;
use super::auth::Login;
use super::faults::Deviation;

/// Legal choices, limits, and faults. By default everything is on, and strict.
#[derive(Debug, Clone)]
pub struct Options {
    /// The form of every Location and Link.
    pub locations: Locations,
    /// The most tags on a page, whatever is asked for.
    pub tags_page: usize,
    /// The most referrers on a page.
    pub referrers_page: usize,
    /// Whether the referrers API is there.
    pub referrers: bool,
    /// Whether referrers can be filtered.
    pub referrers_filter: bool,
    /// Whether blobs are mounted; otherwise an upload session is opened.
    pub mount: bool,
    /// Whether a mount may leave the source unsaid.
    pub anonymous_mount: bool,
    /// Whether a single POST pushes a blob; otherwise an upload session is opened.
    pub single_post: bool,
    /// Whether sha512 is known.
    pub sha512: bool,
    /// Whether `tag` parameters are heeded.
    pub tag_params: bool,
    /// Whether ranges of blobs are served.
    pub range: bool,
    /// Whether uploads can be cancelled.
    pub cancel: bool,
    /// Whether a tag can be moved.
    pub moving_tags: bool,
    /// Whether anything can be written; 405 otherwise.
    pub writable: bool,
    /// Whether a manifest may name blobs that are not there.
    pub sparse_manifests: bool,
    /// Deletion of tags.
    pub delete_tags: Deletion,
    /// Deletion of manifests.
    pub delete_manifests: Deletion,
    /// Deletion of blobs.
    pub delete_blobs: Deletion,
    /// The shortest chunk, the last excepted, in bytes.
    pub chunk_min: usize,
    /// The form of error bodies.
    pub error_bodies: ErrorBodies,
    /// Deviation long a manifest or tag takes to be seen by others than the one who wrote it.
    pub delay: Duration,
    /// Every so many requests, one is answered with 429.
    pub too_many_every: u64,
    /// Whether blobs are served by a redirect to another path.
    pub redirect_blobs: bool,
    /// Whether digests and tags are listed regardless of case.
    pub letters_order: bool,
    /// Whether a repository without content answers 404 for tags; otherwise an empty list.
    pub unknown_tags_404: bool,
    /// The largest manifest, in bytes.
    pub manifest_limit: usize,
    /// The largest body of a request, in bytes.
    pub body_limit: usize,
    /// The most bytes of content in all.
    pub total_limit: usize,
    /// The most upload sessions at once.
    pub upload_limit: usize,
    /// Who is let in.
    pub login: Login,
    /// Whether uploads go on outside of `/v2/`.
    pub uploads_outside: bool,
    /// Whether the names of headers begin with capital letters.
    pub title_case: bool,
    /// Legal habits that no option stands for.
    pub quirks: Vec<Deviation>,
    /// Deliberate violations.
    pub faults: Vec<&'static Fault>,
    /// What the faults switch on: not for setting by hand.
    pub breaks: FaultSwitches,
}

/// The form of Locations and Links.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Locations {
    /// A path: relative to the host.
    Host,
    /// With scheme and host.
    Absolute,
    /// Relative to the URL of the request.
    Request,
    /// Absolute, with a query that must come back.
    Query,
}

/// Whether something can be deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deletion {
    /// It can.
    On,
    /// It is refused with this status: 400 or 405.
    Off(u16),
}

/// The form of error bodies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorBodies {
    /// The specification's JSON.
    Json,
    /// Nothing.
    Empty,
    /// A page.
    Html,
}

/// Behaviour that breaks the specification, switched on by faults.
#[derive(Debug, Clone, Default)]
pub struct FaultSwitches {
    /// Blobs are stored under whatever digest is named.
    pub trust_blob_digests: bool,
    /// Blobs of a single POST are stored under whatever digest is named.
    pub trust_single_post: bool,
    /// Manifests are stored under whatever digest is named.
    pub trust_manifest_digests: bool,
    /// Wrong content is refused, and stored all the same.
    pub store_refused: bool,
    /// Manifests are written anew.
    pub rewrite_manifests: bool,
    /// Chunks are taken in any order.
    pub any_order: bool,
    /// The bytes of refused chunks are kept.
    pub keep_refused_chunks: bool,
    /// A refused chunk ends its session.
    pub refused_chunk_ends: bool,
    /// Chunks are taken that cover what is there.
    pub overlap: bool,
    /// Content-Range and Content-Length may disagree.
    pub length_unchecked: bool,
    /// The closing PUT takes a chunk out of order.
    pub close_any_order: bool,
    /// The body of the closing PUT is dropped.
    pub drop_final_chunk: bool,
    /// All sessions share one id.
    pub one_session: bool,
    /// A session that is over can be used again.
    pub sessions_never_end: bool,
    /// Cancelling does nothing.
    pub cancel_in_words: bool,
    /// Content of one repository is seen in all: blobs.
    pub shared_blobs: bool,
    /// The same: manifests.
    pub shared_manifests: bool,
    /// A mount says that it succeeded, and does nothing.
    pub mount_in_words: bool,
    /// Tags do not move, though the push succeeds.
    pub tags_stick: bool,
    /// Tags are kept in capitals and small letters alike.
    pub fold_tags: bool,
    /// A deletion is answered and not done: tags.
    pub keep_deleted_tags: bool,
    /// The same: manifests.
    pub keep_deleted_manifests: bool,
    /// The same: blobs.
    pub keep_deleted_blobs: bool,
    /// The tags of a deleted manifest stay and lead to it.
    pub keep_tags_of_deleted: bool,
    /// A deleted tag takes its manifest's other tags along.
    pub delete_all_tags: bool,
    /// Deleted manifests are still listed as referrers.
    pub keep_deleted_referrers: bool,
    /// Referrers of all repositories are listed.
    pub referrers_everywhere: bool,
    /// Referrers whose subject is not there are left out.
    pub referrers_need_subject: bool,
    /// Manifests whose subject is not there are refused.
    pub refuse_missing_subject: bool,
    /// Manifests whose list of layers is empty are refused.
    pub refuse_no_layers: bool,
    /// The limit of manifests is a megabyte.
    pub small_manifests: bool,
    /// Tag parameters are told as done, and not done.
    pub tag_params_in_words: bool,
    /// Tags of broken grammar are taken.
    pub any_tag: bool,
    /// Names of broken grammar are taken.
    pub any_name: bool,
    /// The last tag is listed again.
    pub include_last: bool,
    /// `last` is taken without `n` alone.
    pub last_ignored: bool,
    /// Some requests are answered with 429, which does not say when to come back.
    pub too_many_no_time: bool,
    /// Some requests are answered with 429 and the code DENIED.
    pub too_many_denied: bool,
    /// The tags of all repositories are listed.
    pub tags_everywhere: bool,
    /// Numbers in tags are put in order by what they count.
    pub tags_by_number: bool,
    /// Short tags are listed before long ones.
    pub tags_by_length: bool,
    /// The referrers of referrers are listed too.
    pub referrers_transitive: bool,
    /// Referrers without a tag are left out.
    pub referrers_tagged: bool,
    /// A filter takes what begins like the type.
    pub filter_prefix: bool,
    /// Some tags are left out of lists.
    pub lose_tags: bool,
    /// Parameters of a Content-Type are refused.
    pub refuse_parameters: bool,
    /// What is no JSON is taken as a manifest.
    pub any_manifest: bool,
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
            moving_tags: true,
            writable: true,
            sparse_manifests: false,
            delete_tags: Deletion::On,
            delete_manifests: Deletion::On,
            delete_blobs: Deletion::On,
            chunk_min: 0,
            error_bodies: ErrorBodies::Json,
            delay: Duration::ZERO,
            too_many_every: 0,
            redirect_blobs: false,
            letters_order: true,
            unknown_tags_404: true,
            manifest_limit: 8 * 1024 * 1024,
            body_limit: 512 * 1024 * 1024,
            total_limit: 1024 * 1024 * 1024,
            upload_limit: 10_000,
            login: Login::default(),
            uploads_outside: false,
            title_case: false,
            quirks: Vec::new(),
            faults: Vec::new(),
            breaks: FaultSwitches::default(),
        }
    }
}
