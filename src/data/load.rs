//! From a file to a value of its type.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use super::schema::{check, schema_of};
use super::{Diagnostic, Document, File, SourceSpan};

/// A value read from a file, and the place of its parts.
#[derive(Debug, Clone)]
pub struct Loaded<T> {
    /// The value.
    pub value: T,
    /// The file as a whole: go down from here to point at a part.
    pub span: SourceSpan,
}

/// Reads a file as a `T`.
///
/// # Errors
/// All mistakes of the file's shape, each with its place.
pub fn load<T: DeserializeOwned + JsonSchema>(file: &File) -> Result<Loaded<T>, Vec<Diagnostic>> {
    let document = Document::parse(file).map_err(|diagnostic| vec![diagnostic])?;
    let diagnostics = check(&document, &schema_of::<T>());
    if !diagnostics.is_empty() {
        return Err(diagnostics);
    }
    let value = serde_json::from_value(document.value.clone())
        .map_err(|error| vec![Diagnostic::new(file, 0..0, error.to_string())])?;
    Ok(Loaded {
        value,
        span: SourceSpan::root(Arc::new(document)),
    })
}
