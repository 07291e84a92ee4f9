//! Sizes as people write them: `300`, `2 KiB`, `1 MiB`.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// The largest content that is made, in bytes.
pub const LARGEST: u64 = 64 * 1024 * 1024;

/// A size: a number of bytes, or a number with KiB or MiB.
#[derive(Debug, Clone)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(untagged))]
pub enum SizeText {
    /// Bytes.
    Bytes(u64),
    /// A number with its unit.
    Unit(String),
}

impl<'de> Deserialize<'de> for SizeText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SizeVisitor)
    }
}

struct SizeVisitor;

impl Visitor<'_> for SizeVisitor {
    type Value = SizeText;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a size: bytes (300), or a number with a unit (2 KiB, 1 MiB)")
    }

    fn visit_u64<E: Error>(self, bytes: u64) -> Result<SizeText, E> {
        Ok(SizeText::Bytes(bytes))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<SizeText, E> {
        Ok(SizeText::Unit(text.to_owned()))
    }
}

/// A number of bytes, at most 64 MiB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size(pub usize);

#[derive(Debug, Clone, thiserror::Error)]
#[error("`{0}` is not a size: write bytes (`300`) or a unit (`2 KiB`, `1 MiB`), up to 64 MiB")]
pub struct SizeError(String);

impl Size {
    /// Parses a size.
    ///
    /// # Errors
    /// When the unit is unknown, or the size is more than 64 MiB.
    pub fn read(text: &SizeText) -> Result<Self, SizeError> {
        let bytes = match text {
            SizeText::Bytes(bytes) => Some(*bytes),
            SizeText::Unit(text) => Self::with_unit(text),
        };
        bytes
            .filter(|bytes| *bytes <= LARGEST)
            .and_then(|bytes| usize::try_from(bytes).ok())
            .map(Self)
            .ok_or_else(|| match text {
                SizeText::Bytes(bytes) => SizeError(bytes.to_string()),
                SizeText::Unit(text) => SizeError(text.clone()),
            })
    }

    fn with_unit(text: &str) -> Option<u64> {
        let (number, unit) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
        let factor = match unit.trim() {
            "" | "B" => 1,
            "KiB" => 1024,
            "MiB" => 1024 * 1024,
            _ => return None,
        };
        number.parse::<u64>().ok()?.checked_mul(factor)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn sizes_are_read() {
        let read = |text: &str| Size::read(&SizeText::Unit(text.into())).map(|size| size.0);
        assert_eq!(read("2 KiB").unwrap(), 2048);
        assert_eq!(read("1 MiB").unwrap(), 1024 * 1024);
        assert_eq!(Size::read(&SizeText::Bytes(3)).unwrap().0, 3);
        assert!(read("1 GiB").is_err(), "an unknown unit");
        assert!(read("65 MiB").is_err(), "too large");
        assert!(read("-1").is_err(), "negative");
        assert!(read("99999999999999999999 KiB").is_err(), "overflow");
    }
}
