//! Cuts Markdown into blocks: headings, paragraphs, list items, table rows and code.

use super::inline::{Glyph, render, words};

/// A block of a text. Lines are counted from 1.
#[derive(Debug)]
pub(super) enum Block {
    /// The words of a heading.
    Heading(String),
    /// A paragraph, or an item of a list.
    Paragraph { glyphs: Vec<Glyph>, item: bool },
    /// A row of a table, not its head: the words of its cells.
    Row { line: usize, words: String },
    Code {
        /// The line of the first line inside the fence.
        line: usize,
        /// The code with its white space folded.
        words: String,
    },
}

pub(super) fn blocks(markdown: &str) -> Vec<Block> {
    let mut scanner = Scanner::default();
    for (index, line) in markdown.lines().enumerate() {
        scanner.line(index + 1, line);
    }
    scanner.end_code();
    scanner.end_table();
    scanner.end_paragraph();
    scanner.blocks
}

#[derive(Default)]
struct Scanner {
    blocks: Vec<Block>,
    paragraph: Vec<(char, usize)>,
    item: bool,
    /// The fence that ends the open code block, the block's first line, and its text so far.
    code: Option<(String, usize, String)>,
    comment: bool,
    /// The row that is the head of a table if the next row is a ruler.
    head: Option<(usize, String)>,
}

impl Scanner {
    fn line(&mut self, number: usize, line: &str) {
        let text = line.trim();
        if let Some((fence, _, code)) = &mut self.code {
            if text.starts_with(fence.as_str()) && text.trim_matches(['`', '~']).is_empty() {
                self.end_code();
            } else {
                code.push_str(line);
                code.push('\n');
            }
            return;
        }
        if self.comment || text.starts_with("<!--") {
            self.end_table();
            self.end_paragraph();
            self.comment = !text.contains("-->");
            return;
        }
        if text.starts_with('|') {
            self.row(number, text);
            return;
        }
        self.end_table();
        if let Some(fence) = fence(text) {
            self.end_paragraph();
            self.code = Some((fence, number + 1, String::new()));
        } else if text.is_empty() || is_rule(text) {
            self.end_paragraph();
        } else if let Some(words) = heading(text) {
            self.end_paragraph();
            self.blocks
                .push(Block::Heading(words_of(&[(words, number)])));
        } else if let Some(rest) = item(text) {
            self.end_paragraph();
            self.item = true;
            self.add(rest, number);
        } else {
            self.add(text, number);
        }
    }

    fn add(&mut self, text: &str, number: usize) {
        self.paragraph.push((' ', number));
        self.paragraph
            .extend(text.chars().map(|char| (char, number)));
    }

    fn row(&mut self, number: usize, text: &str) {
        self.end_paragraph();
        let is_ruler = text
            .chars()
            .all(|char| matches!(char, '|' | '-' | ':' | ' '));
        if is_ruler {
            self.head = None;
            return;
        }
        self.end_table();
        let cells: Vec<String> = text
            .trim_matches('|')
            .split('|')
            .map(|cell| words_of(&[(cell, number)]))
            .collect();
        self.head = Some((number, cells.join(" | ")));
    }

    fn end_table(&mut self) {
        if let Some((line, words)) = self.head.take() {
            self.blocks.push(Block::Row { line, words });
        }
    }

    fn end_code(&mut self) {
        if let Some((_, line, code)) = self.code.take() {
            let words = code.split_whitespace().collect::<Vec<_>>().join(" ");
            self.blocks.push(Block::Code { line, words });
        }
    }

    fn end_paragraph(&mut self) {
        let item = std::mem::take(&mut self.item);
        let chars = std::mem::take(&mut self.paragraph);
        if !chars.is_empty() {
            let glyphs = render(&chars);
            self.blocks.push(Block::Paragraph { glyphs, item });
        }
    }
}

fn words_of(lines: &[(&str, usize)]) -> String {
    let chars: Vec<(char, usize)> = lines
        .iter()
        .flat_map(|(text, line)| text.chars().map(|char| (char, *line)))
        .collect();
    words(&render(&chars))
}

fn fence(text: &str) -> Option<String> {
    ["```", "~~~"]
        .into_iter()
        .find(|fence| text.starts_with(fence))
        .map(|fence| {
            let mark = fence.chars().next();
            text.chars()
                .take_while(|char| Some(*char) == mark)
                .collect()
        })
}

fn is_rule(text: &str) -> bool {
    text.len() >= 3
        && ["-", "*", "_"]
            .iter()
            .any(|mark| text.replace(mark, "").trim().is_empty())
}

fn heading(text: &str) -> Option<&str> {
    let words = text.trim_start_matches('#');
    let marks = text.len() - words.len();
    let is_heading = (1..=6).contains(&marks) && words.starts_with([' ', '\t']);
    is_heading.then(|| words.trim().trim_end_matches('#').trim_end())
}

/// The text after the marker of a list item; `None` if the line does not start one.
fn item(text: &str) -> Option<&str> {
    let rest = text.strip_prefix(['-', '*', '+']).or_else(|| {
        let rest = text.trim_start_matches(|char: char| char.is_ascii_digit());
        let digits = text.len() - rest.len();
        (1..=9)
            .contains(&digits)
            .then(|| rest.strip_prefix(['.', ')']))
            .flatten()
    })?;
    rest.starts_with([' ', '\t']).then(|| rest.trim_start())
}
