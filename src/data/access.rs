//! What serde reads a list, a map and an enum from.

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, EnumAccess, Error as _, IntoDeserializer, MapAccess, SeqAccess, VariantAccess,
    Visitor,
};

use super::mismatch::{Mismatch, Wanted, keys, reference, unknown_key};
use super::node::{Entry, Node, NodeKind};
use super::part::Part;
use super::shape_error::{ShapeError, Wrong};

impl<'a> Part<'a> {
    pub fn list(&self) -> Result<Elements<'a>, ShapeError> {
        match &self.node.kind {
            NodeKind::List(items) => Ok(Elements {
                items: items.iter(),
                whole: self.clone(),
            }),
            _ => Err(self.mismatch(Wanted::List, None)),
        }
    }

    pub fn entries(&self, help: Option<String>) -> Result<Entries<'a>, ShapeError> {
        match &self.node.kind {
            NodeKind::Map(entries) => Ok(Entries {
                entries: entries.iter().collect(),
                next: 0,
                whole: self.clone(),
            }),
            _ => Err(self.mismatch(Wanted::Map, help)),
        }
    }

    /// The entries of a map whose keys a type knows, and whether it has others: these are reported.
    pub fn known_entries(&self, known: &[&str]) -> Result<(Entries<'a>, bool), ShapeError> {
        let mut found = self.entries(Some(keys(known)))?;
        let all = found.entries.len();
        let reference = reference(self.node, self.written());
        found.entries.retain(|entry| {
            let is_known = known.contains(&entry.key.as_str());
            if !is_known {
                let Mismatch { message, help } = unknown_key(&entry.key, known);
                let span = entry.key_span.clone();
                self.reports.add(span, message, reference.clone().or(help));
            }
            is_known
        });
        let unknown = found.entries.len() < all;
        Ok((found, unknown))
    }
}

/// The elements of a list. One that is wrong is reported; the next call gives the one after it.
pub(super) struct Elements<'a> {
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
            span: node.span.clone(),
            ..self.whole.clone()
        };
        match seed.deserialize(part.clone()) {
            Ok(value) => Ok(Some(value)),
            Err(error) => Err(part.reported(error)),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

pub(super) struct Entries<'a> {
    entries: Vec<&'a Entry>,
    /// The position of the entry whose key is read next.
    next: usize,
    whole: Part<'a>,
}

impl Entries<'_> {
    /// Reports an error of the map's type at the entry that was read last. A missing key is reported at the map.
    pub fn reported(&self, error: ShapeError) -> ShapeError {
        let last = self.next.checked_sub(1);
        let last = last.and_then(|last| self.entries.get(last));
        let span = match last {
            Some(entry) if !matches!(error.wrong, Wrong::Missing(_)) => &entry.key_span,
            _ => &self.whole.span,
        };
        self.whole.reported(error.at(span))
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
            .map_err(|error| part.reported(error))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.entries.len().saturating_sub(self.next))
    }
}

/// A word, or a word with a value: `location`, or `header: NAME`.
pub(super) struct Choice<'a> {
    pub word: &'a str,
    pub value: Option<Part<'a>>,
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
