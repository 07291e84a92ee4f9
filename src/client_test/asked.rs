//! What a client is asked for, and what registry it meets.

use super::format::{Action, Answer, Attached, CertificateKind, ContentKind, LoginKind};

/// What a client is asked for, and the kind of registry that it meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Asked {
    pub action: Action,
    /// What the registry holds, or what is pushed to it.
    pub content: ContentKind,
    /// Whether the client names the manifest by its digest instead of a tag.
    pub by_digest: bool,
    /// Whether the client lists only the referrers of one artifact type.
    pub filtered: bool,
    /// What is attached to the image before the client comes.
    pub attached: Attached,
    /// How the registry authenticates.
    pub login: LoginKind,
    /// The certificate of a registry that speaks TLS; none for plain HTTP.
    pub tls: Option<CertificateKind>,
}

/// What a trial needs: the registry, and the action.
#[derive(Debug, Clone)]
pub struct Setup {
    pub asked: Asked,
    /// Permitted variants of the bundled registry, by id.
    pub variants: Vec<String>,
    /// Faults of the bundled registry, by id.
    pub faults: Vec<String>,
    /// What the registry answers in place of its own responses.
    pub answers: Vec<Answer>,
}

impl Asked {
    /// The same with content that every client takes, and from a registry that every client trusts: where that fails, a
    /// failure says nothing.
    pub fn control(self) -> Self {
        Self {
            content: match self.content {
                ContentKind::SizeTooLarge
                | ContentKind::SizeTooSmall
                | ContentKind::LargeManifest
                | ContentKind::Sha512
                | ContentKind::PathParent
                | ContentKind::PathAbsolute
                | ContentKind::PathThroughSymlink
                | ContentKind::PathOverSymlink
                | ContentKind::PathHardlink => ContentKind::Image,
                ContentKind::NestedIndex => ContentKind::Index,
                ContentKind::Image
                | ContentKind::Index
                | ContentKind::LargeLayer
                | ContentKind::Subject => self.content,
            },
            attached: match self.attached {
                Attached::NoList => Attached::Nothing,
                Attached::Nothing | Attached::Artifact | Attached::TwoArtifacts => self.attached,
            },
            tls: self.tls.map(|_| CertificateKind::Trusted),
            ..self
        }
    }
}

impl Setup {
    /// An action against a registry that does what clients expect.
    pub const fn expected(asked: Asked) -> Self {
        Self {
            asked,
            variants: Vec::new(),
            faults: Vec::new(),
            answers: Vec::new(),
        }
    }
}
