//! Rules for a single value: a header, or a value in a JSON body.

use std::fmt;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};
use serde_json::Value;

use super::OneOrMany;
use crate::data::SCALAR_OR_MAP;

/// What a value must be: the value itself, or rules for it.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(untagged)]
pub enum RuleText {
    /// Equal to this text.
    Text(String),
    /// Equal to this number.
    Number(i64),
    /// Equal to this.
    Flag(bool),
    /// What the rules say.
    Rules(Box<RulesText>),
}

/// Rules for a value. Every key that is named must hold.
#[derive(Debug, Clone, Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RulesText {
    /// Whether it is there at all.
    pub present: Option<bool>,
    /// Equal to this value.
    pub equals: Option<Value>,
    /// Equal to one of these.
    pub one_of: Option<Vec<Value>>,
    /// Equal to none of these.
    pub none_of: Option<Vec<Value>>,
    /// A regular expression that the whole text matches.
    pub matches: Option<String>,
    /// A digest, by whatever algorithm, of these bytes.
    pub digest_of: Option<String>,
    /// A media type, parameters aside.
    pub media_type: Option<String>,
    /// Whether a request can be sent to it: an address of http or https, whole or relative to where it stands.
    pub address: Option<bool>,
    /// Its JSON type: one of array, object, string, number, boolean, null.
    #[serde(rename = "type")]
    pub json_type: Option<OneOrMany<String>>,
    /// A list that has each of these (an object: one with at least these members); a text that has this part.
    pub contains: Option<OneOrMany<Value>>,
    /// A list that has none of these; a text without this part.
    pub excludes: Option<OneOrMany<Value>>,
    /// Parts of a comma-separated header, over all its lines, in any order.
    pub lists: Option<OneOrMany<String>>,
    /// The only parts that a comma-separated header may have.
    pub lists_only: Option<OneOrMany<String>>,
    /// A list in the order that the specification gives for `tags`.
    pub sorted: Option<Sorting>,
    /// A list without a value twice.
    pub unique: Option<bool>,
    /// How many elements (characters, for a text) it has.
    pub length: Option<u64>,
    /// The most elements it may have.
    pub at_most: Option<u64>,
    /// The fewest elements it may have.
    pub at_least: Option<u64>,
    /// The most bytes that a text, or all texts of a list together, may have.
    pub bytes_at_most: Option<u64>,
    /// What each element of a list must be.
    pub each: Option<Box<RuleText>>,
    /// Values inside it, by JSON pointer.
    #[serde(default)]
    pub json: IndexMap<String, RuleText>,
}

/// An order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Sorting {
    /// Of tags: by bytes, or alphabetical regardless of case.
    Tags,
    /// Alphabetical regardless of case.
    Letters,
}

impl<'de> Deserialize<'de> for RuleText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(SCALAR_OR_MAP, RuleVisitor)
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
