//! The known secrets of the run, found in every encoding that a registry may send back ([`encodings`]), and each of these
//! percent-encoded.

use aho_corasick::{AhoCorasick, AhoCorasickKind, Match, MatchKind};

use super::encodings::{MIN_SECRET, encodings};
use super::percent::Decoded;
use super::redacted::REDACTED;

/// A secret longer than this, in bytes, is found by its beginning: a token that is cut short is found too, and no secret
/// costs more memory.
const LONG_SECRET: usize = 64;

/// The length of the beginning of a long secret, in bytes.
const BEGINNING: usize = 40;

/// The most bytes that are known of what follows the beginning of a secret that is no token.
const MAX_TAIL: usize = 1024;

/// Where a text was cut.
const ELLIPSIS: char = '…';

/// The known secrets.
#[derive(Debug, Default)]
pub struct Known {
    patterns: Vec<Pattern>,
    searcher: Option<AhoCorasick>,
}

/// A text to search for.
#[derive(Debug)]
struct Pattern {
    beginning: Vec<u8>,
    tails: Vec<Tail>,
}

/// What follows the beginning of a secret.
#[derive(Debug, PartialEq, Eq)]
enum Tail {
    /// Characters of a token.
    Token,
    /// These bytes, at most [`MAX_TAIL`].
    Known(Vec<u8>),
}

impl Known {
    /// Redacts this secret from now on.
    pub fn learn(&mut self, secret: &str) {
        if secret.len() < MIN_SECRET {
            return;
        }
        let before = self.patterns.len();
        for form in encodings(secret) {
            self.add(form);
        }
        if self.patterns.len() > before {
            // The fastest automaton takes memory for each byte of a pattern and each byte that may follow.
            let longest_first = AhoCorasick::builder()
                .match_kind(MatchKind::LeftmostLongest)
                .kind(Some(AhoCorasickKind::ContiguousNFA))
                .build(self.patterns.iter().map(|one| &one.beginning));
            // Building fails only for more patterns than memory can hold.
            self.searcher = longest_first.ok();
        }
    }

    fn add(&mut self, mut form: Vec<u8>) {
        let mut rest = match form.len() > LONG_SECRET {
            true => form.split_off(BEGINNING),
            false => Vec::new(),
        };
        let token = !rest.is_empty() && form.iter().chain(&rest).all(|byte| is_token(*byte));
        rest.truncate(MAX_TAIL);
        let tail = match token {
            true => Tail::Token,
            false => Tail::Known(rest),
        };
        match self.patterns.iter_mut().find(|one| one.beginning == form) {
            Some(known) if known.tails.contains(&tail) => {}
            Some(known) => known.tails.push(tail),
            None => self.patterns.push(Pattern {
                beginning: form,
                tails: vec![tail],
            }),
        }
    }

    /// Where the secret ends whose beginning was found: with the rest that is known, and with what may belong to it.
    fn end(&self, found: &Match, bytes: &[u8]) -> usize {
        let rest = bytes.get(found.end()..).unwrap_or_default();
        let pattern = self.patterns.get(found.pattern().as_usize());
        let (Some(pattern), true) = (pattern, found.len() >= BEGINNING) else {
            return found.end();
        };
        let known = pattern.tails.iter().map(|tail| match tail {
            Tail::Token => (0, true),
            Tail::Known(tail) => {
                let shared = tail.iter().zip(rest).take_while(|(a, b)| a == b).count();
                (shared, shared == tail.len() && shared < MAX_TAIL)
            }
        });
        let (length, whole) = known.max().unwrap_or_default();
        let belongs = if whole { is_token } else { is_unquoted };
        let more = rest.iter().skip(length);
        let more = more.take_while(|byte| belongs(**byte)).count();
        found.end() + length + more
    }

    /// A text in which the known secrets are redacted.
    pub fn redact(&self, text: &str) -> String {
        let Some(searcher) = &self.searcher else {
            return text.to_owned();
        };
        let decoded = Decoded::of(text.as_bytes());
        let mut shown = String::new();
        // The end of the last secret, in the text and in the decoded bytes.
        let (mut kept, mut done) = (0, 0);
        for found in searcher.find_iter(&decoded.bytes) {
            // A long secret may contain the next match.
            if found.start() < done {
                continue;
            }
            done = self.end(&found, &decoded.bytes);
            // A secret in percent-encoding may begin or end inside a character.
            let mut from = decoded.offset(found.start());
            while !text.is_char_boundary(from) {
                from -= 1;
            }
            shown.push_str(text.get(kept..from).unwrap_or_default());
            shown.push_str(REDACTED);
            kept = decoded.offset(done);
            while !text.is_char_boundary(kept) {
                kept += 1;
            }
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
            let longest = known
                .map(|pattern| shared_edge(part, &pattern.beginning))
                .max();
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
            let mut done = 0;
            for found in searcher.find_iter(bytes) {
                if found.start() < done {
                    continue;
                }
                done = self.end(&found, bytes);
                if let Some(part) = masked.get_mut(found.start()..done) {
                    part.fill(b'*');
                }
            }
        }
        masked
    }
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

/// Whether a byte may be part of a secret of which only the beginning is known.
const fn is_unquoted(byte: u8) -> bool {
    !byte.is_ascii_whitespace() && !byte.is_ascii_control() && !matches!(byte, b'"' | b'\'')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use base64::Engine as _;
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
            // As Go, Python and PHP write JSON.
            r#"p\u0026ss \"w/rd\u003c1\u003e'é"#.to_owned(),
            r#"p&ss \"w/rd<1>'\u00e9"#.to_owned(),
            r#"p&ss \"w\/rd<1>'\u00e9"#.to_owned(),
            "p&amp;ss &quot;w/rd&lt;1&gt;&#39;é".to_owned(),
            // As Go and Python write HTML.
            "p&amp;ss &#34;w/rd&lt;1&gt;&#39;é".to_owned(),
            "p&amp;ss &quot;w/rd&lt;1&gt;&#x27;é".to_owned(),
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
    fn a_secret_with_a_percent_sign_is_found() {
        for secret in ["ab%41cd99", "a+b%2fc<d>"] {
            for text in [
                secret.to_owned(),
                url::form_urlencoded::byte_serialize(secret.as_bytes()).collect(),
                secret.replace('<', r"\u003c").replace('>', r"\u003e"),
                "a&#43;b%2fc&lt;d&gt;".to_owned(),
            ] {
                let known = text != "a&#43;b%2fc&lt;d&gt;" || secret.starts_with("a+b");
                let shown = redacted(secret, &format!("it is {text} here"));
                assert_eq!(shown == "it is [redacted] here", known, "{text}: {shown}");
            }
        }
    }

    #[test]
    fn a_secret_of_any_length_takes_little_memory() {
        for part in ["&", "x", "a b", "é", "\"", "%41"] {
            let secret = part.repeat(1 << 16);
            let mut known = Known::default();
            known.learn(&secret);
            assert!(
                known
                    .patterns
                    .iter()
                    .all(|one| one.beginning.len() <= LONG_SECRET)
            );
            let searcher = known.searcher.as_ref().unwrap();
            assert!(searcher.memory_usage() < 1 << 18, "{part}");
            let shown = known.redact(&format!("before {secret} after"));
            assert!(shown.starts_with("before [redacted]"), "{part}");
        }
    }

    #[test]
    fn a_long_secret_is_redacted_to_its_end() {
        let phrase = "correct horse battery staple ".repeat(4) + "and more";
        let shown = redacted(&phrase, &format!("it is {phrase}, and that is all"));
        assert_eq!(shown, "it is [redacted], and that is all");
        let key = "&<>!".repeat(30);
        let shown = redacted(&key, &format!("\"{key}\" and {}…", key.get(..90).unwrap()));
        assert_eq!(shown, "\"[redacted]\" and [redacted]");
        let token = format!("eyJhbGciOi.{}", "x".repeat(900));
        let mut known = Known::default();
        known.learn(&token);
        let masked = known.mask(format!("\0{token} and").as_bytes());
        assert_eq!(
            masked,
            format!("\0{} and", "*".repeat(token.len())).as_bytes()
        );
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
