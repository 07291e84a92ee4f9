//! Parses YAML to a tree of values.
//!
//! `build.rs` compiles this file too, with `node.rs`: it uses nothing else of the crate.

use std::ops::Range;

use saphyr::{LoadableYamlNode, MarkedYaml, Scalar, ScanError, YamlData};

use super::node::{DEEPEST, Entry, Node, NodeKind, SyntaxError};

/// Parses the text of a YAML file. An empty file is an empty map.
///
/// # Errors
/// If the text is not YAML, has a key twice in a map, nests too deep, or has more than one document.
pub(super) fn parse(text: &str) -> Result<Node, SyntaxError> {
    let offsets = Offsets::of(text);
    let mut documents = MarkedYaml::load_from_iter(text.chars())
        .map_err(|error| not_yaml(text, &error, &offsets))?;
    if let Some(second) = documents.get(1) {
        let at = offsets.byte(second.span.start.index());
        return Err(SyntaxError::new(at..at, "a second document starts here")
            .help("one file has one document: remove the `---`"));
    }
    let reader = Reader { text, offsets };
    match documents.pop() {
        Some(root) => reader.read(&root, 0),
        None => Ok(Node {
            kind: NodeKind::Map(Vec::new()),
            span: 0..0,
        }),
    }
}

/// The error of a text that the parser refuses. Frequent mistakes have a sentence of their own.
fn not_yaml(text: &str, error: &ScanError, offsets: &Offsets) -> SyntaxError {
    if let Some(tab) = first_tab(text) {
        return SyntaxError::new(tab, "this is not YAML: a tab indents this line")
            .help("indent with spaces");
    }
    let info = error.info();
    let at = offsets.byte(error.marker().index());
    let line = text.get(at..).unwrap_or_default();
    let line = line.lines().next().unwrap_or_default().trim_end();
    if info.contains("duplicated key") {
        let key = line.split(':').next().unwrap_or_default();
        let message = format!("the map already has the key `{}`", key.trim());
        return SyntaxError::new(at..at + key.len(), message)
            .help("remove one of the two, or rename it");
    }
    let misaligned = ["did not find expected", "mapping values are not allowed"];
    if !line.is_empty() && misaligned.iter().any(|known| info.contains(known)) {
        let message = format!("this is not YAML: the indentation of this line is wrong ({info})");
        return SyntaxError::new(at..at + line.len(), message)
            .help("the keys of one map, and the `-` of one list, begin in the same column");
    }
    SyntaxError::new(at..at, format!("this is not YAML: {info}"))
}

/// The first tab that indents a line.
fn first_tab(text: &str) -> Option<Range<usize>> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        let tab = line.get(..indent).and_then(|indent| indent.find('\t'));
        if let Some(tab) = tab {
            return Some(start + tab..start + tab + 1);
        }
        start += line.len();
    }
    None
}

/// Converts the positions of the parser, in characters, to positions in bytes.
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
    text: &'a str,
    offsets: Offsets,
}

impl Reader<'_> {
    /// The bytes of the first line of a value: a diagnostic does not underline a list or a map of many lines.
    fn span(&self, node: &MarkedYaml<'_>) -> Range<usize> {
        let start = self.offsets.byte(node.span.start.index());
        let end = self.offsets.byte(node.span.end.index()).max(start);
        let text = self.text.get(start..end).unwrap_or_default();
        let first_line = text.lines().next().unwrap_or_default().trim_end();
        start..start + first_line.len()
    }

    fn read(&self, node: &MarkedYaml<'_>, depth: usize) -> Result<Node, SyntaxError> {
        let span = self.span(node);
        let refused = |message: &str| Err(SyntaxError::new(span.clone(), message));
        if depth > DEEPEST {
            return refused("this nests too deep");
        }
        let kind = match &node.data {
            YamlData::Value(scalar) => scalar_kind(scalar),
            YamlData::Sequence(items) => {
                let items = items.iter().map(|item| self.read(item, depth + 1));
                NodeKind::List(items.collect::<Result<_, _>>()?)
            }
            YamlData::Mapping(entries) => {
                let entry = |(name, item)| -> Result<Entry, SyntaxError> {
                    let key_span = self.span(name);
                    Ok(Entry {
                        key: self.key(name, &key_span)?,
                        key_span,
                        value: self.read(item, depth + 1)?,
                    })
                };
                NodeKind::Map(entries.iter().map(entry).collect::<Result<_, _>>()?)
            }
            _ => return refused("tags and aliases are not used here"),
        };
        Ok(Node { kind, span })
    }

    /// A key is the text as it is written: `1.0` stays "1.0".
    fn key(&self, node: &MarkedYaml<'_>, at: &Range<usize>) -> Result<String, SyntaxError> {
        match &node.data {
            YamlData::Value(Scalar::String(text)) => Ok(text.clone().into_owned()),
            YamlData::Value(_) => {
                let written = self.text.get(at.clone()).unwrap_or_default();
                Ok(written.trim_matches(['"', '\'']).to_owned())
            }
            _ => Err(SyntaxError::new(at.clone(), "a key must be a word")),
        }
    }
}

fn scalar_kind(scalar: &Scalar<'_>) -> NodeKind {
    match scalar {
        Scalar::Null => NodeKind::Null,
        Scalar::Boolean(flag) => NodeKind::Flag(*flag),
        Scalar::Integer(number) => NodeKind::Integer(*number),
        Scalar::FloatingPoint(number) => {
            let number = number.into_inner();
            match number.is_finite() {
                true => NodeKind::Float(number),
                false => NodeKind::Null,
            }
        }
        Scalar::String(text) => NodeKind::Text(text.clone().into_owned()),
    }
}
