//! `unique`: a list without duplicates.

use std::collections::HashSet;

use serde_json::Value as Json;

use super::check::{Check, ValueVerdict};
use crate::engine::matching::settling::Settling;

pub struct Unique;

impl Check for Unique {
    fn expected(&self) -> String {
        "without duplicates".to_owned()
    }

    fn check(&self, value: &Json) -> ValueVerdict {
        let mut seen = HashSet::new();
        let mut items = value.as_array().into_iter().flatten().map(Json::to_string);
        let twice = items.find(|item| !seen.insert(item.clone()));
        ValueVerdict::wrong_if(twice.map(|item| format!("with {item} twice")))
    }

    fn settling(&self, _value: &Json) -> Settling {
        // Entries move between pages while others are written.
        Settling::Arrival
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::engine::matching::rules::check::testing::wrong;

    #[test]
    fn the_first_duplicate_is_named() {
        assert_eq!(wrong(&Unique, &json!(["a", "b", {"a": 1}])), None);
        let twice = Some("with \"b\" twice".to_owned());
        assert_eq!(wrong(&Unique, &json!(["a", "b", "b", "a"])), twice);
        assert_eq!(wrong(&Unique, &json!("aa")), None, "another type");
    }
}
