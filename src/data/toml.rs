//! TOML text to the same document that YAML becomes, keeping where in the text each part stands.

use std::collections::HashMap;
use std::ops::Range;

use serde_json::{Map, Number, Value};
use toml::de::{DeTable, DeValue};

use super::yaml::{DEEPEST, join};
use super::{Diagnostic, Document, File};

impl Document {
    /// Parses the text of a TOML file.
    ///
    /// # Errors
    /// One mistake, where the text is no TOML or nests too deep.
    pub fn parse_toml(file: &File) -> Result<Self, Diagnostic> {
        let table = DeTable::parse(&file.text).map_err(|error| {
            let span = error.span().unwrap_or(0..0);
            Diagnostic::new(file, span, format!("this is not TOML: {}", error.message()))
        })?;
        let mut reader = Reader {
            file,
            spans: HashMap::new(),
        };
        let value = reader.table(table.get_ref(), "", 0)?;
        Ok(Self::new(file.clone(), value, reader.spans))
    }
}

struct Reader<'a> {
    file: &'a File,
    spans: HashMap<String, Range<usize>>,
}

impl Reader<'_> {
    fn table(
        &mut self,
        table: &DeTable<'_>,
        pointer: &str,
        depth: usize,
    ) -> Result<Value, Diagnostic> {
        let mut map = Map::new();
        for (key, value) in table {
            let below = join(pointer, key.get_ref());
            let scalar = !matches!(value.get_ref(), DeValue::Table(_) | DeValue::Array(_));
            let span = if scalar { value.span() } else { key.span() };
            self.spans.insert(below.clone(), span);
            let value = self.value(value.get_ref(), &value.span(), &below, depth)?;
            map.insert(key.get_ref().clone().into_owned(), value);
        }
        Ok(Value::Object(map))
    }

    fn value(
        &mut self,
        value: &DeValue<'_>,
        span: &Range<usize>,
        pointer: &str,
        depth: usize,
    ) -> Result<Value, Diagnostic> {
        let diagnostic = |message: &str| Err(Diagnostic::new(self.file, span.clone(), message));
        if depth > DEEPEST {
            return diagnostic("this nests too deep");
        }
        match value {
            DeValue::String(text) => Ok(Value::String(text.clone().into_owned())),
            DeValue::Boolean(flag) => Ok(Value::Bool(*flag)),
            DeValue::Integer(number) => {
                match i64::from_str_radix(number.as_str(), number.radix()) {
                    Ok(number) => Ok(Value::Number(number.into())),
                    Err(_) => diagnostic("this number is too large"),
                }
            }
            DeValue::Float(number) => {
                let number = number.as_str().parse().ok().and_then(Number::from_f64);
                Ok(number.map_or(Value::Null, Value::Number))
            }
            DeValue::Datetime(_) => diagnostic("no dates are used here: write a text in quotes"),
            DeValue::Array(items) => {
                let mut list = Vec::new();
                for (index, item) in items.iter().enumerate() {
                    let below = join(pointer, &index.to_string());
                    self.spans.insert(below.clone(), item.span());
                    list.push(self.value(item.get_ref(), &item.span(), &below, depth + 1)?);
                }
                Ok(Value::Array(list))
            }
            DeValue::Table(table) => self.table(table, pointer, depth + 1),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn file(text: &str) -> File {
        File {
            path: "tea.toml".to_owned(),
            shown: "tea.toml".to_owned(),
            text: text.into(),
        }
    }

    #[test]
    fn a_document_knows_where_its_parts_stand() {
        let text = "tea = \"hot\"\ncups = [1, 2]\n[pot]\nfull = true\n";
        let document = Document::parse_toml(&file(text)).unwrap();
        assert_eq!(
            document.value,
            serde_json::json!({ "tea": "hot", "cups": [1, 2], "pot": { "full": true } })
        );
        let at = |pointer: &str| text.get(document.span(pointer)).unwrap();
        assert_eq!(at("/tea"), "\"hot\"");
        assert_eq!(at("/cups"), "cups");
        assert_eq!(at("/cups/1"), "2");
        assert_eq!(at("/pot/full"), "true");
    }

    #[test]
    fn what_is_no_toml_is_a_mistake_with_its_place() {
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
