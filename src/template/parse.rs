//! `{name}`, `{image.digest}`, `{blob.chunks[1]}`: references inside text.
//!
//! A brace that does not open a well-formed reference is text, so that JSON needs no escapes:
//! `{"size": {layer.size}}` has one reference.

use std::fmt;
use std::ops::Range;

use super::Value;

/// A text with references.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    source: Box<str>,
    /// In the order of the text. There are thousands of templates, most of them without a reference.
    references: Box<[Located]>,
}

/// A reference, with the bytes of the source that it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Located {
    bytes: Range<usize>,
    reference: Reference,
}

/// A path to a value: a name, then the names or positions of parts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reference {
    /// With a dot before each part: `blob.chunks.0`.
    path: Box<str>,
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
        self.path
            .split_once('.')
            .map_or(&self.path, |(root, _)| root)
    }

    /// The names and positions after the root.
    pub fn rest(&self) -> impl Iterator<Item = &str> {
        self.path.split('.').skip(1)
    }

    /// The part of `root`, the value of its first name, that it refers to.
    pub fn follow(&self, root: &Value) -> Option<Value> {
        self.rest().try_fold(root, |at, key| at.get(key)).cloned()
    }

    fn parse(text: &str) -> Option<Self> {
        let mut path = String::with_capacity(text.len());
        for name in text.split('.') {
            let mut pieces = name.split('[');
            let word = pieces.next()?;
            let starts_well = word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
            if !starts_well || !word.bytes().all(plain) {
                return None;
            }
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(word);
            for index in pieces {
                let index = index.strip_suffix(']')?;
                index.parse::<usize>().ok()?;
                path.push('.');
                path.push_str(index);
            }
        }
        Some(Self { path: path.into() })
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)
    }
}

impl Template {
    /// Parses a text. Every text is a template.
    pub fn parse(source: &str) -> Self {
        let mut references = Vec::new();
        let mut from = 0;
        while let Some(open) = source.get(from..).and_then(|rest| rest.find('{')) {
            let start = from + open;
            let inside = source.get(start + 1..).unwrap_or_default();
            let word = inside.find('}').and_then(|close| inside.get(..close));
            let reference = word.and_then(|word| Some((Reference::parse(word)?, word.len())));
            from = start + 1;
            if let Some((reference, length)) = reference {
                from += length + 1;
                references.push(Located {
                    bytes: start..from,
                    reference,
                });
            }
        }
        Self {
            source: source.into(),
            references: references.into(),
        }
    }

    /// The text as written.
    pub fn source(&self) -> &str {
        &self.source
    }

    pub fn references(&self) -> impl Iterator<Item = &Reference> {
        self.references.iter().map(|located| &located.reference)
    }

    /// Its texts and references, in order.
    pub fn parts(&self) -> impl Iterator<Item = TemplatePart<'_>> {
        let mut from = 0;
        let before = self.references.iter().flat_map(move |located| {
            let text = self.source.get(from..located.bytes.start);
            from = located.bytes.end;
            let reference = TemplatePart::Reference(&located.reference);
            [text.map(TemplatePart::Text), Some(reference)]
        });
        let end = self.references.last().map_or(0, |last| last.bytes.end);
        let after = self.source.get(end..).map(TemplatePart::Text);
        before
            .chain([after])
            .flatten()
            .filter(|part| *part != TemplatePart::Text(""))
    }

    /// The template filled in. A template that is only a reference gives the value itself; every other gives a text.
    ///
    /// # Errors
    /// When `look_up` does not know a reference, or a value inside a text has no text.
    pub fn value(
        &self,
        look_up: &mut dyn FnMut(&Reference) -> Option<Value>,
    ) -> Result<Value, TemplateError> {
        match &*self.references {
            [only] if only.bytes == (0..self.source.len()) => look_up(&only.reference)
                .ok_or_else(|| TemplateError::Unknown(only.reference.to_string())),
            _ => self.text(look_up).map(Value::from),
        }
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
        for part in self.parts() {
            match part {
                TemplatePart::Text(part) => text.push_str(part),
                TemplatePart::Reference(reference) => {
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
    fn the_parts_are_texts_and_references_in_order() {
        let parts = |source: &str| {
            let template = Template::parse(source);
            let parts = template.parts().map(|part| match part {
                TemplatePart::Text(text) => text.to_owned(),
                TemplatePart::Reference(reference) => format!("<{reference}>"),
            });
            parts.collect::<Vec<_>>()
        };
        assert_eq!(parts(""), [""; 0]);
        assert_eq!(parts("tea"), ["tea"]);
        assert_eq!(parts("{a}"), ["<a>"]);
        assert_eq!(parts("{a}{b[1].c}"), ["<a>", "<b.1.c>"]);
        assert_eq!(parts("x{ {a}{y}é{"), ["x{ ", "<a>", "<y>", "é{"]);
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
