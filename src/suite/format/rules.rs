//! Rules for a single value: a header, or a value in a JSON body.

use std::fmt;

use indexmap::IndexMap;
use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};
use serde_json::Value;

use super::OneOrMany;
use crate::data::scalar_or_map;

/// The expected value, or rules for the value.
#[derive(Debug, Clone)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(untagged))]
pub enum RuleText {
    /// The value equals this text.
    Text(String),
    /// The value equals this number.
    Number(i64),
    /// The value equals true or false.
    Flag(bool),
    /// The value meets these rules.
    Rules(Box<RulesText>),
}

/// Rules for a value. The value must meet all of them.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RulesText {
    /// Whether the value is present.
    pub present: Option<bool>,
    /// The value equals this value.
    pub equals: Option<Value>,
    /// The value equals one of these.
    pub one_of: Option<Vec<Value>>,
    /// The value equals none of these.
    pub none_of: Option<Vec<Value>>,
    /// A regular expression that the whole text matches.
    pub matches: Option<String>,
    /// What `matches` describes, in words. Reports say this instead of the expression.
    pub form: Option<String>,
    /// The value is a digest of these bytes, by any algorithm.
    pub digest_of: Option<String>,
    /// The value is this media type; parameters are ignored.
    pub media_type: Option<String>,
    /// Whether the value is an http or https URL, absolute or relative to the URL of the request.
    pub address: Option<bool>,
    /// The JSON type: one of array, object, string, number, boolean, null.
    #[serde(rename = "type")]
    pub json_type: Option<OneOrMany<String>>,
    /// A list contains each of these values (for an object: an object with at least these members); a text contains this
    /// text.
    pub contains: Option<OneOrMany<Value>>,
    /// A list contains none of these values; a text does not contain this text.
    pub excludes: Option<OneOrMany<Value>>,
    /// A comma-separated header has each of these parts, on any of its lines and in any order.
    pub lists: Option<OneOrMany<String>>,
    /// A comma-separated header has no other parts than these.
    pub lists_only: Option<OneOrMany<String>>,
    /// The list is in this order.
    pub sorted: Option<Sorting>,
    /// `true`: the list has no value twice.
    pub unique: Option<bool>,
    /// The number of elements of a list, or of characters of a text.
    pub length: Option<u64>,
    /// The maximum number of elements of a list, or of characters of a text.
    pub at_most: Option<u64>,
    /// The minimum number of elements of a list, or of characters of a text.
    pub at_least: Option<u64>,
    /// The maximum number of bytes of a text, or of all texts of a list together.
    pub bytes_at_most: Option<u64>,
    /// The rule for each element of a list.
    pub each: Option<Box<RuleText>>,
    /// Rules for values inside the value, by JSON pointer.
    #[serde(default)]
    pub json: IndexMap<String, RuleText>,
}

/// An order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Sorting {
    /// The order of tags: by bytes, or alphabetical regardless of case.
    Tags,
    /// Alphabetical regardless of case.
    Letters,
}

impl<'de> Deserialize<'de> for RuleText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        scalar_or_map(deserializer, RuleVisitor)
    }
}

struct RuleVisitor;

impl<'de> Visitor<'de> for RuleVisitor {
    type Value = RuleText;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value (a text, a whole number, true or false), or a map of rules")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<RuleText, E> {
        Ok(RuleText::Text(text.to_owned()))
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<RuleText, E> {
        Ok(RuleText::Flag(flag))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<RuleText, E> {
        Ok(RuleText::Number(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<RuleText, E> {
        let small = i64::try_from(number);
        small
            .map(RuleText::Number)
            .map_err(|_| E::invalid_value(Unexpected::Unsigned(number), &self))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, map: D) -> Result<RuleText, D::Error> {
        let rules = RulesText::deserialize(map)?;
        Ok(RuleText::Rules(Box::new(rules)))
    }
}
