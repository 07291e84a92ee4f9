//! The scope of a case: the names and values that its templates refer to.

use std::collections::HashMap;

use indexmap::IndexMap;
use serde_json::Value as Json;

use crate::fixture::{Algorithm, BlobBytes, Chunking, Fixtures, Seed, blob, make};
use crate::suite::{Content, JsonTemplate, REPOSITORIES};
use crate::template::{Reference, Size, SizeText, Template, TemplateError, Value};

/// The largest blob that is divided into chunks, in bytes: a target may ask for chunks of any length.
const MAX_CHUNKED: usize = 28 * 1024 * 1024;

/// Names and values of a case, or of a procedure that it uses.
#[derive(Debug, Clone)]
pub struct Scope<'a> {
    values: HashMap<String, Value>,
    /// Made at the first reference, so that it can depend on values of responses.
    content: Option<&'a IndexMap<String, Content>>,
    fixtures: &'a Fixtures,
    seed: Seed,
    /// Content that is too large to be made.
    too_large: Option<TemplateError>,
}

impl<'a> Scope<'a> {
    /// The scope of a case, with its content.
    pub fn new(
        fixtures: &'a Fixtures,
        seed: Seed,
        content: Option<&'a IndexMap<String, Content>>,
    ) -> Self {
        Self {
            values: HashMap::new(),
            content,
            fixtures,
            seed,
            too_large: None,
        }
    }

    /// A scope with the same repositories and names, for a procedure.
    pub fn below(&self) -> Scope<'a> {
        let mut below = Scope::new(self.fixtures, self.seed.clone(), None);
        for name in REPOSITORIES {
            if let Some(value) = self.values.get(name) {
                below.set(name, value.clone());
            }
        }
        below
    }

    /// Sets the value of a name, in place of an earlier one.
    pub fn set(&mut self, name: &str, value: Value) {
        self.values.insert(name.to_owned(), value);
    }

    /// The value of a name, where it is set.
    pub fn value_of(&self, name: &str) -> Option<Value> {
        self.values.get(name).cloned()
    }

    /// The text of a template.
    ///
    /// # Errors
    /// When a reference cannot be resolved.
    pub fn text(&mut self, template: &Template) -> Result<String, TemplateError> {
        let text = template.text(&mut |reference| self.look_up(reference));
        self.with_size_error(text)
    }

    /// The value of a template.
    ///
    /// # Errors
    /// When a reference cannot be resolved.
    pub fn value(&mut self, template: &Template) -> Result<Value, TemplateError> {
        let value = template.value(&mut |reference| self.look_up(reference));
        self.with_size_error(value)
    }

    /// The bytes of a template.
    ///
    /// # Errors
    /// When a reference cannot be resolved, or leads to a list.
    pub fn bytes(&mut self, template: &Template) -> Result<bytes::Bytes, TemplateError> {
        self.value(template)?
            .as_bytes()
            .ok_or_else(|| TemplateError::NotText(template.source().to_owned()))
    }

    /// The JSON value of a template.
    ///
    /// # Errors
    /// When a reference cannot be resolved.
    pub fn json(&mut self, template: &JsonTemplate) -> Result<Json, TemplateError> {
        let json = template.fill(&mut |reference| self.look_up(reference));
        self.with_size_error(json)
    }

    /// The size as the error, where content is missing because it is too large.
    fn with_size_error<T>(&mut self, made: Result<T, TemplateError>) -> Result<T, TemplateError> {
        made.map_err(|error| self.too_large.take().unwrap_or(error))
    }

    fn look_up(&mut self, reference: &Reference) -> Option<Value> {
        let root = reference.root();
        if let Some(value) = self.values.get(root) {
            return reference.follow(value);
        }
        match root {
            "unique" => Some(Value::from(self.seed.token())),
            "number" => Some(Value::from(self.seed.number())),
            "letter" => Some(Value::from(self.seed.letter().to_string())),
            "tags" => {
                let name = reference.rest().next()?;
                Some(Value::from(format!("{}-{name}", self.seed.token())))
            }
            _ => {
                let content = self.content?.get(root)?;
                let value = self.make(root, content)?;
                self.set(root, value.clone());
                reference.follow(&value)
            }
        }
    }

    fn size(&mut self, template: &Template) -> Option<Size> {
        let text = SizeText::Unit(self.text(template).ok()?);
        Size::read(&text).ok()
    }

    /// The length that chunks have at least, which a response may name; none, with the reason, if no chunk of this length is made.
    fn shortest_chunk(&mut self, name: &str, template: &Template) -> Option<usize> {
        if let Some(size) = self.size(template) {
            return Some(size.0);
        }
        let wanted = self.text(template).ok()?.parse().ok()?;
        self.too_large = Some(TemplateError::TooLarge(
            name.to_owned(),
            wanted,
            MAX_CHUNKED,
        ));
        None
    }

    /// How many bytes of content the case makes, as far as no response decides it.
    pub fn content_size(&mut self) -> usize {
        let contents = self.content.into_iter().flat_map(IndexMap::values);
        let sizes = contents.map(|content| match content {
            Content::Blob {
                size: Some(size), ..
            } => self.size(size).map_or(0, |size| size.0),
            Content::Blob { recipe, .. } => match recipe.bytes {
                BlobBytes::Random(size) => size.0,
                _ => 0,
            },
            Content::Fixture { padded, .. } => padded.map_or(0, |size| size.0),
        });
        sizes.fold(0, usize::saturating_add)
    }

    fn make(&mut self, name: &str, content: &Content) -> Option<Value> {
        let seed = self.seed.of(name);
        match content {
            Content::Fixture {
                fixture,
                algorithm,
                padded,
            } => {
                let algorithm: Algorithm = self.text(algorithm).ok()?.parse().ok()?;
                let made = make(self.fixtures, fixture, &seed, algorithm).ok()?;
                Some(match padded {
                    Some(size) => pad(&made.value, size.0, algorithm),
                    None => made.value,
                })
            }
            Content::Blob {
                recipe,
                size,
                algorithm,
                chunks,
            } => {
                let algorithm: Algorithm = self.text(algorithm).ok()?.parse().ok()?;
                let mut recipe = recipe.clone();
                if let Some(size) = size {
                    recipe.bytes = BlobBytes::Random(self.size(size)?);
                }
                let mut look_up = |reference: &Reference| self.look_up(reference);
                let whole = recipe.make_with(&seed, algorithm, &mut look_up).ok()?;
                let Some(cut) = chunks else {
                    return Some(whole);
                };
                let chunking = Chunking {
                    count: cut.count,
                    at_least: self.shortest_chunk(name, &cut.at_least)?,
                    short_last: cut.short_last,
                    last: cut.last.map(|last| last.0),
                    equal: cut.equal,
                };
                let size = whole.as_bytes()?.len();
                let lengths = chunking.lengths(size);
                let total: usize = lengths.iter().sum();
                if total > MAX_CHUNKED {
                    let name = name.to_owned();
                    self.too_large = Some(TemplateError::TooLarge(name, total, MAX_CHUNKED));
                    return None;
                }
                let mut record = blob(seed.bytes(total), algorithm, "application/octet-stream");
                let bytes = record.get("bytes").and_then(Value::as_bytes)?;
                let cut = Chunking::cut(&bytes, &lengths);
                record.insert("chunks".to_owned(), cut);
                Some(Value::record(record))
            }
        }
    }
}

/// A manifest padded with white space to a size.
fn pad(manifest: &Value, size: usize, algorithm: Algorithm) -> Value {
    let (Value::Record(record), Some(bytes)) = (manifest, manifest.as_bytes()) else {
        return manifest.clone();
    };
    let mut padded = bytes.to_vec();
    padded.resize(size.max(padded.len()), b' ');
    let media_type = record.get("media_type").and_then(Value::as_text);
    let mut record = (**record).clone();
    record.append(&mut blob(
        padded,
        algorithm,
        &media_type.unwrap_or_default(),
    ));
    Value::record(record)
}
