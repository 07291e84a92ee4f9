//! Compares a document with a flat schema: for `assay.toml` and `fleet.toml`, whose keys are the options of the command line.

use serde_json::Value;

use super::node::{Entry, Node, NodeKind};
use super::{Diagnostic, Document, did_you_mean};

/// Reports the parts of a document that a schema does not allow. Of JSON Schema it knows `type`, `enum`, `minimum`,
/// `items`, `properties` and `additionalProperties`.
pub fn check(document: &Document, schema: &Value) -> Vec<Diagnostic> {
    let mut checker = Checker {
        document,
        diagnostics: Vec::new(),
    };
    if let NodeKind::Map(entries) = &document.root().kind {
        checker.map(entries, schema);
    }
    checker.diagnostics
}

struct Checker<'a> {
    document: &'a Document,
    diagnostics: Vec<Diagnostic>,
}

impl Checker<'_> {
    fn map(&mut self, entries: &[Entry], schema: &Value) {
        let properties = schema.get("properties").and_then(Value::as_object);
        let other = schema.get("additionalProperties");
        for entry in entries {
            let property = properties.and_then(|known| known.get(&entry.key));
            match property.or_else(|| other.filter(|other| other.is_object())) {
                Some(property) => self.value(&entry.key, &entry.value, &entry.span(), property),
                None => {
                    let known = properties.into_iter().flat_map(|known| known.keys());
                    let known: Vec<&str> = known.map(String::as_str).collect();
                    let help = did_you_mean(&entry.key, known.iter().copied())
                        .unwrap_or_else(|| format!("the keys here are {}", known.join(", ")));
                    let message = format!("unknown key `{}`", entry.key);
                    self.report(&entry.key_span, message, Some(help));
                }
            }
        }
    }

    fn value(&mut self, key: &str, node: &Node, span: &std::ops::Range<usize>, schema: &Value) {
        let wanted = schema.get("type").and_then(Value::as_str).unwrap_or("");
        let fits = match (wanted, &node.kind) {
            ("object", NodeKind::Map(entries)) => {
                self.map(entries, schema);
                true
            }
            ("array", NodeKind::List(items)) => {
                let of = schema.get("items").unwrap_or(&Value::Null);
                for item in items {
                    self.value(key, item, &item.span, of);
                }
                true
            }
            ("string", NodeKind::Text(text)) => {
                self.choice(key, text, span, schema);
                true
            }
            ("boolean", NodeKind::Flag(_)) | ("", _) => true,
            ("integer", NodeKind::Integer(number)) => {
                self.minimum(key, *number, span, schema);
                true
            }
            _ => false,
        };
        if !fits {
            let expected = match wanted {
                "object" => "a table",
                "array" => "a list",
                "string" => "a string",
                "boolean" => "a boolean",
                _ => "a whole number",
            };
            let message = format!("`{key}`: expected {expected}, found {}", node.describe());
            self.report(span, message, None);
        }
    }

    fn minimum(&mut self, key: &str, number: i64, span: &std::ops::Range<usize>, schema: &Value) {
        let minimum = schema.get("minimum").and_then(Value::as_i64);
        if let Some(minimum) = minimum.filter(|minimum| number < *minimum) {
            let message =
                format!("`{key}`: expected a number of at least {minimum}, found {number}");
            self.report(span, message, None);
        }
    }

    fn choice(&mut self, key: &str, text: &str, span: &std::ops::Range<usize>, schema: &Value) {
        let choices = schema.get("enum").and_then(Value::as_array);
        let choices: Vec<&str> = choices
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        if !choices.is_empty() && !choices.contains(&text) {
            let message = format!("`{key}`: there is no `{text}`");
            let help = format!("use one of {}", choices.join(", "));
            self.report(span, message, Some(help));
        }
    }

    fn report(&mut self, span: &std::ops::Range<usize>, message: String, help: Option<String>) {
        let mut diagnostic = Diagnostic::new(&self.document.file, span.clone(), message);
        if let Some(help) = help {
            diagnostic = diagnostic.help(help);
        }
        self.diagnostics.push(diagnostic);
    }
}
