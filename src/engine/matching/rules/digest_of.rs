//! `digest_of`: a digest of some bytes.

use serde_json::Value as Json;

use super::check::{Check, ValueVerdict};
use crate::data::count;
use crate::engine::matching::body_bytes::BodyBytes;
use crate::engine::matching::settling::Settling;

pub struct DigestOf(pub BodyBytes);

impl Check for DigestOf {
    fn expected(&self) -> String {
        format!("with a digest of the {}", count(self.0.len(), "byte"))
    }

    fn check(&self, value: &Json) -> ValueVerdict {
        let text = value.as_str().unwrap_or_default();
        ValueVerdict::of(self.0.is_digest(text) != Some(false) && has_form(text))
    }

    fn settling(&self, _value: &Json) -> Settling {
        Settling::Arrival
    }
}

/// Whether a text has the form `algorithm:encoded`. Digests of algorithms that assay cannot compute are accepted by their
/// form.
fn has_form(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let word = |part: &str| !part.is_empty() && part.chars().all(plain);
    let encoded_in = |c: char| c.is_ascii_alphanumeric() || matches!(c, '=' | '_' | '-');
    text.split_once(':').is_some_and(|(algorithm, encoded)| {
        algorithm.split(['+', '.', '_', '-']).all(word)
            && !encoded.is_empty()
            && encoded.chars().all(encoded_in)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use bytes::Bytes;

    use super::*;
    use crate::engine::matching::rules::check::testing::wrong;

    /// The sha256 digest of no bytes.
    const EMPTY: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn of(bytes: &'static [u8]) -> DigestOf {
        DigestOf(BodyBytes::Kept(Bytes::from_static(bytes)))
    }

    #[test]
    fn a_right_digest_holds() {
        assert_eq!(wrong(&of(b""), &json!(EMPTY)), None);
        let unknown = json!("blake3:af1349b9f5f9a1a6");
        assert_eq!(wrong(&of(b""), &unknown), None, "unknown algorithm");
    }

    #[test]
    fn a_digest_of_other_bytes_and_other_texts_do_not() {
        let rule = of(b"a");
        assert_eq!(rule.expected(), "with a digest of the 1 byte");
        for other in [
            json!(EMPTY),
            json!("sha256"),
            json!("a b:c"),
            json!(""),
            json!(7),
        ] {
            assert_eq!(wrong(&rule, &other), Some(String::new()), "{other}");
        }
    }
}
