//! Reads a file as a value of its type.

use serde::de::DeserializeOwned;

use super::{Diagnostic, Document, File, SourceSpan, compact};

/// A value that was read from a file, and the position of its parts.
#[derive(Debug, Clone)]
pub struct Loaded<T> {
    /// The value.
    pub value: T,
    /// The file as a whole: [`SourceSpan::at`] leads to a part.
    pub span: SourceSpan,
}

/// Reads a YAML file as a `T`. A bundled file is read from its compact form; from its text if that fails, which finds out
/// why.
///
/// # Errors
/// All mistakes in the shape of the file. Unknown keys and wrong elements of a list do not hide mistakes elsewhere in
/// the file.
pub fn load<T: DeserializeOwned>(file: &File) -> Result<Loaded<T>, Vec<Diagnostic>> {
    let compact = file.text.compact();
    if let Some(value) = compact.and_then(|bytes| compact::read(file, bytes)) {
        return Ok(Loaded {
            value,
            span: SourceSpan::root(Document::unread(file)),
        });
    }
    let document = Document::parse(file).map_err(|diagnostic| vec![diagnostic])?;
    let value = document.deserialize()?;
    Ok(Loaded {
        value,
        span: SourceSpan::root(document),
    })
}

/// Reads a TOML document as a `T`.
///
/// # Errors
/// All mistakes in the shape of the document.
pub fn load_toml<T: DeserializeOwned>(document: &Document) -> Result<T, Vec<Diagnostic>> {
    document.deserialize()
}
