//! Values that differ between versions of the specification.
//!
//! A version inherits: if a map does not name it, it has the value of the version before it.

use std::fmt;
use std::marker::PhantomData;

use indexmap::IndexMap;
use serde::de::{Deserialize, Deserializer, Error, IntoDeserializer, Visitor};

use super::Version;
use crate::data::scalar_or_map;

/// Each value holds for the version that it is stated for and those after it, up to the next that is stated.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(transparent)]
pub struct ByVersion<T>(IndexMap<String, T>);

impl<T> ByVersion<T> {
    /// The value of the version, stated or inherited.
    pub fn get(&self, version: Version) -> Option<&T> {
        version.lineage().find_map(|one| self.stated(one))
    }

    /// The value that is stated for the version itself.
    pub fn stated(&self, version: Version) -> Option<&T> {
        self.0.get(version.name())
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl<T> Default for ByVersion<T> {
    fn default() -> Self {
        Self(IndexMap::new())
    }
}

/// One value for every version, or values by version.
#[derive(Debug, Clone)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(untagged))]
pub enum EachVersion<T> {
    /// The same in every version.
    Same(T),
    /// By version.
    By(ByVersion<OrNone<T>>),
}

impl<T> EachVersion<T> {
    pub fn get(&self, version: Version) -> Option<&T> {
        match self {
            Self::Same(value) => Some(value),
            Self::By(values) => match values.get(version)? {
                OrNone::Some(value) => Some(value),
                OrNone::None => None,
            },
        }
    }

    pub fn names(&self) -> Vec<&str> {
        match self {
            Self::Same(_) => Vec::new(),
            Self::By(values) => values.names().collect(),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for EachVersion<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        scalar_or_map(deserializer, EachVisitor(PhantomData))
    }
}

struct EachVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for EachVisitor<T> {
    type Value = EachVersion<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("one text for all versions, or a map from versions to texts")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<EachVersion<T>, E> {
        T::deserialize(text.into_deserializer()).map(EachVersion::Same)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, map: D) -> Result<Self::Value, D::Error> {
        ByVersion::deserialize(map).map(EachVersion::By)
    }
}

/// A value, or `none`: the version, and those after it, do not have the value of the version before it.
#[derive(Debug, Clone)]
pub enum OrNone<T> {
    /// The value.
    Some(T),
    /// No value.
    None,
}

/// How `none` is written.
const NONE: &str = "none";

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OrNone<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(OrNoneVisitor(PhantomData))
    }
}

struct OrNoneVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for OrNoneVisitor<T> {
    type Value = OrNone<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value, or none")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<OrNone<T>, E> {
        match text {
            NONE => Ok(OrNone::None),
            text => T::deserialize(text.into_deserializer()).map(OrNone::Some),
        }
    }
}

#[cfg(test)]
mod schema {
    use std::borrow::Cow;

    use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
    use serde_json::{Map, Value};

    use super::{ByVersion, NONE, OrNone, Version};

    impl<T: JsonSchema> JsonSchema for ByVersion<T> {
        fn schema_name() -> Cow<'static, str> {
            format!("{}ByVersion", T::schema_name()).into()
        }

        fn json_schema(generator: &mut SchemaGenerator) -> Schema {
            let value: Value = generator.subschema_for::<T>().into();
            let names = Version::ALL.map(|version| (version.name().to_owned(), value.clone()));
            json_schema!({
                "type": "object",
                "additionalProperties": false,
                "properties": Map::from_iter(names),
                "description": "A value for a version and those after it, up to the next version that is named.",
            })
        }
    }

    impl<T: JsonSchema> JsonSchema for OrNone<T> {
        fn schema_name() -> Cow<'static, str> {
            format!("{}OrNone", T::schema_name()).into()
        }

        fn json_schema(generator: &mut SchemaGenerator) -> Schema {
            json_schema!({
                "anyOf": [
                    generator.subschema_for::<T>(),
                    {
                        "const": NONE,
                        "description": "This version, and those after it, do not have the value of the version before.",
                    },
                ],
            })
        }
    }
}
