//! Parses YAML to a tree of values.
//!
//! `build.rs` compiles this file too, with `node.rs` and `yaml_mistakes.rs`: it uses nothing else of the crate.

use std::ops::Range;

use saphyr::{MarkedYaml, Scalar, ScanError, YamlData, YamlLoader};
use saphyr_parser::{Event, Parser, SpannedEventReceiver};

use super::node::{DEEPEST, Entry, Node, NodeKind, SyntaxError};
use super::yaml_mistakes::{not_yaml, put_in_quotes};

/// Parses the text of a YAML file. An empty file is an empty map.
///
/// # Errors
/// If the text is not YAML, has a key twice in a map, nests too deep, or has more than one document.
pub(super) fn parse(text: &str) -> Result<Node, SyntaxError> {
    let offsets = Offsets::of(text);
    let mut documents = documents(text, &offsets)?;
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

/// The documents of a text. `saphyr`'s own loop recurses, and would overflow the stack before a depth is known.
fn documents<'a>(text: &'a str, offsets: &Offsets) -> Result<Vec<MarkedYaml<'a>>, SyntaxError> {
    let refused = |error: &ScanError| {
        let at = offsets.byte(error.marker().index());
        not_yaml(text, error.info(), at)
    };
    let mut parser = Parser::new_from_iter(text.chars());
    let mut loader = YamlLoader::default();
    let mut depth = 0_usize;
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| refused(&error))?;
        match event {
            Event::SequenceStart(..) | Event::MappingStart(..) if depth > DEEPEST => {
                let at = offsets.byte(span.start.index());
                return Err(too_deep(at..at));
            }
            Event::SequenceStart(..) | Event::MappingStart(..) => depth += 1,
            Event::SequenceEnd | Event::MappingEnd => depth = depth.saturating_sub(1),
            _ => {}
        }
        loader.on_event(event, span);
    }
    match loader.error() {
        Some(error) => Err(refused(error)),
        None => Ok(loader.into_documents()),
    }
}

fn too_deep(at: Range<usize>) -> SyntaxError {
    SyntaxError::new(
        at,
        format!("this nests too deep: {DEEPEST} levels are allowed"),
    )
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
        if depth > DEEPEST {
            return Err(too_deep(span));
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
            _ => {
                let written = self.text.get(span.clone()).unwrap_or_default();
                let error = SyntaxError::new(span.clone(), "tags and aliases are not used here");
                return Err(error.help(put_in_quotes(written)));
            }
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn values_without_end_are_refused_before_the_stack_overflows() {
        for open in ["- ", "[", "{a: ", "? "] {
            let text = format!("a: 1\nb:\n  {}", open.repeat(50_000));
            let error = parse(&text).unwrap_err();
            // Brackets within brackets are bounded by the parser too.
            let limits = ["too deep", "recursion limit"].iter();
            let named = limits.filter(|limit| error.message.contains(**limit));
            assert_eq!(named.count(), 1, "{}", error.message);
            assert!(error.span.start > "a: 1\nb:".len());
        }
        let deep = |levels: usize| format!("{}x{}", "[".repeat(levels), "]".repeat(levels));
        assert!(parse(&deep(DEEPEST)).is_ok());
        assert!(parse(&deep(DEEPEST + 1)).is_err());
    }
}
