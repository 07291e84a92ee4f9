//! `bytes_at_most`: the bytes of a text, or of all texts of a list.

use serde_json::Value as Json;

use super::check::{Check, ValueVerdict};

pub struct BytesAtMost(pub u64);

impl Check for BytesAtMost {
    fn expected(&self) -> String {
        format!("with at most {} bytes", self.0)
    }

    fn check(&self, value: &Json) -> ValueVerdict {
        let bytes = bytes_of(value);
        ValueVerdict::wrong_if((bytes > self.0).then(|| format!("with {bytes} bytes")))
    }
}

fn bytes_of(value: &Json) -> u64 {
    match value {
        Json::String(text) => text.len() as u64,
        Json::Array(items) => items.iter().map(bytes_of).sum(),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Object(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::engine::matching::rules::check::testing::wrong;

    #[test]
    fn bytes_are_counted_not_characters() {
        let rule = BytesAtMost(3);
        assert_eq!(rule.expected(), "with at most 3 bytes");
        assert_eq!(wrong(&rule, &json!("éa")), None);
        assert_eq!(
            wrong(&rule, &json!(["éa", "b"])),
            Some("with 4 bytes".to_owned())
        );
        assert_eq!(wrong(&rule, &json!(12345)), None, "another type");
    }
}
