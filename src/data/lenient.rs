//! Lists and maps that are read to their end even if a part of them is wrong.

use std::fmt;
use std::marker::PhantomData;

use indexmap::IndexMap;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// Reads every element of a list, so that a mistake in one does not hide mistakes in the others. For
/// `#[serde(deserialize_with)]`.
///
/// # Errors
/// That of the first element that is wrong.
pub fn elements<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_seq(Elements(PhantomData))
}

/// Reads every entry of a map, as [`elements`] does of a list.
///
/// # Errors
/// That of the first entry that is wrong.
pub fn entries<'de, D, T>(deserializer: D) -> Result<IndexMap<String, T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_map(Entries(PhantomData))
}

struct Elements<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Elements<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
        let mut elements = Vec::new();
        let mut first = None;
        loop {
            let left = list.size_hint();
            match list.next_element() {
                Ok(Some(element)) => elements.push(element),
                Ok(None) => break,
                // A deserializer that does not go to the next element gives the same error for ever.
                Err(error) if list.size_hint() >= left => return Err(error),
                Err(error) => first = first.or(Some(error)),
            }
        }
        first.map_or(Ok(elements), Err)
    }
}

struct Entries<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Entries<T> {
    type Value = IndexMap<String, T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = IndexMap::new();
        let mut first = None;
        loop {
            let left = map.size_hint();
            match map.next_entry() {
                Ok(Some((key, value))) => {
                    entries.insert(key, value);
                }
                Ok(None) => break,
                Err(error) if map.size_hint() >= left => return Err(error),
                Err(error) => first = first.or(Some(error)),
            }
        }
        first.map_or(Ok(entries), Err)
    }
}
