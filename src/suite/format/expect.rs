//! The map of expectations: from requirements to matchers.

use std::fmt;

use indexmap::IndexMap;
use serde::de::{Deserializer, Error, MapAccess, Visitor};

use super::{MatcherText, OneOrMany};
use crate::data::fields_of;

/// Reads `expect`, to its end although an entry is wrong.
///
/// # Errors
/// That of the first entry that is wrong.
pub(super) fn expectations<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<IndexMap<String, OneOrMany<MatcherText>>, D::Error> {
    deserializer.deserialize_map(ExpectVisitor)
}

struct ExpectVisitor;

impl<'de> Visitor<'de> for ExpectVisitor {
    type Value = IndexMap<String, OneOrMany<MatcherText>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map of requirements to what they demand")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        // A requirement has no such name: one of them in its place means that the requirement was left out.
        let matcher_keys = fields_of::<MatcherText>();
        let mut expectations = IndexMap::new();
        let mut first = None;
        while let Some(requirement) = map.next_key::<String>()? {
            if matcher_keys.contains(&requirement.as_str()) {
                return Err(A::Error::custom(format!(
                    "`{requirement}` is not a requirement\n`expect` names the requirement first: \
                     `expect: {{ REQUIREMENT: {{ {requirement}: … }} }}`"
                )));
            }
            match map.next_value() {
                Ok(matcher) => {
                    expectations.insert(requirement, matcher);
                }
                Err(error) => first = first.or(Some(error)),
            }
        }
        first.map_or(Ok(expectations), Err)
    }
}
