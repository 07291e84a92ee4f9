//! `{name}`, `{image.digest}`, `{blob.chunks[1]}`: references inside text.
//!
//! A brace that does not open a well-formed reference is text, so that JSON needs no escapes:
//! `{"size": {layer.size}}` has one reference.

use std::fmt;

use super::Value;

/// A text with references.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    source: String,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Reference(Reference),
}

/// A path to a value: a name, then the names or positions of parts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reference {
    path: Vec<String>,
}

/// A part of a [`Template`], in the order of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TemplatePart<'a> {
    Text(&'a str),
    Reference(&'a Reference),
}

/// A template that cannot be filled in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    #[error("`{{{0}}}` is not known here")]
    Unknown(String),
    /// The value is a record, a list, or bytes that are not UTF-8.
    #[error("`{{{0}}}` cannot be part of a text: name a part of it")]
    NotText(String),
    /// The value is larger than the limit: its name, its size and the limit, in bytes.
    #[error("`{{{0}}}` would have to be of {1} bytes, and nothing of more than {2} is made")]
    TooLarge(String, usize, usize),
}

impl Reference {
    pub fn root(&self) -> &str {
        self.path.first().map_or("", String::as_str)
    }

    /// The path after the root.
    pub fn rest(&self) -> &[String] {
        self.path.get(1..).unwrap_or_default()
    }

    /// The part of `root`, the value of its first name, that it refers to.
    pub fn follow(&self, root: &Value) -> Option<Value> {
        self.rest()
            .iter()
            .try_fold(root, |at, key| at.get(key))
            .cloned()
    }

    fn parse(text: &str) -> Option<Self> {
        let mut path = Vec::new();
        for name in text.split('.') {
            let mut pieces = name.split('[');
            let word = pieces.next()?;
            let starts_well = word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
            let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
            if !starts_well || !word.chars().all(plain) {
                return None;
            }
            path.push(word.to_owned());
            for index in pieces {
                let index = index.strip_suffix(']')?;
                index.parse::<usize>().ok()?;
                path.push(index.to_owned());
            }
        }
        Some(Self { path })
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path.join("."))
    }
}

impl Template {
    /// Parses a text. Every text is a template.
    pub fn parse(source: &str) -> Self {
        let mut parts = Vec::new();
        let mut text = String::new();
        let mut rest = source;
        while let Some(open) = rest.find('{') {
            let (before, from) = rest.split_at(open);
            text.push_str(before);
            let inside = from.get(1..).unwrap_or_default();
            let reference = inside
                .find('}')
                .and_then(|close| inside.get(..close))
                .and_then(|word| Some((Reference::parse(word)?, word.len())));
            if let Some((reference, length)) = reference {
                if !text.is_empty() {
                    parts.push(Part::Text(std::mem::take(&mut text)));
                }
                parts.push(Part::Reference(reference));
                rest = inside.get(length + 1..).unwrap_or_default();
            } else {
                text.push('{');
                rest = inside;
            }
        }
        text.push_str(rest);
        if !text.is_empty() {
            parts.push(Part::Text(text));
        }
        Self {
            source: source.to_owned(),
            parts,
        }
    }

    /// The text as written.
    pub fn source(&self) -> &str {
        &self.source
    }

    pub fn references(&self) -> impl Iterator<Item = &Reference> {
        self.parts().filter_map(|part| match part {
            TemplatePart::Reference(reference) => Some(reference),
            TemplatePart::Text(_) => None,
        })
    }

    /// Its texts and references, in order.
    pub fn parts(&self) -> impl ExactSizeIterator<Item = TemplatePart<'_>> {
        self.parts.iter().map(|part| match part {
            Part::Text(text) => TemplatePart::Text(text),
            Part::Reference(reference) => TemplatePart::Reference(reference),
        })
    }

    /// The template filled in. A template that is only a reference gives the value itself; every other gives a text.
    ///
    /// # Errors
    /// When `look_up` does not know a reference, or a value inside a text has no text.
    pub fn value(
        &self,
        look_up: &mut dyn FnMut(&Reference) -> Option<Value>,
    ) -> Result<Value, TemplateError> {
        if let [Part::Reference(reference)] = self.parts.as_slice() {
            return look_up(reference).ok_or_else(|| TemplateError::Unknown(reference.to_string()));
        }
        self.text(look_up).map(Value::from)
    }

    /// The template filled in, as a text.
    ///
    /// # Errors
    /// As [`Template::value`].
    pub fn text(
        &self,
        look_up: &mut dyn FnMut(&Reference) -> Option<Value>,
    ) -> Result<String, TemplateError> {
        let mut text = String::with_capacity(self.source.len());
        for part in &self.parts {
            match part {
                Part::Text(part) => text.push_str(part),
                Part::Reference(reference) => {
                    let value = look_up(reference)
                        .ok_or_else(|| TemplateError::Unknown(reference.to_string()))?;
                    let value = value
                        .as_text()
                        .ok_or_else(|| TemplateError::NotText(reference.to_string()))?;
                    text.push_str(&value);
                }
            }
        }
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn fill(source: &str) -> Result<String, TemplateError> {
        Template::parse(source).text(&mut |reference| {
            let chunk = Value::record([("end".to_owned(), Value::Number(9))].into());
            let root = match reference.root() {
                "repo" => Value::from("a/b"),
                "blob" => {
                    Value::record([("chunks".to_owned(), Value::List(vec![chunk].into()))].into())
                }
                _ => return None,
            };
            reference.follow(&root)
        })
    }

    #[test]
    fn references_are_filled_in() {
        assert_eq!(fill("/v2/{repo}/tags/list").unwrap(), "/v2/a/b/tags/list");
        assert_eq!(fill("0-{blob.chunks[0].end}").unwrap(), "0-9");
    }

    #[test]
    fn json_needs_no_escapes() {
        let json = r#"{"a":{"b":"{repo}"},"c":{ },"d":{}}"#;
        assert_eq!(fill(json).unwrap(), r#"{"a":{"b":"a/b"},"c":{ },"d":{}}"#);
        assert_eq!(fill("{").unwrap(), "{");
        assert_eq!(fill("a{b").unwrap(), "a{b");
        assert_eq!(fill("{1x}").unwrap(), "{1x}");
        assert_eq!(fill("{é}").unwrap(), "{é}");
    }

    #[test]
    fn unknown_references_and_values_without_a_text_are_errors() {
        assert_eq!(
            fill("{rep}").unwrap_err(),
            TemplateError::Unknown("rep".into())
        );
        assert_eq!(
            fill("{blob.chunks[1].end}").unwrap_err(),
            TemplateError::Unknown("blob.chunks.1.end".into())
        );
        assert_eq!(
            fill("x{blob}").unwrap_err(),
            TemplateError::NotText("blob".into())
        );
    }
}
