//! The bytes of a body: kept, or hashed while they passed.

use bytes::Bytes;

use crate::fixture::{HashedBytes, is_digest_of};
use crate::template::{Record, Value};

/// The bytes of a body, as far as digests ask for them.
#[derive(Debug, Clone, PartialEq)]
pub enum BodyBytes {
    /// The bytes themselves.
    Kept(Bytes),
    /// Their size and digests.
    Hashed(HashedBytes),
}

impl BodyBytes {
    /// The number of bytes.
    pub fn len(&self) -> u64 {
        match self {
            Self::Kept(bytes) => bytes.len() as u64,
            Self::Hashed(hashed) => hashed.size,
        }
    }

    /// Whether a digest is that of the bytes; `None` where that is not known.
    pub fn is_digest(&self, digest: &str) -> Option<bool> {
        match self {
            Self::Kept(bytes) => is_digest_of(digest, bytes),
            Self::Hashed(hashed) => hashed.is_digest(digest),
        }
    }

    /// The value that a template can refer to.
    pub fn to_value(&self) -> Value {
        match self {
            Self::Kept(bytes) => Value::Bytes(bytes.clone()),
            Self::Hashed(hashed) => {
                let digests = hashed.digests.iter().cloned().map(Value::from);
                Value::record(Record::from([
                    ("size".to_owned(), Value::Number(hashed.size)),
                    (
                        "digests".to_owned(),
                        Value::List(std::sync::Arc::new(digests.collect())),
                    ),
                ]))
            }
        }
    }

    /// What a template refers to; `None` for a list.
    pub fn of_value(value: &Value) -> Option<Self> {
        match (value.get("size"), value.get("digests")) {
            (Some(Value::Number(size)), Some(Value::List(digests))) => {
                Some(Self::Hashed(HashedBytes {
                    size: *size,
                    digests: digests.iter().filter_map(Value::as_text).collect(),
                }))
            }
            _ => value.as_bytes().map(Self::Kept),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Algorithm, digest_of};

    #[test]
    fn a_value_has_the_same_digests() {
        let digest = digest_of(b"tea", Algorithm::Sha256);
        let hashed = BodyBytes::Hashed(HashedBytes {
            size: 3,
            digests: vec![digest.clone()],
        });
        let kept = BodyBytes::Kept(Bytes::from_static(b"tea"));
        for body in [hashed, kept] {
            assert_eq!(BodyBytes::of_value(&body.to_value()), Some(body.clone()));
            assert_eq!((body.len(), body.is_digest(&digest)), (3, Some(true)));
        }
    }
}
