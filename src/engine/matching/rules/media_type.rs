//! `media_type`: a media type, without its parameters and in any case.

use serde_json::Value as Json;

use super::check::{Check, ValueVerdict};
use crate::engine::matching::settling::Settling;

pub struct MediaType(pub String);

impl Check for MediaType {
    fn expected(&self) -> String {
        format!("with the type `{}`", self.0)
    }

    fn check(&self, value: &Json) -> ValueVerdict {
        let text = value.as_str().unwrap_or_default();
        let bare = text.split(';').next().unwrap_or_default().trim();
        ValueVerdict::of(self.0.eq_ignore_ascii_case(bare))
    }

    fn settling(&self, _value: &Json) -> Settling {
        Settling::Arrival
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::engine::matching::rules::check::testing::wrong;

    #[test]
    fn parameters_and_case_do_not_matter() {
        let rule = MediaType("application/json".to_owned());
        assert_eq!(rule.expected(), "with the type `application/json`");
        for right in ["application/json", "Application/JSON; charset=utf-8"] {
            assert_eq!(wrong(&rule, &json!(right)), None, "{right}");
        }
        for other in [json!("application/json+x"), json!("text/plain"), json!(1)] {
            assert_eq!(wrong(&rule, &other), Some(String::new()), "{other}");
        }
    }
}
