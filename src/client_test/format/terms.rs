//! What a scenario asks a client for, and what the registry answers.

use indexmap::IndexMap;
use serde::Deserialize;

use crate::registry::At;

/// What a client is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Store an image locally.
    Pull,
    /// Push a local image.
    Push,
    /// Copy an image to another repository of the same registry.
    Copy,
    /// List the tags of a repository.
    Tags,
    /// Delete a manifest or its tag.
    Delete,
    /// Push an artifact whose subject is the image.
    Attach,
    /// List the referrers of the image.
    Referrers,
    /// Print the digest that a tag leads to.
    Resolve,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 8] = [
        Self::Pull,
        Self::Push,
        Self::Copy,
        Self::Tags,
        Self::Delete,
        Self::Attach,
        Self::Referrers,
        Self::Resolve,
    ];

    /// The word for it in adapters and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pull => "pull",
            Self::Push => "push",
            Self::Copy => "copy",
            Self::Tags => "tags",
            Self::Delete => "delete",
            Self::Attach => "attach",
            Self::Referrers => "referrers",
            Self::Resolve => "resolve",
        }
    }
}

/// The content of a trial. It is new in each one: a client does not fetch what it has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ContentKind {
    /// An image with one small layer.
    #[default]
    Image,
    /// An index of one image, for the platform linux/amd64.
    Index,
    /// An image whose manifest says that the layer is longer than it is.
    SizeTooLarge,
    /// An image whose manifest says that the layer is shorter than it is.
    SizeTooSmall,
    /// An image with a layer of 3 MiB.
    LargeLayer,
    /// An image with a manifest of nearly 4 MB.
    LargeManifest,
    /// An index of an index of one image.
    NestedIndex,
    /// An image whose digests are of sha512.
    Sha512,
    /// An image whose subject is another image, and which has no artifactType.
    Subject,
    /// An image with a layer that has a path with `..`.
    PathParent,
    /// An image with a layer that has an absolute path.
    PathAbsolute,
    /// An image with a layer that has a path through a symbolic link of the same layer.
    PathThroughSymlink,
    /// An image with a layer that has a file in the place of a symbolic link.
    PathOverSymlink,
    /// An image with a layer that has a file in the place of a hard link.
    PathHardlink,
}

/// What is attached to an image.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Attached {
    /// Nothing.
    #[default]
    Nothing,
    /// One artifact. Without the referrers API, the list under the referrers tag has it.
    Artifact,
    /// Two artifacts of different types, as above.
    TwoArtifacts,
    /// Nothing; under the referrers tag, there is a manifest that is not a list.
    NoList,
}

/// The certificate of a registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum CertificateKind {
    /// From the authority that the client trusts, for the registry's address.
    Trusted,
    /// From an authority that nobody knows.
    UnknownAuthority,
    /// For another host.
    OtherHost,
    /// Its time is over.
    Expired,
}

/// How the registry authenticates.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum LoginKind {
    /// Everybody may do everything.
    #[default]
    None,
    /// Basic.
    Basic,
    /// Bearer, with the registry's own token server.
    Bearer,
}

/// How a registry is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Transport {
    /// Plain HTTP.
    Plain,
    /// HTTPS.
    Tls,
}

/// A response that differs from the registry's own.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Answer {
    /// The requests that get it.
    pub to: To,
    /// How many of them get it; all without it.
    #[serde(default)]
    pub first: Option<u32>,
    /// The status. From 400 on, the response is an error of the registry, without the headers of its own response. A write
    /// that is refused (4xx) is not done.
    #[serde(default)]
    pub status: Option<u16>,
    /// Headers that replace the registry's. `{other.digest}` is the digest of another image of the repository,
    /// `{other.host}` another host.
    #[serde(default)]
    pub set: IndexMap<String, String>,
    /// Header lines before those of the registry.
    #[serde(default)]
    pub before: IndexMap<String, String>,
    /// Headers that are left out.
    #[serde(default)]
    pub remove: Vec<String>,
    /// How the body differs.
    #[serde(default)]
    pub body: Option<BodyChange>,
    /// The host of the `Location` that the registry gives.
    #[serde(default)]
    pub location: Option<OtherHost>,
    /// A redirect with status 307 to the same path at another host.
    #[serde(default)]
    pub redirect: Option<Redirect>,
    /// Whether the connection is closed instead of an answer; the registry has done what it was asked for.
    #[serde(default)]
    pub closes: bool,
}

/// Which requests an answer is for; all conditions must hold.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct To {
    /// The method; any without it.
    #[serde(default)]
    pub method: Option<String>,
    /// The endpoint.
    #[serde(default)]
    pub endpoint: Option<At>,
    /// The content that is requested.
    #[serde(default)]
    pub content: Option<Requested>,
    /// The bytes that the body of the request has at least.
    #[serde(default)]
    pub sends: Option<usize>,
    /// The status of the registry's own response.
    #[serde(default)]
    pub status: Option<u16>,
    /// The host that is asked; without it, the registry.
    #[serde(default)]
    pub host: Option<OtherHost>,
}

/// Content of the trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Requested {
    /// The layer.
    Layer,
    /// The image's config.
    Config,
    /// The image's manifest, by tag or digest.
    Image,
    /// The index, by tag or digest.
    Index,
    /// The index inside of the index.
    InnerIndex,
}

/// How a body differs from the requested content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum BodyChange {
    /// One bit in the middle is changed.
    Flip,
    /// The second half is missing, and Content-Length says so.
    Truncate,
    /// There are more bytes at the end.
    Pad,
    /// It is that of another image.
    Other,
    /// It is empty.
    Empty,
    /// It does not end.
    Endless,
    /// It is that of the manifest under the tag.
    Root,
    /// It is compressed, and Content-Encoding says so; decompressed, it has a gigabyte.
    Bomb,
}

/// A host that is not the registry's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum OtherHost {
    /// Another name. A client reaches it through the proxy of its environment.
    Name,
    /// The same address, with another port.
    Port,
}

/// Where a redirect leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Redirect {
    /// To another name.
    Name,
    /// To another port.
    Port,
    /// To the same URL again.
    Itself,
}
