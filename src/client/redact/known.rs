//! The secrets of the run, found in every form in which a target may send them back: as they are, in JSON and in
//! HTML, in base64 at any offset, in hexadecimal, and with any of it percent-encoded.

use aho_corasick::{AhoCorasick, MatchKind};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::HIDDEN;

/// What is shorter is no secret: to take it out would take out half of a report.
const SHORTEST: usize = 4;

/// Shorter pieces of base64 are found in anything.
const SHORTEST_ENCODED: usize = 6;

/// Of what is longer (a token) the beginning is looked for, and what follows it goes along.
const LONG: usize = 64;

/// How much of a long secret is looked for.
const BEGINNING: usize = 40;

/// The secrets that are known.
#[derive(Debug, Default)]
pub struct Known {
    patterns: Vec<Vec<u8>>,
    found_by: Option<AhoCorasick>,
}

impl Known {
    /// Finds this too from now on.
    pub fn learn(&mut self, secret: &str) {
        if secret.len() < SHORTEST {
            return;
        }
        let before = self.patterns.len();
        for form in forms(secret) {
            if !self.patterns.contains(&form) {
                self.patterns.push(form);
            }
        }
        if self.patterns.len() > before {
            let longest_first = AhoCorasick::builder()
                .match_kind(MatchKind::LeftmostLongest)
                .build(&self.patterns);
            // It fails for more patterns than there is memory.
            self.found_by = longest_first.ok();
        }
    }

    /// A text without them.
    pub fn hide(&self, text: &str) -> String {
        let Some(found_by) = &self.found_by else {
            return text.to_owned();
        };
        let (decoded, places) = decode(text.as_bytes());
        let mut shown = String::new();
        let mut kept = 0;
        for found in found_by.find_iter(&decoded) {
            let mut end = found.end();
            if found.len() >= BEGINNING {
                let rest = decoded.get(end..).unwrap_or_default();
                end += rest.iter().take_while(|byte| is_token(**byte)).count();
            }
            let from = places.get(found.start()).copied().unwrap_or(text.len());
            let to = places.get(end).copied().unwrap_or(text.len());
            // The end of a long one may have covered what is found next.
            if from < kept {
                continue;
            }
            shown.push_str(text.get(kept..from).unwrap_or_default());
            shown.push_str(HIDDEN);
            kept = to;
        }
        shown.push_str(text.get(kept..).unwrap_or_default());
        shown
    }

    /// Bytes with stars in their place.
    pub fn blot(&self, bytes: &[u8]) -> Vec<u8> {
        let mut blotted = bytes.to_vec();
        if let Some(found_by) = &self.found_by {
            for found in found_by.find_iter(bytes) {
                if let Some(part) = blotted.get_mut(found.range()) {
                    part.fill(b'*');
                }
            }
        }
        blotted
    }
}

/// What to look for.
fn forms(secret: &str) -> Vec<Vec<u8>> {
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
            // The characters that hold nothing but the secret, whatever stands around it.
            let (first, last) = ((8 * offset).div_ceil(6), 8 * moved.len() / 6);
            let inner = encoded.get(first..last).unwrap_or_default();
            if inner.len() >= SHORTEST_ENCODED {
                forms.push(inner.as_bytes().to_vec());
            }
        }
    }
    let hex = hex::encode(secret);
    forms.push(hex.to_uppercase().into_bytes());
    forms.push(hex.into_bytes());
    for form in &mut forms {
        if form.len() > LONG && form.iter().all(|byte| is_token(*byte)) {
            form.truncate(BEGINNING);
        }
    }
    forms.sort();
    forms.dedup();
    forms
}

/// What tokens and encoded secrets are made of.
const fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+' | b'/' | b'=')
}

/// A text with what is percent-encoded decoded, and for each byte where it stood; the last place is the end.
fn decode(text: &[u8]) -> (Vec<u8>, Vec<usize>) {
    let mut decoded = Vec::with_capacity(text.len());
    let mut places = Vec::with_capacity(text.len() + 1);
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        let hex = text.get(at + 1..at + 3).filter(|_| *byte == b'%');
        let value = hex
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        places.push(at);
        decoded.push(value.unwrap_or(*byte));
        at += if value.is_some() { 3 } else { 1 };
    }
    places.push(text.len());
    (decoded, places)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use base64::engine::general_purpose::STANDARD;

    fn hidden(secret: &str, text: &str) -> String {
        let mut known = Known::default();
        known.learn(secret);
        known.hide(text)
    }

    #[test]
    fn a_secret_is_found_in_every_form() {
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
            let shown = hidden(secret, &format!("before {text} after"));
            assert!(shown.contains(HIDDEN), "{text}: {shown}");
            assert!(
                shown.starts_with("before ") && shown.ends_with(" after"),
                "{shown}"
            );
            assert!(!shown.contains("w/rd") && !shown.contains("%77"), "{shown}");
        }
        for around in ["", "a", "ab", "user:", "user1:"] {
            let encoded = STANDARD.encode(format!("{around}{secret}{around}"));
            let shown = hidden(secret, &encoded);
            assert!(shown.contains(HIDDEN), "{encoded}: {shown}");
            assert!(shown.len() < HIDDEN.len() + 24, "{shown}");
        }
    }

    #[test]
    fn of_a_token_nothing_is_left() {
        let token = format!("eyJhbGciOi.{}.tail-{}", "x".repeat(900), "y".repeat(90));
        let shown = hidden(&token, &format!("Bearer {token}, and more"));
        assert_eq!(shown, "Bearer [hidden], and more");
        let cut = token.get(..500).unwrap();
        assert_eq!(hidden(&token, cut), HIDDEN);
    }

    #[test]
    fn what_is_no_secret_stays() {
        assert_eq!(hidden("abc", "abc"), "abc");
        assert_eq!(
            hidden("hunter2", "100% of hunter3 %zz %4"),
            "100% of hunter3 %zz %4"
        );
        let mut known = Known::default();
        known.learn("hunter2");
        assert_eq!(known.blot(b"\xffhunter2\0"), b"\xff*******\0");
    }
}
