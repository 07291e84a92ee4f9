//! The compact form of the bundled files: MessagePack, which `build.rs` makes from the YAML.

use std::fmt;

use serde::de::{
    Deserialize, DeserializeOwned, Deserializer, Error, MapAccess, SeqAccess, Visitor,
};

use super::node::{Entry, Node, NodeKind};
use super::{Document, File};

/// Reads the compact form of a file; `None` if it is not a `T`. The values have no position in the text.
pub(super) fn read<T: DeserializeOwned>(file: &File, bytes: &[u8]) -> Option<T> {
    let root: Node = rmp_serde::from_slice(bytes).ok()?;
    Document::new(file, root).deserialize().ok()
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let kind = deserializer.deserialize_any(NodeVisitor)?;
        Ok(Self { kind, span: 0..0 })
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = NodeKind;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of a data file")
    }

    fn visit_unit<E: Error>(self) -> Result<NodeKind, E> {
        Ok(NodeKind::Null)
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<NodeKind, E> {
        Ok(NodeKind::Flag(flag))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<NodeKind, E> {
        Ok(NodeKind::Integer(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<NodeKind, E> {
        number.try_into().map(NodeKind::Integer).map_err(E::custom)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<NodeKind, E> {
        Ok(NodeKind::Float(number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<NodeKind, E> {
        Ok(NodeKind::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<NodeKind, A::Error> {
        let mut items = Vec::with_capacity(list.size_hint().unwrap_or(0));
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(NodeKind::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<NodeKind, A::Error> {
        let mut entries = Vec::with_capacity(map.size_hint().unwrap_or(0));
        while let Some((key, value)) = map.next_entry()? {
            entries.push(Entry {
                key,
                key_span: 0..0,
                value,
            });
        }
        Ok(NodeKind::Map(entries))
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
