//! The compact form of the bundled files: MessagePack, which `build.rs` makes from the YAML.
//!
//! The same types are read from it as from a [`super::Document`]. Where a value may have several forms, a document says
//! by the name of the type which form it has; MessagePack says so by itself.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{
    DeserializeOwned, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};

use super::deserialize::{ONE_OR_MANY, SCALAR_OR_MAP};

/// Reads a value; `None` if it is not a `T`.
pub(super) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    rmp_serde::from_slice(bytes).ok()
}

/// Reads one value or a list of them: a list by `visit_seq`, and any other value by `visit_newtype_struct`.
///
/// # Errors
/// Those of the visitor.
pub fn one_or_many<'de, D: Deserializer<'de>, V: Visitor<'de>>(
    deserializer: D,
    visitor: V,
) -> Result<V::Value, D::Error> {
    match deserializer.is_human_readable() {
        true => deserializer.deserialize_newtype_struct(ONE_OR_MANY, visitor),
        false => deserializer.deserialize_any(OneOf {
            visitor,
            by_type: false,
        }),
    }
}

/// Reads a scalar or a map: a map by `visit_newtype_struct`, and any other value by the method of its own type.
///
/// # Errors
/// Those of the visitor.
pub fn scalar_or_map<'de, D: Deserializer<'de>, V: Visitor<'de>>(
    deserializer: D,
    visitor: V,
) -> Result<V::Value, D::Error> {
    match deserializer.is_human_readable() {
        true => deserializer.deserialize_newtype_struct(SCALAR_OR_MAP, visitor),
        false => deserializer.deserialize_any(OneOf {
            visitor,
            by_type: true,
        }),
    }
}

/// Calls the method of a visitor that a document calls for the same value.
struct OneOf<V> {
    visitor: V,
    /// Whether the visitor has a method for each type of scalar.
    by_type: bool,
}

macro_rules! scalars {
    ($($method:ident $type:ty;)*) => {
        $(fn $method<E: Error>(self, value: $type) -> Result<V::Value, E> {
            match self.by_type {
                true => self.visitor.$method(value),
                false => self.visitor.visit_newtype_struct(value.into_deserializer()),
            }
        })*
    };
}

impl<'de, V: Visitor<'de>> Visitor<'de> for OneOf<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    scalars! {
        visit_bool bool;
        visit_i64 i64;
        visit_u64 u64;
        visit_f64 f64;
        visit_str &str;
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<V::Value, A::Error> {
        self.visitor.visit_seq(list)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.visitor
            .visit_newtype_struct(MapAccessDeserializer::new(map))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::{Value, json};

    use super::super::{BundledText, File, FileText, load, parsed_texts};

    #[derive(Debug, PartialEq, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Tea {
        cups: u8,
    }

    fn bundled(text: &'static str, content: &Value) -> File {
        let compact = rmp_serde::to_vec(content).unwrap().leak();
        File {
            text: FileText::Bundled(BundledText { text, compact }),
            ..File::new("tea.yaml", "")
        }
    }

    #[test]
    fn the_text_of_a_bundled_file_is_parsed_for_a_position_alone() {
        let file = bundled("pot: warm\ncups: 2\n", &json!({ "cups": 2 }));
        let before = parsed_texts();
        let loaded = load::<Tea>(&file).unwrap();
        assert_eq!(loaded.value, Tea { cups: 2 });
        assert_eq!(parsed_texts(), before);
        assert_eq!(loaded.span.at("cups").line(), 2);
        assert_eq!(loaded.span.at("cups").diagnostic("cold").line(), 2);
        assert_eq!(parsed_texts(), before + 1);
    }

    #[test]
    fn a_mistake_in_a_bundled_file_has_its_line() {
        for (text, content) in [
            ("\ncups: many\n", json!({ "cups": "many" })),
            ("cups: 2\ncup: 1\n", json!({ "cups": 2, "cup": 1 })),
            ("\ncups: 256\n", json!({ "cups": 256 })),
        ] {
            let found = load::<Tea>(&bundled(text, &content)).unwrap_err();
            let lines: Vec<usize> = found.iter().map(|one| one.line()).collect();
            assert_eq!(lines, [2], "{text}");
        }
    }
}
