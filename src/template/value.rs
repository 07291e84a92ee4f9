//! The values that templates refer to.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, LazyLock};

use bytes::Bytes;

/// Values by name.
pub type Record = BTreeMap<String, Value>;

/// A value that a template can refer to.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A text.
    Text(Arc<str>),
    /// A text that is computed where it is needed: a digest of large content.
    Lazy(LazyText),
    /// A whole number: a size, an offset.
    Number(u64),
    /// Bytes: the content of a blob or a manifest.
    Bytes(Bytes),
    /// Values by name: `{image.digest}`.
    Record(Arc<Record>),
    /// Values by position: `{blob.chunks[0]}`.
    List(Arc<Vec<Value>>),
}

/// A text that is computed when it is first read.
#[derive(Clone)]
pub struct LazyText(Arc<LazyLock<String, Box<dyn FnOnce() -> String + Send + Sync>>>);

impl LazyText {
    fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl PartialEq for LazyText {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl fmt::Debug for LazyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

impl Value {
    pub fn lazy(text: impl FnOnce() -> String + Send + Sync + 'static) -> Self {
        Self::Lazy(LazyText(Arc::new(LazyLock::new(Box::new(text)))))
    }

    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Self::Text(text.into())
    }

    pub fn record(record: Record) -> Self {
        Self::Record(Arc::new(record))
    }

    /// The part with this name (of a record) or position (of a list).
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Record(record) => record.get(key),
            Self::List(list) => list.get(key.parse::<usize>().ok()?),
            Self::Text(_) | Self::Lazy(_) | Self::Number(_) | Self::Bytes(_) => None,
        }
    }

    /// The value as it appears inside a text; `None` for a record, a list, or bytes that are not UTF-8.
    pub fn as_text(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.to_string()),
            Self::Lazy(text) => Some(text.as_str().to_owned()),
            Self::Number(number) => Some(number.to_string()),
            Self::Bytes(bytes) => std::str::from_utf8(bytes).ok().map(str::to_owned),
            Self::Record(_) | Self::List(_) => None,
        }
    }

    /// The value as a body; `None` for a list. A record gives its `bytes`.
    pub fn as_bytes(&self) -> Option<Bytes> {
        match self {
            Self::Bytes(bytes) => Some(bytes.clone()),
            Self::Text(text) => Some(Bytes::copy_from_slice(text.as_bytes())),
            Self::Lazy(text) => Some(Bytes::copy_from_slice(text.as_str().as_bytes())),
            Self::Number(number) => Some(Bytes::from(number.to_string())),
            Self::Record(record) => record.get("bytes")?.as_bytes(),
            Self::List(_) => None,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

impl From<Bytes> for Value {
    fn from(bytes: Bytes) -> Self {
        Self::Bytes(bytes)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn a_lazy_text_is_computed_once_and_only_where_it_is_read() {
        let count = Arc::new(AtomicUsize::new(0));
        let counted = count.clone();
        let value = Value::lazy(move || {
            counted.fetch_add(1, Ordering::Relaxed);
            "text".to_owned()
        });
        let copy = value.clone();
        assert_eq!(count.load(Ordering::Relaxed), 0);
        assert_eq!(copy.as_text().as_deref(), Some("text"));
        assert_eq!(value.as_bytes().as_deref(), Some(b"text".as_slice()));
        assert_eq!(count.load(Ordering::Relaxed), 1);
    }
}
