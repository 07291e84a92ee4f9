//! Blocks into passages: sentences with their sections, lines and fingerprints.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::blocks::{Block, blocks};
use super::inline::{Glyph, words};

/// The digits of a fingerprint: enough that no two sentences share one.
pub const FINGERPRINT_LENGTH: usize = 12;

/// The words that make an obligation or a permission (RFC 2119).
const KEYWORDS: [&str; 7] = [
    "MUST",
    "SHALL",
    "SHOULD",
    "MAY",
    "REQUIRED",
    "RECOMMENDED",
    "OPTIONAL",
];

/// The sections whose tables are obligations row by row.
const TABLES: [&str; 2] = ["endpoints", "error-codes"];

/// What is no end of a sentence though it ends with a full stop.
const ABBREVIATIONS: [&str; 7] = ["e.g.", "i.e.", "a.k.a.", "etc.", "cf.", "vs.", "resp."];

/// What a passage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A sentence of a paragraph or of a list's item.
    Sentence,
    /// A row of a table.
    Row,
    /// A block of code, or a paragraph that a sentence with a colon introduces.
    Block,
}

/// A sentence, a row or a block of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// The anchor of its section.
    pub section: String,
    /// The line it starts in, from 1.
    pub line: usize,
    /// What it is.
    pub kind: Kind,
    /// Its words: white space folded, marks removed, links without their targets.
    pub words: String,
    /// The first digits of the SHA-256 of its words.
    pub fingerprint: String,
    /// Whether it obliges or permits: it carries a keyword, or belongs to a sentence that does, or is a row of
    /// the tables of endpoints and error codes.
    pub binds: bool,
}

/// A text of the specification, cut into passages.
#[derive(Debug, Default)]
pub struct Text {
    /// The passages in order.
    pub passages: Vec<Passage>,
    /// The anchors of its sections in order.
    pub sections: Vec<String>,
}

impl Text {
    /// Cuts a text in Markdown into passages.
    pub fn parse(markdown: &str) -> Self {
        let mut reader = Reader::default();
        for block in blocks(markdown) {
            reader.block(block);
        }
        reader.text
    }

    /// Whether words stand in more than one section, so that a fingerprint alone does not say which is meant.
    pub fn is_repeated(&self, passage: &Passage) -> bool {
        self.passages.iter().any(|other| {
            other.fingerprint == passage.fingerprint && other.section != passage.section
        })
    }
}

/// What a sentence that binds has announced with a colon: it belongs to the sentence.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Announced {
    #[default]
    Nothing,
    /// What comes next, whatever it is.
    Next,
    /// The items of the list that has begun.
    Items,
}

#[derive(Default)]
struct Reader {
    text: Text,
    section: String,
    anchors: HashMap<String, usize>,
    announced: Announced,
}

impl Reader {
    fn block(&mut self, block: Block) {
        let announced = std::mem::take(&mut self.announced);
        match block {
            Block::Heading(words) => self.heading(&words),
            Block::Code { line, words } => {
                self.push(line, Kind::Block, words, announced == Announced::Next);
                if announced == Announced::Items {
                    self.announced = announced;
                }
            }
            Block::Row { line, words } => {
                let listed = TABLES.contains(&self.section.as_str());
                let binds = listed || announced == Announced::Next || has_keyword(&words);
                self.push(line, Kind::Row, words, binds);
                self.announced = announced;
            }
            Block::Paragraph { glyphs, item } => self.paragraph(&glyphs, item, announced),
        }
    }

    fn heading(&mut self, words: &str) {
        let slug = slug(words);
        let seen = self.anchors.entry(slug.clone()).or_default();
        self.section = match *seen {
            0 => slug,
            again => format!("{slug}-{again}"),
        };
        *seen += 1;
        self.text.sections.push(self.section.clone());
    }

    fn paragraph(&mut self, glyphs: &[Glyph], item: bool, announced: Announced) {
        let starts_with_code = glyphs
            .iter()
            .find(|glyph| !glyph.char.is_whitespace())
            .is_some_and(|glyph| glyph.code);
        let of_list = item && announced != Announced::Nothing;
        if announced == Announced::Next && starts_with_code && !item {
            let line = glyphs.first().map_or(0, |glyph| glyph.line);
            self.push(line, Kind::Block, words(glyphs), true);
            return;
        }
        if of_list {
            self.announced = Announced::Items;
        }
        for (line, sentence) in sentences(glyphs) {
            let binds = has_keyword(&sentence);
            if binds && sentence.ends_with(':') {
                self.announced = Announced::Next;
            }
            self.push(line, Kind::Sentence, sentence, binds || of_list);
        }
    }

    fn push(&mut self, line: usize, kind: Kind, words: String, binds: bool) {
        if words.is_empty() {
            return;
        }
        self.text.passages.push(Passage {
            section: self.section.clone(),
            line,
            kind,
            fingerprint: fingerprint(&words),
            words,
            binds,
        });
    }
}

fn fingerprint(words: &str) -> String {
    let mut digits = hex::encode(Sha256::digest(words.as_bytes()));
    digits.truncate(FINGERPRINT_LENGTH);
    digits
}

/// The anchor that GitHub gives a heading.
fn slug(words: &str) -> String {
    words
        .to_lowercase()
        .chars()
        .filter_map(|char| match char {
            ' ' => Some('-'),
            '-' | '_' => Some(char),
            _ => char.is_alphanumeric().then_some(char),
        })
        .collect()
}

fn has_keyword(words: &str) -> bool {
    words
        .split(|char: char| !char.is_alphanumeric() && char != '_')
        .any(|word| KEYWORDS.contains(&word))
}

/// The sentences of a paragraph, each with the line it starts in.
fn sentences(glyphs: &[Glyph]) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut rest = glyphs;
    while let Some(start) = rest.iter().position(|glyph| !glyph.char.is_whitespace()) {
        let from = rest.get(start..).unwrap_or_default();
        let (sentence, after) = from.split_at(end_of_sentence(from));
        let line = sentence.first().map_or(0, |glyph| glyph.line);
        found.push((line, words(sentence)));
        rest = after;
    }
    found
}

fn end_of_sentence(glyphs: &[Glyph]) -> usize {
    for (at, glyph) in glyphs.iter().enumerate() {
        if glyph.code || !matches!(glyph.char, '.' | '?' | '!') {
            continue;
        }
        let tail = glyphs.get(at + 1..).unwrap_or_default();
        let closers = tail
            .iter()
            .take_while(|next| !next.code && matches!(next.char, ')' | '"' | '\''))
            .count();
        let end = at + 1 + closers;
        let after = glyphs.get(end..).unwrap_or_default();
        let next = after.iter().find(|next| !next.char.is_whitespace());
        let spaced = after.first().is_none_or(|next| next.char.is_whitespace());
        let begins = next.is_none_or(|next| next.code || !next.char.is_lowercase());
        if spaced && begins && !is_abbreviation(glyphs.get(..=at).unwrap_or_default()) {
            return end;
        }
    }
    glyphs.len()
}

fn is_abbreviation(glyphs: &[Glyph]) -> bool {
    let text = words(glyphs);
    let last = text.rsplit(' ').next().unwrap_or_default();
    ABBREVIATIONS.contains(&last.trim_start_matches(['(', '"']))
}
