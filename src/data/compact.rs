//! The compact form of the bundled files: MessagePack, which `build.rs` makes from the YAML.

use rmp::{Marker, decode};
use serde::de::DeserializeOwned;

use super::node::{Entry, Node, NodeKind};
use super::{Document, File};

/// Reads the compact form of a file; `None` if it is not a `T`. The values have no position in the text.
pub(super) fn read<T: DeserializeOwned>(file: &File, mut bytes: &[u8]) -> Option<T> {
    let root = node(&mut bytes)?;
    Document::new(file, root).deserialize().ok()
}

/// Reads the next value, and moves on behind it.
fn node(bytes: &mut &[u8]) -> Option<Node> {
    let kind = match Marker::from_u8(*bytes.first()?) {
        Marker::Null => {
            decode::read_nil(bytes).ok()?;
            NodeKind::Null
        }
        Marker::True | Marker::False => NodeKind::Flag(decode::read_bool(bytes).ok()?),
        Marker::F64 => NodeKind::Float(decode::read_f64(bytes).ok()?),
        Marker::FixStr(_) | Marker::Str8 | Marker::Str16 | Marker::Str32 => {
            NodeKind::Text(text(bytes)?)
        }
        Marker::FixArray(_) | Marker::Array16 | Marker::Array32 => {
            let length = decode::read_array_len(bytes).ok()?;
            let items = (0..length).map(|_| node(bytes));
            NodeKind::List(items.collect::<Option<_>>()?)
        }
        Marker::FixMap(_) | Marker::Map16 | Marker::Map32 => {
            let length = decode::read_map_len(bytes).ok()?;
            let entries = (0..length).map(|_| entry(bytes));
            NodeKind::Map(entries.collect::<Option<_>>()?)
        }
        _ => NodeKind::Integer(decode::read_int(bytes).ok()?),
    };
    Some(Node { kind, span: 0..0 })
}

fn entry(bytes: &mut &[u8]) -> Option<Entry> {
    Some(Entry {
        key: text(bytes)?,
        key_span: 0..0,
        value: node(bytes)?,
    })
}

fn text(bytes: &mut &[u8]) -> Option<String> {
    let (text, rest) = decode::read_str_from_slice(*bytes).ok()?;
    *bytes = rest;
    Some(text.to_owned())
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
        let mut compact = Vec::new();
        write(content, &mut compact);
        let compact = compact.leak();
        File {
            text: FileText::Bundled(BundledText { text, compact }),
            ..File::new("tea.yaml", "")
        }
    }

    /// What `build.rs` makes of such content.
    fn write(content: &Value, into: &mut Vec<u8>) {
        match content {
            Value::String(text) => rmp::encode::write_str(into, text).unwrap(),
            Value::Object(entries) => {
                rmp::encode::write_map_len(into, entries.len().try_into().unwrap()).unwrap();
                for (key, value) in entries {
                    rmp::encode::write_str(into, key).unwrap();
                    write(value, into);
                }
            }
            number => {
                rmp::encode::write_sint(into, number.as_i64().unwrap()).unwrap();
            }
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
