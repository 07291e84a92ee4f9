//! Compares a document with a flat schema: for `assay.toml` and `fleet.toml`, whose keys are the options of the command line.

use std::ops::Range;

use serde_json::{Map, Value};

use super::file_syntax::FileSyntax;
use super::mismatch::{Mismatch, Wanted, mismatch, unknown_key, unknown_word};
use super::node::{Entry, Node, NodeKind};
use super::{Diagnostic, Document};

/// Reports the parts of a document that a schema does not allow. Of JSON Schema it knows `type`, `enum`, `minimum`,
/// `items`, `properties` and `additionalProperties`. `elsewhere` says where a key is set that the file does not have.
pub fn check(
    document: &Document,
    schema: &Value,
    elsewhere: impl Fn(&str) -> Option<String>,
) -> Vec<Diagnostic> {
    let mut checker = Checker {
        document,
        elsewhere: &elsewhere,
        diagnostics: Vec::new(),
    };
    if let NodeKind::Map(entries) = &document.root().kind {
        checker.map("", entries, schema, None);
    }
    checker.diagnostics
}

struct Checker<'a> {
    document: &'a Document,
    elsewhere: &'a dyn Fn(&str) -> Option<String>,
    diagnostics: Vec<Diagnostic>,
}

/// The keys that a table knows, with their schemas.
type Properties<'a> = Option<&'a Map<String, Value>>;

impl Checker<'_> {
    /// Checks the table `name`; `outer` are the keys of the table around it.
    fn map(&mut self, name: &str, entries: &[Entry], schema: &Value, outer: Properties<'_>) {
        let properties = schema.get("properties").and_then(Value::as_object);
        let other = schema
            .get("additionalProperties")
            .filter(|other| other.is_object());
        for entry in entries {
            let key = entry.key.as_str();
            let property = properties.and_then(|known| known.get(key));
            let misplaced = other.is_some() && outer.is_some_and(|outer| outer.contains_key(key));
            match property.or(other) {
                None => {
                    let known = properties.into_iter().flat_map(|known| known.keys());
                    let known: Vec<&str> = known.map(String::as_str).collect();
                    let mut unknown = unknown_key(key, &known);
                    unknown.help = (self.elsewhere)(key).or(unknown.help);
                    self.report(&entry.key_span, unknown);
                }
                Some(_) if misplaced && property.is_none() => {
                    let message = format!("`{key}` stands below the table `{name}`");
                    let help = "move it above that table: in TOML, a key belongs to the last table before it";
                    let help = Some(help.to_owned());
                    self.report(&entry.key_span, Mismatch { message, help });
                }
                Some(property) => {
                    let span = entry.span();
                    let subject = format!("`{key}`");
                    let named = (key, subject.as_str());
                    self.value(named, (&entry.value, &span), property, properties);
                }
            }
        }
    }

    /// Checks a value with its span, which is under a key or in the list under it; messages call it `subject`.
    fn value(
        &mut self,
        (key, subject): (&str, &str),
        (node, span): (&Node, &Range<usize>),
        schema: &Value,
        outer: Properties<'_>,
    ) {
        let wanted = match schema.get("type").and_then(Value::as_str) {
            Some("object") => Wanted::Map,
            Some("array") => Wanted::List,
            Some("string") => Wanted::Text,
            Some("boolean") => Wanted::Flag,
            Some("integer") => Wanted::WholeNumber,
            _ => return,
        };
        match (wanted, &node.kind) {
            (Wanted::Map, NodeKind::Map(entries)) => self.map(key, entries, schema, outer),
            (Wanted::List, NodeKind::List(items)) => {
                let of = schema.get("items").unwrap_or(&Value::Null);
                for item in items {
                    let subject = format!("an element of `{key}`");
                    self.value((key, &subject), (item, &item.span), of, outer);
                }
            }
            (Wanted::Text, NodeKind::Text(text)) => self.choice(key, text, span, schema),
            (Wanted::Flag, NodeKind::Flag(_)) => {}
            (Wanted::WholeNumber, NodeKind::Integer(number)) => {
                self.minimum(key, *number, span, schema);
            }
            _ => {
                let written = self.document.file.text.get(node.span.clone());
                let value = (node, written.unwrap_or_default());
                let found = mismatch(value, (key, subject), wanted, FileSyntax::Toml);
                self.report(span, found);
            }
        }
    }

    fn minimum(&mut self, key: &str, number: i64, span: &Range<usize>, schema: &Value) {
        let minimum = schema.get("minimum").and_then(Value::as_i64);
        if let Some(minimum) = minimum.filter(|minimum| number < *minimum) {
            let message = format!("`{key}` must be at least {minimum}, but it is {number}");
            let help = None;
            self.report(span, Mismatch { message, help });
        }
    }

    fn choice(&mut self, key: &str, text: &str, span: &Range<usize>, schema: &Value) {
        let choices = schema.get("enum").and_then(Value::as_array);
        let choices: Vec<&str> = choices
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        if !choices.is_empty() && !choices.contains(&text) {
            self.report(span, unknown_word(key, text, &choices));
        }
    }

    fn report(&mut self, span: &Range<usize>, found: Mismatch) {
        let mut diagnostic = Diagnostic::new(&self.document.file, span.clone(), found.message);
        if let Some(help) = found.help {
            diagnostic = diagnostic.help(help);
        }
        self.diagnostics.push(diagnostic);
    }
}
