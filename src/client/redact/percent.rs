//! Texts without percent-encoding.

use std::borrow::Cow;

/// A text without percent-encoding.
pub struct Decoded<'a> {
    pub bytes: Cow<'a, [u8]>,
    /// The offset of each byte in the original, and the length of the original; none where the text has no encoding.
    offsets: Option<Vec<usize>>,
}

impl<'a> Decoded<'a> {
    pub fn of(text: &'a [u8]) -> Self {
        if !text.contains(&b'%') {
            return Self {
                bytes: Cow::Borrowed(text),
                offsets: None,
            };
        }
        let mut decoded = Vec::with_capacity(text.len());
        let mut offsets = Vec::with_capacity(text.len() + 1);
        let mut at = 0;
        while let Some(byte) = text.get(at) {
            let hex = text.get(at + 1..at + 3).filter(|_| *byte == b'%');
            let value = hex
                .and_then(|hex| std::str::from_utf8(hex).ok())
                .filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
                .and_then(|hex| u8::from_str_radix(hex, 16).ok());
            offsets.push(at);
            decoded.push(value.unwrap_or(*byte));
            at += if value.is_some() { 3 } else { 1 };
        }
        offsets.push(text.len());
        Self {
            bytes: Cow::Owned(decoded),
            offsets: Some(offsets),
        }
    }

    /// The offset in the original of the byte at `at`, or of the end.
    pub fn offset(&self, at: usize) -> usize {
        let offsets = self.offsets.as_ref();
        offsets.map_or(at, |offsets| {
            offsets.get(at).or(offsets.last()).copied().unwrap_or(at)
        })
    }
}
