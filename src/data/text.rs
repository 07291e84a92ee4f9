//! The text of a data file.

use std::ops::Deref;
use std::sync::Arc;

/// A text that is cheap to clone.
#[derive(Debug, Clone)]
pub enum FileText {
    /// A file of the binary.
    Bundled(BundledText),
    /// Read when the program runs.
    Read(Arc<str>),
}

/// A file that is built into the binary.
#[derive(Debug, Clone, Copy)]
pub struct BundledText {
    pub text: &'static str,
    /// The same content as MessagePack, which is read faster than YAML. `build.rs` makes it.
    pub compact: &'static [u8],
}

impl FileText {
    /// The content in the compact form, if it is a bundled file.
    pub(super) fn compact(&self) -> Option<&'static [u8]> {
        match self {
            Self::Bundled(file) => Some(file.compact),
            Self::Read(_) => None,
        }
    }

    /// The text on its own, for a diagnostic.
    pub(super) fn shared(&self) -> Arc<str> {
        match self {
            Self::Bundled(file) => Arc::from(file.text),
            Self::Read(text) => text.clone(),
        }
    }
}

impl Deref for FileText {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Bundled(file) => file.text,
            Self::Read(text) => text,
        }
    }
}

impl<T: Into<Arc<str>>> From<T> for FileText {
    fn from(text: T) -> Self {
        Self::Read(text.into())
    }
}
