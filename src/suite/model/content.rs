use crate::fixture::BlobRecipe;
use crate::template::{Size, Template};

/// A fixture that is in the registry before a case starts.
#[derive(Debug, Clone)]
pub struct Given {
    /// The name of the fixture.
    pub fixture: String,
    /// Whether it is pushed for this case alone, which may then change or delete it.
    pub own: bool,
    /// The digest algorithm.
    pub algorithm: Template,
    pub repo: Template,
    /// For a blob: the number of chunks that it is cut into.
    pub chunks: Option<usize>,
}

/// A blob or a manifest that is pushed before a case starts.
#[derive(Debug, Clone)]
pub struct Setup {
    pub kind: SetupKind,
    pub content: Template,
    pub repo: Template,
    /// Whether the registry may refuse it: the case is then unsupported.
    pub refusable: bool,
    /// The feature that a refusal declines.
    pub declines: Option<String>,
}

/// What a [`Setup`] pushes.
#[derive(Debug, Clone)]
pub enum SetupKind {
    Blob,
    /// A manifest: to this tag, or by its digest if there is none.
    Manifest(Option<Template>),
}

/// Content that is made for a case.
#[derive(Debug, Clone)]
pub enum Content {
    Blob {
        recipe: BlobRecipe,
        /// Its size, if that is a reference (`{size}`): it replaces the size of the recipe.
        size: Option<Template>,
        /// The digest algorithm.
        algorithm: Template,
        chunks: Option<Cut>,
    },
    /// What a fixture would push: its manifest, blobs and parts.
    Fixture {
        /// The name of the fixture.
        fixture: String,
        /// The digest algorithm.
        algorithm: Template,
        /// The size to which white space pads the manifest.
        padded: Option<Size>,
    },
}

/// How a blob is cut into chunks.
#[derive(Debug, Clone)]
pub struct Cut {
    pub count: usize,
    /// The minimum length of every chunk but the last, in bytes.
    pub at_least: Template,
    /// Whether the last chunk may be shorter than `at_least`.
    pub short_last: bool,
    /// The length of the last chunk; it overrides `short_last`.
    pub last: Option<Size>,
    /// Whether all chunks, up to `last`, have the same length.
    pub equal: bool,
}
