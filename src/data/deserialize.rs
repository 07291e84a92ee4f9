//! The deserializer of data files: serde's types from a tree of values with places.
//!
//! It goes on after a mistake where it can: an unknown key is reported and left out, and [`super::elements`] and
//! [`super::entries`] skip what is wrong. A value with a report is never returned.

use std::cell::RefCell;
use std::ops::Range;

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer,
    MapAccess, SeqAccess, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::node::{Entry, Node, NodeKind};
use super::shape_error::{ShapeError, Wrong};
use super::{Diagnostic, Document, File, suggest};

/// The name by which a type asks for a list as `visit_seq`, and for anything else as `visit_newtype_struct`.
pub const ONE_OR_MANY: &str = "one or many";

/// The name by which a type asks for a map as `visit_newtype_struct`, and for anything else as what it is.
pub const SCALAR_OR_MAP: &str = "scalar or map";

impl Document {
    /// Reads the document as a `T`.
    pub(super) fn deserialize<T: DeserializeOwned>(&self) -> Result<T, Vec<Diagnostic>> {
        let reports = Reports {
            file: &self.file,
            list: RefCell::default(),
        };
        let part = Part {
            node: &self.root,
            name: "",
            element: false,
            place: self.root.span.clone(),
            reports: &reports,
        };
        let value = T::deserialize(part.clone()).map_err(|error| part.report(error));
        let list = reports.list.into_inner();
        value.ok().filter(|_| list.is_empty()).ok_or(list)
    }
}

/// What was found wrong with a file so far.
struct Reports<'a> {
    file: &'a File,
    list: RefCell<Vec<Diagnostic>>,
}

impl Reports<'_> {
    fn add(&self, span: Range<usize>, message: String, help: Option<String>) {
        let mut diagnostic = Diagnostic::new(self.file, span, message);
        if let Some(help) = help {
            diagnostic = diagnostic.help(help);
        }
        self.list.borrow_mut().push(diagnostic);
    }
}

/// A value to deserialize from, with the key that it stands under and the bytes to point at.
#[derive(Clone)]
struct Part<'a> {
    node: &'a Node,
    name: &'a str,
    /// Whether it is an element of the list that stands under the key.
    element: bool,
    place: Range<usize>,
    reports: &'a Reports<'a>,
}

impl<'a> Part<'a> {
    /// Writes the diagnostic of an error.
    fn report(&self, error: ShapeError) {
        if matches!(error.wrong, Wrong::Reported) {
            return;
        }
        let span = error.span.clone().unwrap_or_else(|| self.place.clone());
        let (message, help) = error.sentence(self.name, &self.subject());
        self.reports.add(span, message, help);
    }

    /// The subject of a sentence about it.
    fn subject(&self) -> String {
        match (self.name, self.element) {
            ("", _) => "this file".to_owned(),
            (name, false) => format!("`{name}`"),
            (name, true) => format!("an element of `{name}`"),
        }
    }

    /// The error of a value of another type, with the way out.
    fn mismatch(&self, expected: &str, help: Option<String>) -> ShapeError {
        let found = self.node.describe();
        let sentence = format!("{} must be {expected}, but it is {found}", self.subject());
        self.reports.add(self.place.clone(), sentence, help);
        ShapeError::new(Wrong::Reported)
    }

    fn list(&self) -> Result<Elements<'a>, ShapeError> {
        match &self.node.kind {
            NodeKind::List(items) => Ok(Elements {
                items: items.iter(),
                whole: self.clone(),
            }),
            kind => {
                let written = self.reports.file.text.get(self.node.span.clone());
                let help = match (kind, written) {
                    (NodeKind::Map(_), _) => Some("begin each element with `- `".to_owned()),
                    (NodeKind::Text(_) | NodeKind::Number(_), Some(text)) if text.len() < 80 => {
                        Some(format!("write `[{text}]`"))
                    }
                    _ => None,
                };
                Err(self.mismatch("a list", help))
            }
        }
    }

    fn entries(&self, help: Option<String>) -> Result<Entries<'a>, ShapeError> {
        match &self.node.kind {
            NodeKind::Map(entries) => Ok(Entries {
                entries: entries.iter().collect(),
                next: 0,
                whole: self.clone(),
            }),
            NodeKind::List(_) => {
                let form = "write `NAME: VALUE`, without brackets or `-`".to_owned();
                Err(self.mismatch("a map", help.or(Some(form))))
            }
            _ => Err(self.mismatch("a map", help)),
        }
    }

    /// The keys of a map that a type knows. The others are reported.
    fn known_entries(&self, known: &[&str]) -> Result<(Entries<'a>, bool), ShapeError> {
        let mut found = self.entries(Some(format!("its keys are {}", known.join(", "))))?;
        let all = found.entries.len();
        found.entries.retain(|entry| {
            let is_known = known.contains(&entry.key.as_str());
            if !is_known {
                let help = match suggest(&entry.key, known.iter().copied()) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => format!("the keys here are {}", known.join(", ")),
                };
                let message = format!("unknown key `{}`", entry.key);
                let span = entry.key_span.clone();
                self.reports.add(span, message, Some(help));
            }
            is_known
        });
        let unknown = found.entries.len() < all;
        Ok((found, unknown))
    }

    fn scalar<'de, V: Visitor<'de>>(&self, visitor: V) -> Result<V::Value, ShapeError> {
        let result = match &self.node.kind {
            NodeKind::Null => visitor.visit_unit(),
            NodeKind::Flag(flag) => visitor.visit_bool(*flag),
            NodeKind::Text(text) => visitor.visit_str(text),
            NodeKind::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(number), _, _) => visitor.visit_u64(number),
                (_, Some(number), _) => visitor.visit_i64(number),
                (_, _, number) => visitor.visit_f64(number.unwrap_or_default()),
            },
            NodeKind::List(_) => visitor.visit_seq(self.list()?),
            NodeKind::Map(_) => {
                let mut entries = self.entries(None)?;
                let result = visitor.visit_map(&mut entries);
                return result.map_err(|error| entries.place(error));
            }
        };
        result.map_err(|error| self.settle(error))
    }

    /// An error of this value: it is reported here, where its key is known.
    fn settle(&self, error: ShapeError) -> ShapeError {
        self.report(error);
        ShapeError::new(Wrong::Reported)
    }
}

/// The integers: a number of another range is refused by the visitor, whose type is in no user's words.
macro_rules! whole_numbers {
    ($($name:ident)*) => {
        $(fn $name<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ShapeError> {
            let NodeKind::Number(number) = &self.node.kind else {
                return Err(self.mismatch("a whole number", None));
            };
            let result = match (number.as_u64(), number.as_i64()) {
                (Some(number), _) => visitor.visit_u64(number),
                (None, Some(number)) => visitor.visit_i64(number),
                (None, None) => Err(ShapeError::custom("")),
            };
            result.map_err(|_: ShapeError| self.mismatch("a whole number", None))
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
            _ => Err(self.mismatch("true or false", None)),
        }
    }

    whole_numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ShapeError> {
        match &self.node.kind {
            NodeKind::Text(text) => visitor.visit_str(text).map_err(|error| self.settle(error)),
            NodeKind::Number(_) | NodeKind::Flag(_) => {
                let written = self.reports.file.text.get(self.node.span.clone());
                let help = written.map(|text| format!("write it in quotes: \"{text}\""));
                Err(self.mismatch("a text", help))
            }
            _ => Err(self.mismatch("a text", None)),
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
        result.map_err(|error| entries.place(error))
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
            // The key is there, and misspelt.
            Wrong::Missing(_) if unknown => ShapeError::new(Wrong::Reported),
            _ => entries.place(error),
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
                _ => return Err(self.mismatch(&one_of(known), None)),
            },
            _ => return Err(self.mismatch(&one_of(known), None)),
        };
        let choice = Choice { word, value };
        visitor
            .visit_enum(choice)
            .map_err(|error| self.settle(error))
    }

    forward_to_deserialize_any! {
        i128 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct identifier ignored_any
    }
}

impl<'a> Part<'a> {
    fn below(&self, entry: &'a Entry) -> Self {
        Part {
            node: &entry.value,
            name: &entry.key,
            element: false,
            place: entry.place(),
            reports: self.reports,
        }
    }
}

fn one_of(known: &[&str]) -> String {
    format!("one of {}", known.join(", "))
}

/// The elements of a list. One that is wrong is reported; the next call gives the one after it.
struct Elements<'a> {
    items: std::slice::Iter<'a, Node>,
    whole: Part<'a>,
}

impl<'de> SeqAccess<'de> for Elements<'_> {
    type Error = ShapeError;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, ShapeError> {
        let Some(node) = self.items.next() else {
            return Ok(None);
        };
        let part = Part {
            node,
            element: true,
            place: node.span.clone(),
            ..self.whole.clone()
        };
        match seed.deserialize(part.clone()) {
            Ok(value) => Ok(Some(value)),
            Err(error) => Err(part.settle(error)),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

/// The entries of a map.
struct Entries<'a> {
    entries: Vec<&'a Entry>,
    next: usize,
    whole: Part<'a>,
}

impl Entries<'_> {
    /// An error of the map's type is about the entry that was read last, or about the map when all were read.
    fn place(&self, error: ShapeError) -> ShapeError {
        let last = self.next.checked_sub(1);
        let last = last.and_then(|last| self.entries.get(last));
        let span = match last {
            Some(entry) if !matches!(error.wrong, Wrong::Missing(_)) => &entry.key_span,
            _ => &self.whole.place,
        };
        self.whole.settle(error.at(span))
    }
}

impl<'de> MapAccess<'de> for &mut Entries<'_> {
    type Error = ShapeError;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, ShapeError> {
        let Some(entry) = self.entries.get(self.next) else {
            return Ok(None);
        };
        self.next += 1;
        let key: StrDeserializer<'_, ShapeError> = entry.key.as_str().into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<S::Value, ShapeError> {
        let last = self.next.checked_sub(1);
        let Some(entry) = last.and_then(|last| self.entries.get(last)) else {
            return Err(ShapeError::custom("a value is read before its key"));
        };
        let part = self.whole.below(entry);
        seed.deserialize(part.clone())
            .map_err(|error| part.settle(error))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.entries.len().saturating_sub(self.next))
    }
}

/// A word, or a word with a value: `location`, or `header: NAME`.
struct Choice<'a> {
    word: &'a str,
    value: Option<Part<'a>>,
}

impl<'de, 'a> EnumAccess<'de> for Choice<'a> {
    type Error = ShapeError;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> Result<(S::Value, Self), ShapeError> {
        let word: StrDeserializer<'_, ShapeError> = self.word.into_deserializer();
        Ok((seed.deserialize(word)?, self))
    }
}

impl<'de> VariantAccess<'de> for Choice<'_> {
    type Error = ShapeError;

    fn unit_variant(self) -> Result<(), ShapeError> {
        match self.value {
            None => Ok(()),
            Some(_) => Err(ShapeError::custom(format!(
                "`{}` takes no value",
                self.word
            ))),
        }
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> Result<S::Value, ShapeError> {
        match self.value {
            Some(value) => seed.deserialize(value),
            None => {
                let word = self.word;
                let text = format!("`{word}` needs a value\nwrite `{{ {word}: … }}`");
                Err(ShapeError::custom(text))
            }
        }
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, ShapeError> {
        Err(ShapeError::custom(format!(
            "`{}` takes one value",
            self.word
        )))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ShapeError> {
        self.tuple_variant(0, visitor)
    }
}
