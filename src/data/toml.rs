//! Parses TOML to the same tree as YAML.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::node::{DEEPEST, Entry, Node, NodeKind, SyntaxError};
use super::{Diagnostic, Document, File};

impl Document {
    /// Parses the text of a TOML file.
    ///
    /// # Errors
    /// One diagnostic, if the text is not TOML or nests too deep.
    pub fn parse_toml(file: &File) -> Result<Self, Diagnostic> {
        match parse(&file.text) {
            Ok(root) => Ok(Self::new(file, root)),
            Err(error) => Err(Diagnostic::syntax(file, error)),
        }
    }
}

fn parse(text: &str) -> Result<Node, SyntaxError> {
    let table = DeTable::parse(text).map_err(|error| {
        let span = error.span().unwrap_or(0..0);
        not_toml(span, error.message())
    })?;
    let kind = read_table(table.get_ref(), 0)?;
    Ok(Node { kind, span: 0..0 })
}

/// The error of a text that the parser refuses.
fn not_toml(span: Range<usize>, reason: &str) -> SyntaxError {
    let ways_out = [
        ("duplicate key", "remove one of the two, or rename it"),
        (
            "string values must be quoted",
            "put the text in quotes: \"…\"",
        ),
        ("missing value", "write `KEY = VALUE`"),
        (
            "with no value",
            "write `KEY = VALUE`, with the text in quotes",
        ),
        (
            "invalid basic string",
            "close the text with `\"` in its line",
        ),
        ("unclosed array", "close the list with `]`"),
    ];
    let error = SyntaxError::new(span, format!("this is not TOML: {reason}"));
    match ways_out.iter().find(|(known, _)| reason.contains(known)) {
        Some((_, help)) => error.help(*help),
        None => error,
    }
}

fn read_table(table: &DeTable<'_>, depth: usize) -> Result<NodeKind, SyntaxError> {
    let mut entries = Vec::new();
    for (key, value) in table {
        entries.push(Entry {
            key: key.get_ref().clone().into_owned(),
            key_span: key.span(),
            value: read_value(value.get_ref(), value.span(), depth)?,
        });
    }
    Ok(NodeKind::Map(entries))
}

fn read_value(value: &DeValue<'_>, span: Range<usize>, depth: usize) -> Result<Node, SyntaxError> {
    let refused = |message: &str| SyntaxError::new(span.clone(), message);
    if depth > DEEPEST {
        return Err(refused("this nests too deep"));
    }
    let kind = match value {
        DeValue::String(text) => NodeKind::Text(text.clone().into_owned()),
        DeValue::Boolean(flag) => NodeKind::Flag(*flag),
        DeValue::Integer(number) => {
            let number = i64::from_str_radix(number.as_str(), number.radix());
            NodeKind::Integer(number.map_err(|_| refused("this number is too large"))?)
        }
        DeValue::Float(number) => {
            let number = number.as_str().parse().ok();
            number
                .filter(|number: &f64| number.is_finite())
                .map_or(NodeKind::Null, NodeKind::Float)
        }
        DeValue::Datetime(_) => {
            return Err(refused("no dates are used here: write a text in quotes"));
        }
        DeValue::Array(items) => {
            let items = items
                .iter()
                .map(|item| read_value(item.get_ref(), item.span(), depth + 1));
            NodeKind::List(items.collect::<Result<_, _>>()?)
        }
        DeValue::Table(table) => read_table(table, depth + 1)?,
    };
    Ok(Node { kind, span })
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
