//! The known secrets of the run, found in every encoding that a registry may send back: as they are, in JSON and in HTML, in
//! base64 at any offset, in hexadecimal, and each of these percent-encoded.

use std::borrow::Cow;

use aho_corasick::{AhoCorasick, MatchKind};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::redacted::REDACTED;

/// The shortest secret that is redacted, in bytes: a shorter text would be found everywhere in a report.
const MIN_SECRET: usize = 4;

/// The shortest part of a secret's base64 that is redacted, in bytes: a shorter one would be found in any base64.
const MIN_ENCODED: usize = 6;

/// A token longer than this, in bytes, is found by its beginning, and redacted with the token characters that follow, so
/// that a token that is cut short is found too.
const LONG_TOKEN: usize = 64;

/// The length of the beginning of a long token, in bytes.
const BEGINNING: usize = 40;

/// Where a text was cut.
const ELLIPSIS: char = '…';

/// The known secrets.
#[derive(Debug, Default)]
pub struct Known {
    patterns: Vec<Vec<u8>>,
    searcher: Option<AhoCorasick>,
}

impl Known {
    /// Redacts this secret from now on.
    pub fn learn(&mut self, secret: &str) {
        if secret.len() < MIN_SECRET {
            return;
        }
        let before = self.patterns.len();
        for form in encodings(secret) {
            if !self.patterns.contains(&form) {
                self.patterns.push(form);
            }
        }
        if self.patterns.len() > before {
            let longest_first = AhoCorasick::builder()
                .match_kind(MatchKind::LeftmostLongest)
                .build(&self.patterns);
            // Building fails only for more patterns than memory can hold.
            self.searcher = longest_first.ok();
        }
    }

    /// A text in which the known secrets are redacted.
    pub fn redact(&self, text: &str) -> String {
        let Some(searcher) = &self.searcher else {
            return text.to_owned();
        };
        let decoded = Decoded::of(text.as_bytes());
        let mut shown = String::new();
        let mut kept = 0;
        for found in searcher.find_iter(&decoded.bytes) {
            let mut end = found.end();
            if found.len() >= BEGINNING {
                let rest = decoded.bytes.get(end..).unwrap_or_default();
                end += rest.iter().take_while(|byte| is_token(**byte)).count();
            }
            let (from, to) = (decoded.offset(found.start()), decoded.offset(end));
            // A long token may contain the next match.
            if from < kept {
                continue;
            }
            shown.push_str(text.get(kept..from).unwrap_or_default());
            shown.push_str(REDACTED);
            kept = to;
        }
        shown.push_str(text.get(kept..).unwrap_or_default());
        self.redact_beginnings(shown)
    }

    /// A text in which the beginning of a secret before an ellipsis is redacted: the rest of the secret was cut off.
    fn redact_beginnings(&self, text: String) -> String {
        let Some((before, after)) = text.rsplit_once(ELLIPSIS) else {
            return text;
        };
        let parts = before.split(ELLIPSIS).map(|part| {
            let known = self.patterns.iter();
            let longest = known.map(|pattern| shared_edge(part, pattern)).max();
            match longest.filter(|length| *length >= MIN_SECRET) {
                Some(length) => {
                    let kept = part.get(..part.len() - length);
                    format!("{}{REDACTED}", kept.unwrap_or_default())
                }
                None => part.to_owned(),
            }
        });
        let parts: Vec<String> = parts.chain([after.to_owned()]).collect();
        parts.join(&ELLIPSIS.to_string())
    }

    /// Bytes in which the known secrets are replaced by stars.
    pub fn mask(&self, bytes: &[u8]) -> Vec<u8> {
        let mut masked = bytes.to_vec();
        if let Some(searcher) = &self.searcher {
            for found in searcher.find_iter(bytes) {
                if let Some(part) = masked.get_mut(found.range()) {
                    part.fill(b'*');
                }
            }
        }
        masked
    }
}

/// The encodings of a secret.
fn encodings(secret: &str) -> Vec<Vec<u8>> {
    let mut forms = vec![secret.as_bytes().to_vec()];
    let json = serde_json::to_string(secret).unwrap_or_default();
    let json = json.trim_matches('"').to_owned();
    forms.push(json.replace('/', "\\/").into_bytes());
    forms.push(json.into_bytes());
    let html = secret.replace('&', "&amp;").replace('<', "&lt;");
    let html = html.replace('>', "&gt;").replace('"', "&quot;");
    forms.push(html.replace('\'', "&#39;").into_bytes());
    forms.push(secret.replace(' ', "+").into_bytes());
    for offset in 0..3 {
        for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            let moved = [&vec![0; offset], secret.as_bytes()].concat();
            let encoded = engine.encode(&moved);
            // The characters that depend on the secret alone, and not on the text around it.
            let (first, last) = ((8 * offset).div_ceil(6), 8 * moved.len() / 6);
            let inner = encoded.get(first..last).unwrap_or_default();
            if inner.len() >= MIN_ENCODED {
                forms.push(inner.as_bytes().to_vec());
            }
        }
    }
    let hex = hex::encode(secret);
    forms.push(hex.to_uppercase().into_bytes());
    forms.push(hex.into_bytes());
    for form in &mut forms {
        if form.len() > LONG_TOKEN && form.iter().all(|byte| is_token(*byte)) {
            form.truncate(BEGINNING);
        }
    }
    forms.sort();
    forms.dedup();
    forms
}

/// The length of the longest beginning of a pattern that a text ends with.
fn shared_edge(text: &str, pattern: &[u8]) -> usize {
    let longest = text.len().min(pattern.len());
    let edge = (0..=longest).rev().find(|length| {
        let beginning = pattern.get(..*length).unwrap_or_default();
        text.as_bytes().ends_with(beginning)
    });
    edge.unwrap_or(0)
}

/// Whether a byte may be part of a token or of an encoded secret.
const fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+' | b'/' | b'=')
}

/// A text without percent-encoding.
struct Decoded<'a> {
    bytes: Cow<'a, [u8]>,
    /// The offset of each byte in the original, and the length of the original; none where the text has no encoding.
    offsets: Option<Vec<usize>>,
}

impl<'a> Decoded<'a> {
    fn of(text: &'a [u8]) -> Self {
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
    fn offset(&self, at: usize) -> usize {
        let offsets = self.offsets.as_ref();
        offsets.map_or(at, |offsets| {
            offsets.get(at).or(offsets.last()).copied().unwrap_or(at)
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use base64::engine::general_purpose::STANDARD;

    fn redacted(secret: &str, text: &str) -> String {
        let mut known = Known::default();
        known.learn(secret);
        known.redact(text)
    }

    #[test]
    fn a_secret_is_found_in_every_encoding() {
        let secret = "p&ss \"w/rd<1>'é";
        for text in [
            secret.to_owned(),
            serde_json::to_string(secret).unwrap(),
            serde_json::to_string(secret).unwrap().replace('/', "\\/"),
            "p&amp;ss &quot;w/rd&lt;1&gt;&#39;é".to_owned(),
            url::form_urlencoded::byte_serialize(secret.as_bytes()).collect(),
            secret.bytes().map(|byte| format!("%{byte:02x}")).collect(),
            hex::encode(secret),
            hex::encode_upper(secret),
        ] {
            let shown = redacted(secret, &format!("before {text} after"));
            assert!(shown.contains(REDACTED), "{text}: {shown}");
            assert!(
                shown.starts_with("before ") && shown.ends_with(" after"),
                "{shown}"
            );
            assert!(!shown.contains("w/rd") && !shown.contains("%77"), "{shown}");
        }
        for around in ["", "a", "ab", "user:", "user1:"] {
            let encoded = STANDARD.encode(format!("{around}{secret}{around}"));
            let shown = redacted(secret, &encoded);
            assert!(shown.contains(REDACTED), "{encoded}: {shown}");
            assert!(shown.len() < REDACTED.len() + 24, "{shown}");
        }
    }

    #[test]
    fn a_long_token_is_redacted_to_its_end() {
        let token = format!("eyJhbGciOi.{}.tail-{}", "x".repeat(900), "y".repeat(90));
        let shown = redacted(&token, &format!("Bearer {token}, and more"));
        assert_eq!(shown, "Bearer [redacted], and more");
        let cut = token.get(..500).unwrap();
        assert_eq!(redacted(&token, cut), REDACTED);
    }

    #[test]
    fn a_secret_that_a_cut_divides_is_redacted() {
        let shown = |text: &str| redacted("hunter2-hunter2", text);
        assert_eq!(shown("it is `hunter2-h…`"), "it is `[redacted]…`");
        assert_eq!(shown("hunt… and hunter2-…"), "[redacted]… and [redacted]…");
        assert_eq!(shown("a hun… of more"), "a hun… of more");
    }

    #[test]
    fn other_texts_stay() {
        assert_eq!(redacted("abc", "abc"), "abc");
        assert_eq!(
            redacted("hunter2", "100% of hunter3 %zz %4"),
            "100% of hunter3 %zz %4"
        );
        let mut known = Known::default();
        known.learn("hunter2");
        assert_eq!(known.mask(b"\xffhunter2\0"), b"\xff*******\0");
    }
}
