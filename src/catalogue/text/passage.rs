//! Cuts blocks into passages with their sections, lines and fingerprints.

use std::collections::HashMap;

use indexmap::IndexMap;
use sha2::{Digest, Sha256};

use super::blocks::{Block, blocks};
use super::inline::{Glyph, words};
use super::keywords::keywords;
use super::sketch::Sketch;

/// The number of digits of a fingerprint: enough that no two sentences have the same.
pub const FINGERPRINT_LENGTH: usize = 12;

/// The sections in which each table row is an obligation.
const TABLES: [&str; 2] = ["endpoints", "error-codes"];

/// Words whose full stop does not end a sentence.
const ABBREVIATIONS: [&str; 7] = ["e.g.", "i.e.", "a.k.a.", "etc.", "cf.", "vs.", "resp."];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A sentence of a paragraph or of a list item.
    Sentence,
    /// A table row.
    Row,
    /// A code block, or a paragraph that starts with code after a sentence with a colon.
    Block,
}

/// A sentence, a row or a block of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// The anchor of its section.
    pub section: String,
    /// The line that it starts in, from 1.
    pub line: usize,
    pub kind: Kind,
    /// Its words: with white space folded, without marks and link targets.
    pub words: String,
    /// The first digits of the SHA-256 of its words.
    pub fingerprint: String,
    /// Whether it is an obligation or a permission: it has a keyword, or belongs to a sentence that has one, or is a
    /// row of the tables of endpoints or error codes.
    pub binds: bool,
}

/// A text of the specification, cut into passages.
#[derive(Debug, Default)]
pub struct Text {
    pub passages: Vec<Passage>,
    /// The anchors of its sections, in order.
    pub sections: Vec<String>,
}

impl Passage {
    /// What the catalogue keeps of the passage: its fingerprint with its line, its sketch and its keywords, with slashes
    /// between.
    pub fn summary(&self) -> String {
        let sketch = Sketch::of(&self.words);
        let mut summary = format!("{}:{}/{sketch}", self.fingerprint, self.line);
        for keyword in keywords(&self.words) {
            summary.push('/');
            summary.push_str(&keyword.replace(' ', "-"));
        }
        summary
    }
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

    /// The sections that have passages, each with the summaries of its passages, separated by spaces: the entry of the
    /// text in the catalogue.
    pub fn index(&self) -> IndexMap<&str, String> {
        let mut index: IndexMap<&str, String> = IndexMap::new();
        for passage in &self.passages {
            let summaries = index.entry(&passage.section).or_default();
            if !summaries.is_empty() {
                summaries.push(' ');
            }
            summaries.push_str(&passage.summary());
        }
        index
    }
}

/// What a sentence with a keyword announces with a colon: it belongs to the sentence.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Announced {
    #[default]
    Nothing,
    /// The next block of any kind.
    Next,
    /// The further items of a list.
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
            repeated => format!("{slug}-{repeated}"),
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

/// The anchor that GitHub makes for a heading.
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
    !keywords(words).is_empty()
}

/// The sentences of a paragraph, each with the line that it starts in.
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
    let near = glyphs.len().saturating_sub(16);
    let text = words(glyphs.get(near..).unwrap_or_default());
    let last = text.rsplit(' ').next().unwrap_or_default();
    ABBREVIATIONS.contains(&last.trim_start_matches(['(', '"']))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    const TEA: &str = "\
# Tea Service

- [Brewing](#brewing)

## Brewing

A pot MUST be *warm*. See [the `pot`](https://example.org/a.b) (e.g. `Brown Betty`) for more,
and the water SHOULD boil <sup>[note-1](#notes)</sup>. It is said so.

When pouring, the host MUST:

1. Hold the lid.
1. Tilt the pot,
   slowly.

```
A cup MUST NOT be here.
```

The bill MUST have the following form:

```
Total:  <sum>
```

A name MUST match this expression:

`[a-z]+`

`MAY_BE` is no keyword. Neither is `a. B`.

## Endpoints

| ID    | Method |
|-------|--------|
| end-1 | `POUR` |

## Brewing

<!-- A cup MUST NOT be here. -->
| A | B |
|---|---|
| 1 | 2 |
";

    fn binding() -> Vec<(usize, String, String)> {
        let binding = Text::parse(TEA)
            .passages
            .into_iter()
            .filter(|one| one.binds);
        binding
            .map(|one| (one.line, one.section, one.words))
            .collect()
    }

    #[test]
    fn obligations_are_found_with_their_section_and_line() {
        let found = binding();
        let found: Vec<(usize, &str, &str)> = found
            .iter()
            .map(|(line, section, words)| (*line, section.as_str(), words.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                (7, "brewing", "A pot MUST be warm."),
                (
                    7,
                    "brewing",
                    "See the pot (e.g. Brown Betty) for more, and the water SHOULD boil note-1."
                ),
                (10, "brewing", "When pouring, the host MUST:"),
                (12, "brewing", "Hold the lid."),
                (13, "brewing", "Tilt the pot, slowly."),
                (20, "brewing", "The bill MUST have the following form:"),
                (23, "brewing", "Total: <sum>"),
                (26, "brewing", "A name MUST match this expression:"),
                (28, "brewing", "[a-z]+"),
                (36, "endpoints", "end-1 | POUR"),
            ]
        );
    }

    #[test]
    fn sentences_without_an_obligation_have_fingerprints() {
        let text = Text::parse(TEA);
        let said = text
            .passages
            .iter()
            .find(|one| one.words == "It is said so.")
            .unwrap();
        assert_eq!(
            (said.line, said.binds, said.kind),
            (8, false, Kind::Sentence)
        );
        let last = text.passages.last().unwrap();
        assert_eq!(
            (last.words.as_str(), last.kind, last.binds),
            ("1 | 2", Kind::Row, false)
        );
    }

    #[test]
    fn a_fingerprint_is_of_the_words_alone() {
        let one = &Text::parse("A pot MUST\n  be **warm**.").passages[0].fingerprint;
        let two =
            &Text::parse("## Pots\n\n- A [pot](#pots) MUST be `warm`.\n").passages[0].fingerprint;
        assert_eq!(one, two);
        assert_eq!(one, &fingerprint("A pot MUST be warm."));
        let third = &Text::parse("A pot must be warm.").passages[0].fingerprint;
        assert_ne!(one, third);
        assert_eq!(fingerprint(""), "e3b0c44298fc");
    }

    #[test]
    fn sections_have_the_anchors_that_github_gives_them() {
        let text = Text::parse("# Tea & Cake\n## Don't Spill_it\n## Tea & Cake ##\n#NoHeading\n");
        assert_eq!(text.sections, ["tea--cake", "dont-spill_it", "tea--cake-1"]);
    }

    #[test]
    fn code_that_is_not_announced_does_not_bind() {
        let text = Text::parse("A pot MUST be warm.\n\n```\nMUST\n```\n");
        assert_eq!(text.passages.iter().filter(|one| one.binds).count(), 1);
    }
}
