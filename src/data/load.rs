//! From a file to a value of its type.

use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::{Diagnostic, Document, File, SourceSpan};

/// A value read from a file, and the place of its parts.
#[derive(Debug, Clone)]
pub struct Loaded<T> {
    /// The value.
    pub value: T,
    /// The file as a whole: go down from here to point at a part.
    pub span: SourceSpan,
}

/// Reads a YAML file as a `T`.
///
/// # Errors
/// Everything wrong with the file's shape, each with its place. Unknown keys and wrong elements of a list do not hide
/// what is wrong elsewhere in the file.
pub fn load<T: DeserializeOwned>(file: &File) -> Result<Loaded<T>, Vec<Diagnostic>> {
    let document = Document::parse(file).map_err(|diagnostic| vec![diagnostic])?;
    let value = document.deserialize()?;
    Ok(Loaded {
        value,
        span: SourceSpan::root(Arc::new(document)),
    })
}
