//! The deserializer of data files: from a tree of values with their spans to serde's types.
//!
//! It continues after a mistake if it can: an unknown key is reported and left out, and [`super::elements`] and
//! [`super::entries`] skip the parts that are wrong. A file with a diagnostic gives no value.

use std::cell::RefCell;

use serde::de::{DeserializeOwned, Deserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::access::Choice;
use super::mismatch::Wanted;
use super::node::NodeKind;
use super::part::{Part, Reports};
use super::shape_error::{ShapeError, Wrong};
use super::{Diagnostic, Document};

/// A type of this name gets a list by `visit_seq`, and any other value by `visit_newtype_struct`.
const ONE_OR_MANY: &str = "one or many";

/// A type of this name gets a map by `visit_newtype_struct`, and any other value by the method of its own type.
const SCALAR_OR_MAP: &str = "scalar or map";

/// Reads one value or a list of them: a list by `visit_seq`, and any other value by `visit_newtype_struct`.
///
/// # Errors
/// Those of the visitor.
pub fn one_or_many<'de, D: Deserializer<'de>, V: Visitor<'de>>(
    deserializer: D,
    visitor: V,
) -> Result<V::Value, D::Error> {
    deserializer.deserialize_newtype_struct(ONE_OR_MANY, visitor)
}

/// Reads a scalar or a map: a map by `visit_newtype_struct`, and any other value by the method of its own type.
///
/// # Errors
/// Those of the visitor.
pub fn scalar_or_map<'de, D: Deserializer<'de>, V: Visitor<'de>>(
    deserializer: D,
    visitor: V,
) -> Result<V::Value, D::Error> {
    deserializer.deserialize_newtype_struct(SCALAR_OR_MAP, visitor)
}

impl Document {
    pub(super) fn deserialize<T: DeserializeOwned>(&self) -> Result<T, Vec<Diagnostic>> {
        let reports = Reports {
            file: &self.file,
            list: RefCell::default(),
        };
        let part = Part {
            node: self.root(),
            name: "",
            element: false,
            span: self.root().span.clone(),
            reports: &reports,
        };
        let value = T::deserialize(part.clone()).map_err(|error| part.report(error));
        let list = reports.list.into_inner();
        value.ok().filter(|_| list.is_empty()).ok_or(list)
    }
}

impl Part<'_> {
    fn scalar<'de, V: Visitor<'de>>(&self, visitor: V) -> Result<V::Value, ShapeError> {
        let result = match &self.node.kind {
            NodeKind::Null => visitor.visit_unit(),
            NodeKind::Flag(flag) => visitor.visit_bool(*flag),
            NodeKind::Text(text) => visitor.visit_str(text),
            NodeKind::Integer(number) => match u64::try_from(*number) {
                Ok(number) => visitor.visit_u64(number),
                Err(_) => visitor.visit_i64(*number),
            },
            NodeKind::Float(number) => visitor.visit_f64(*number),
            NodeKind::List(_) => visitor.visit_seq(self.list()?),
            NodeKind::Map(_) => {
                let mut entries = self.entries(None)?;
                let result = visitor.visit_map(&mut entries);
                return result.map_err(|error| entries.reported(error));
            }
        };
        result.map_err(|error| self.reported(error))
    }
}

/// The integers. The visitor refuses a number out of its range; its error names a Rust type, so that a sentence of our
/// own replaces it.
macro_rules! whole_numbers {
    ($($name:ident)*) => {
        $(fn $name<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ShapeError> {
            let NodeKind::Integer(number) = self.node.kind else {
                return Err(self.mismatch(Wanted::WholeNumber, None));
            };
            let result = match u64::try_from(number) {
                Ok(number) => visitor.visit_u64(number),
                Err(_) => visitor.visit_i64(number),
            };
            result.map_err(|_: ShapeError| self.mismatch(Wanted::WholeNumber, None))
        })*
    };
}

impl<'de> Deserializer<'de> for Part<'_> {
    type Error = ShapeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ShapeError> {
        self.scalar(visitor)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ShapeError> {
        match self.node.kind {
            NodeKind::Flag(flag) => visitor.visit_bool(flag),
            _ => Err(self.mismatch(Wanted::Flag, None)),
        }
    }

    whole_numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ShapeError> {
        match &self.node.kind {
            NodeKind::Text(text) => visitor
                .visit_str(text)
                .map_err(|error| self.reported(error)),
            _ => Err(self.mismatch(Wanted::Text, None)),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ShapeError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ShapeError> {
        match self.node.kind {
            NodeKind::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ShapeError> {
        match (name, &self.node.kind) {
            (ONE_OR_MANY, NodeKind::List(_)) => visitor.visit_seq(self.list()?),
            (SCALAR_OR_MAP, NodeKind::Map(_)) => visitor.visit_newtype_struct(self),
            (SCALAR_OR_MAP, _) => self.scalar(visitor),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ShapeError> {
        visitor.visit_seq(self.list()?)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ShapeError> {
        let mut entries = self.entries(None)?;
        let result = visitor.visit_map(&mut entries);
        result.map_err(|error| entries.reported(error))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        known: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ShapeError> {
        let (mut entries, unknown) = self.known_entries(known)?;
        let result = visitor.visit_map(&mut entries);
        result.map_err(|error| match error.wrong {
            // The missing key may be the unknown one, misspelt: one diagnostic is enough.
            Wrong::Missing(_) if unknown => ShapeError::new(Wrong::Reported),
            _ => entries.reported(error),
        })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        known: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ShapeError> {
        let (word, value) = match &self.node.kind {
            NodeKind::Text(word) => (word.as_str(), None),
            NodeKind::Map(entries) => match entries.as_slice() {
                [one] => (one.key.as_str(), Some(self.below(one))),
                _ => return Err(self.not_one_of(known)),
            },
            _ => return Err(self.not_one_of(known)),
        };
        let choice = Choice { word, value };
        visitor
            .visit_enum(choice)
            .map_err(|error| self.reported(error))
    }

    forward_to_deserialize_any! {
        i128 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct identifier ignored_any
    }
}
