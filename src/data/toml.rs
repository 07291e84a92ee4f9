//! Parses TOML to the same tree as YAML.

use std::ops::Range;

use serde_json::Number;
use toml::de::{DeTable, DeValue};

use super::node::{DEEPEST, Entry, Node, NodeKind};
use super::{Diagnostic, Document, File};

impl Document {
    /// Parses the text of a TOML file.
    ///
    /// # Errors
    /// One diagnostic, if the text is not TOML or nests too deep.
    pub fn parse_toml(file: &File) -> Result<Self, Diagnostic> {
        let table = DeTable::parse(&file.text).map_err(|error| {
            let span = error.span().unwrap_or(0..0);
            Diagnostic::new(file, span, format!("this is not TOML: {}", error.message()))
        })?;
        let kind = Reader { file }.table(table.get_ref(), 0)?;
        let root = Node { kind, span: 0..0 };
        Ok(Self {
            file: file.clone(),
            root,
        })
    }
}

struct Reader<'a> {
    file: &'a File,
}

impl Reader<'_> {
    fn table(&self, table: &DeTable<'_>, depth: usize) -> Result<NodeKind, Diagnostic> {
        let mut entries = Vec::new();
        for (key, value) in table {
            entries.push(Entry {
                key: key.get_ref().clone().into_owned(),
                key_span: key.span(),
                value: self.value(value.get_ref(), value.span(), depth)?,
            });
        }
        Ok(NodeKind::Map(entries))
    }

    fn value(
        &self,
        value: &DeValue<'_>,
        span: Range<usize>,
        depth: usize,
    ) -> Result<Node, Diagnostic> {
        let refused = |message: &str| Diagnostic::new(self.file, span.clone(), message);
        if depth > DEEPEST {
            return Err(refused("this nests too deep"));
        }
        let kind = match value {
            DeValue::String(text) => NodeKind::Text(text.clone().into_owned()),
            DeValue::Boolean(flag) => NodeKind::Flag(*flag),
            DeValue::Integer(number) => {
                let number = i64::from_str_radix(number.as_str(), number.radix());
                let number = number.map_err(|_| refused("this number is too large"))?;
                NodeKind::Number(number.into())
            }
            DeValue::Float(number) => {
                let number = number.as_str().parse().ok().and_then(Number::from_f64);
                number.map_or(NodeKind::Null, NodeKind::Number)
            }
            DeValue::Datetime(_) => {
                return Err(refused("no dates are used here: write a text in quotes"));
            }
            DeValue::Array(items) => {
                let items = items
                    .iter()
                    .map(|item| self.value(item.get_ref(), item.span(), depth + 1));
                NodeKind::List(items.collect::<Result<_, _>>()?)
            }
            DeValue::Table(table) => self.table(table, depth + 1)?,
        };
        Ok(Node { kind, span })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn file(text: &str) -> File {
        File::new("tea.toml", text)
    }

    #[test]
    fn the_parts_of_a_document_have_positions() {
        let text = "tea = \"hot\"\ncups = [1, 2]\n[pot]\nfull = true\n";
        let document = Document::parse_toml(&file(text)).unwrap();
        assert_eq!(
            document.value(),
            serde_json::json!({ "tea": "hot", "cups": [1, 2], "pot": { "full": true } })
        );
        let at = |pointer: &str| text.get(document.span(pointer)).unwrap();
        assert_eq!(at("/tea"), "\"hot\"");
        assert_eq!(at("/cups"), "cups");
        assert_eq!(at("/cups/1"), "2");
        assert_eq!(at("/pot/full"), "true");
    }

    #[test]
    fn invalid_toml_gives_a_diagnostic_with_its_line() {
        let diagnostic = Document::parse_toml(&file("tea = hot\n")).unwrap_err();
        assert!(
            diagnostic.message().starts_with("this is not TOML"),
            "{diagnostic}"
        );
        assert_eq!(diagnostic.start(), 6);
        for text in [
            "tea = 99999999999999999999\n",
            "tea = 2026-01-01\n",
            "tea = 1\ntea = 2\n",
        ] {
            assert!(Document::parse_toml(&file(text)).is_err(), "{text}");
        }
        let deep = format!("tea = {}{}", "[".repeat(70), "]".repeat(70));
        assert!(Document::parse_toml(&file(&deep)).is_err());
    }
}
