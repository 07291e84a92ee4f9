//! YAML text to a JSON value, keeping where in the text each part stands.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use saphyr::{LoadableYamlNode, MarkedYaml, Scalar, YamlData};
use serde_json::{Map, Number, Value};

use super::{Diagnostic, File};

/// How deep a data file may nest.
pub(super) const DEEPEST: usize = 48;

/// A data file as a JSON value, with the place of every part, named by its JSON pointer.
#[derive(Debug)]
pub struct Document {
    /// The file it was read from.
    pub file: File,
    /// Its content.
    pub value: Value,
    /// For each JSON pointer, the bytes of its key (where it has one) or of its value.
    spans: HashMap<String, Range<usize>>,
}

impl Document {
    /// Parses the text of a file.
    ///
    /// # Errors
    /// One mistake, where the text is no YAML, says a key twice, or holds more than one document.
    pub fn parse(file: &File) -> Result<Self, Diagnostic> {
        let offsets = Offsets::of(&file.text);
        let mut documents = MarkedYaml::load_from_iter(file.text.chars()).map_err(|error| {
            let at = offsets.byte(error.marker().index());
            Diagnostic::new(file, at..at, format!("this is not YAML: {}", error.info()))
        })?;
        if documents.len() > 1 {
            let at = documents
                .get(1)
                .map_or(0, |second| offsets.byte(second.span.start.index()));
            return Err(
                Diagnostic::new(file, at..at, "a second document starts here")
                    .help("one file holds one document: remove the `---`"),
            );
        }
        let mut reader = Reader {
            file,
            offsets,
            spans: HashMap::new(),
        };
        let value = match documents.pop() {
            Some(root) => reader.read(&root, String::new(), None, 0)?,
            None => Value::Object(Map::new()),
        };
        Ok(Self {
            file: file.clone(),
            value,
            spans: reader.spans,
        })
    }

    pub(super) const fn new(
        file: File,
        value: Value,
        spans: HashMap<String, Range<usize>>,
    ) -> Self {
        Self { file, value, spans }
    }

    /// The bytes of what a JSON pointer names, or of the nearest part above it.
    pub fn span(&self, pointer: &str) -> Range<usize> {
        let mut pointer = pointer;
        loop {
            if let Some(span) = self.spans.get(pointer) {
                return span.clone();
            }
            match pointer.rfind('/') {
                Some(cut) => pointer = pointer.get(..cut).unwrap_or_default(),
                None => return 0..0,
            }
        }
    }
}

/// A part of a document: where a mistake about it points.
#[derive(Debug, Clone)]
pub struct SourceSpan {
    document: Arc<Document>,
    pointer: String,
}

impl SourceSpan {
    /// The document as a whole.
    pub fn root(document: Arc<Document>) -> Self {
        Self {
            document,
            pointer: String::new(),
        }
    }

    /// The part under `key`: a name in a map, or a position in a list.
    #[must_use]
    pub fn at(&self, key: impl ToString) -> Self {
        Self {
            document: self.document.clone(),
            pointer: join(&self.pointer, &key.to_string()),
        }
    }

    /// The file, as shown.
    pub fn file(&self) -> &str {
        &self.document.file.shown
    }

    /// The file's path below its folder.
    pub fn path(&self) -> &str {
        &self.document.file.path
    }

    /// The line this part starts in, from 1.
    pub fn line(&self) -> usize {
        let start = self.document.span(&self.pointer).start;
        let before = self.document.file.text.get(..start).unwrap_or_default();
        before.bytes().filter(|byte| *byte == b'\n').count() + 1
    }

    /// A mistake about this part.
    pub fn diagnostic(&self, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(
            &self.document.file,
            self.document.span(&self.pointer),
            message,
        )
    }
}

pub(super) fn join(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// From positions in characters, which the parser counts, to positions in bytes.
struct Offsets {
    bytes: Vec<usize>,
    end: usize,
}

impl Offsets {
    fn of(text: &str) -> Self {
        Self {
            bytes: text.char_indices().map(|(byte, _)| byte).collect(),
            end: text.len(),
        }
    }

    fn byte(&self, character: usize) -> usize {
        self.bytes.get(character).copied().unwrap_or(self.end)
    }
}

struct Reader<'a> {
    file: &'a File,
    offsets: Offsets,
    spans: HashMap<String, Range<usize>>,
}

impl Reader<'_> {
    fn span(&self, node: &MarkedYaml<'_>) -> Range<usize> {
        let start = self.offsets.byte(node.span.start.index());
        let end = self.offsets.byte(node.span.end.index()).max(start);
        let text = self.file.text.get(start..end).unwrap_or_default();
        let first_line = text.lines().next().unwrap_or_default().trim_end();
        start..start + first_line.len()
    }

    fn read(
        &mut self,
        node: &MarkedYaml<'_>,
        pointer: String,
        key: Option<Range<usize>>,
        depth: usize,
    ) -> Result<Value, Diagnostic> {
        let span = self.span(node);
        if depth > DEEPEST {
            return Err(Diagnostic::new(self.file, span, "this nests too deep"));
        }
        let value = match &node.data {
            YamlData::Value(scalar) => scalar_value(scalar),
            YamlData::Sequence(items) => {
                let mut list = Vec::with_capacity(items.len());
                for (index, item) in items.iter().enumerate() {
                    let below = join(&pointer, &index.to_string());
                    list.push(self.read(item, below, None, depth + 1)?);
                }
                Value::Array(list)
            }
            YamlData::Mapping(entries) => {
                let mut map = Map::new();
                for (name, item) in entries {
                    let at = self.span(name);
                    let name = self.key(name, &at)?;
                    let below = join(&pointer, &name);
                    let item = self.read(item, below, Some(at), depth + 1)?;
                    map.insert(name, item);
                }
                Value::Object(map)
            }
            _ => {
                return Err(Diagnostic::new(
                    self.file,
                    span,
                    "tags and aliases are not used here",
                ));
            }
        };
        let scalar = !value.is_object() && !value.is_array();
        self.spans
            .insert(pointer, if scalar { span } else { key.unwrap_or(span) });
        Ok(value)
    }

    /// A key is the text it was written with: `1.0` stays "1.0".
    fn key(&self, node: &MarkedYaml<'_>, at: &Range<usize>) -> Result<String, Diagnostic> {
        match &node.data {
            YamlData::Value(Scalar::String(text)) => Ok(text.clone().into_owned()),
            YamlData::Value(_) => Ok(self
                .file
                .text
                .get(at.clone())
                .unwrap_or_default()
                .trim_matches(['"', '\''])
                .to_owned()),
            _ => Err(Diagnostic::new(
                self.file,
                at.clone(),
                "a key must be a word",
            )),
        }
    }
}

fn scalar_value(scalar: &Scalar<'_>) -> Value {
    match scalar {
        Scalar::Null => Value::Null,
        Scalar::Boolean(flag) => Value::Bool(*flag),
        Scalar::Integer(number) => Value::Number((*number).into()),
        Scalar::FloatingPoint(number) => {
            Number::from_f64(number.into_inner()).map_or(Value::Null, Value::Number)
        }
        Scalar::String(text) => Value::String(text.clone().into_owned()),
    }
}
