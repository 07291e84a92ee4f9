//! `address`: whether a request can be sent to it.

use serde_json::Value as Json;

use super::check::{Check, ValueVerdict};

pub struct Address(pub bool);

impl Check for Address {
    fn expected(&self) -> String {
        match self.0 {
            true => "with a URL for requests".to_owned(),
            false => "without a URL for requests".to_owned(),
        }
    }

    fn check(&self, value: &Json) -> ValueVerdict {
        ValueVerdict::of(is_address(value.as_str().unwrap_or_default()) == self.0)
    }
}

/// Whether a request can be sent to a URL, absolute or relative (RFC 9110, section 10.2.2), by http or https.
fn is_address(text: &str) -> bool {
    let somewhere = url::Url::parse("http://registry.example/v2/");
    let resolved = somewhere.and_then(|base| base.join(text.trim()));
    let by_http = |url: url::Url| matches!(url.scheme(), "http" | "https") && url.has_host();
    !text.trim().is_empty() && resolved.is_ok_and(by_http)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::engine::matching::rules::check::testing::wrong;

    #[test]
    fn absolute_and_relative_urls_are_addresses() {
        for right in ["https://registry.example/v2/", "/v2/a", "uploads/1?x=y"] {
            assert_eq!(wrong(&Address(true), &json!(right)), None, "{right}");
            assert_eq!(wrong(&Address(false), &json!(right)), Some(String::new()));
        }
    }

    #[test]
    fn other_schemes_and_other_types_are_not() {
        for other in [json!(""), json!("ftp://a/b"), json!("http://"), json!(1)] {
            assert_eq!(
                wrong(&Address(true), &other),
                Some(String::new()),
                "{other}"
            );
        }
    }
}
