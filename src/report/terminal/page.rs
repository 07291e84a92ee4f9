//! A page of text: wrapped to the width, indented, free of what a target could do to a terminal.

use super::style::{OutputStyle, TextStyle};
use crate::report::shorten::shortened;
use crate::report::{sanitize, sanitize_line};

/// How far labelled values are from their labels' start.
const LABEL: usize = 10;

/// How many characters of a line of an exchange are shown: the reports have the rest.
const WIRE: usize = 400;

/// A page in the making.
pub(in crate::report) struct Page<'a> {
    /// The width, the colours and how much is wanted.
    pub output: &'a OutputStyle,
    text: String,
}

impl<'a> Page<'a> {
    pub(in crate::report) fn new(output: &'a OutputStyle) -> Self {
        Self {
            output,
            text: String::new(),
        }
    }

    pub(in crate::report) fn finish(self) -> String {
        self.text
    }

    /// An empty line.
    pub(in crate::report) fn gap(&mut self) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
    }

    /// A line as it is: already painted, and free of what a target sent.
    pub(in crate::report) fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    /// Lines as they are.
    pub(in crate::report) fn page(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// A line in one style.
    pub(in crate::report) fn styled(&mut self, style: TextStyle, line: &str) {
        let line = self.output.paint(style, &sanitize_line(line));
        self.line(&line);
    }

    pub(in crate::report) fn paragraph(&mut self, indent: usize, style: TextStyle, text: &str) {
        let width = self.output.width.saturating_sub(indent).max(20);
        for line in wrapped(&sanitize_line(text), width) {
            let line = self.output.paint(style, &line);
            self.line(&format!("{:indent$}{line}", ""));
        }
    }

    /// A label and its value, wrapped after it.
    pub(in crate::report) fn labelled(
        &mut self,
        indent: usize,
        label: &str,
        style: TextStyle,
        text: &str,
    ) {
        let width = self.output.width.saturating_sub(indent + LABEL).max(20);
        let label = format!("{label:<LABEL$}");
        self.aligned(indent, &label, style, wrapped(&sanitize(text), width));
    }

    /// A number, right-aligned, and the text that it counts, wrapped after it. The lines after the first are indented by
    /// `hanging` more.
    pub(in crate::report) fn counted(
        &mut self,
        indent: usize,
        number: usize,
        hanging: usize,
        text: &str,
    ) {
        let label = format!("{number:>3}  ");
        let width = self
            .output
            .width
            .saturating_sub(indent + label.len() + hanging)
            .max(20);
        let mut lines = wrapped(&sanitize_line(text), width);
        for line in lines.iter_mut().skip(1) {
            line.insert_str(0, &" ".repeat(hanging));
        }
        self.aligned(indent, &label, TextStyle::Plain, lines);
    }

    /// A label and a value that is made to be copied: never wrapped.
    pub(in crate::report) fn verbatim(&mut self, indent: usize, label: &str, text: &str) {
        let text = sanitize(text);
        let lines = text.lines().map(str::to_owned).collect();
        self.aligned(indent, &format!("{label:<LABEL$}"), TextStyle::Plain, lines);
    }

    /// A line of an exchange: what was sent stays as it is, and one line, as far as a terminal has room for it.
    pub(in crate::report) fn transport(&mut self, text: &str) {
        let start = shortened(text, WIRE, "…");
        self.line(&format!("      {}", sanitize_line(&start)));
    }

    /// A label and lines: those after the first are indented as far as the first.
    fn aligned(&mut self, indent: usize, label: &str, style: TextStyle, lines: Vec<String>) {
        let width = label.chars().count();
        let mut label = self.output.paint(TextStyle::Faint, label);
        for line in lines {
            let line = self.output.paint(style, &line);
            self.line(&format!("{:indent$}{label}{line}", ""));
            label = " ".repeat(width);
        }
    }
}

/// Text in lines of at most `width` characters, broken at spaces, and a list of JSON texts also after its commas. A longer word
/// stands on a line of its own.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        let mut length = 0;
        for (word, space) in paragraph.split(' ').flat_map(|word| parts(word, width)) {
            let size = word.chars().count();
            let gap = if space && length > 0 { " " } else { "" };
            if length > 0 && length + gap.len() + size > width {
                lines.push(std::mem::take(&mut line));
                length = 0;
            } else {
                line.push_str(gap);
                length += gap.len();
            }
            line.push_str(word);
            length += size;
        }
        lines.push(line);
    }
    if lines.is_empty() {
        lines.push(String::new());
    }
    lines
}

/// A word, or the elements of a list that is too long for a line; and whether a space stands before it.
fn parts(word: &str, width: usize) -> impl Iterator<Item = (&str, bool)> {
    let is_long_list = word.contains("\",\"") && word.chars().count() > width;
    let end = if is_long_list { ',' } else { ' ' };
    let parts = word.split_inclusive(end).enumerate();
    // The empty word between two spaces has no part.
    let empty = word.is_empty().then_some((word, true));
    parts.map(|(index, part)| (part, index == 0)).chain(empty)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_is_broken_after_commas() {
        let list = r#"got ["a","b","c"], not d"#;
        assert_eq!(wrapped(list, 40), [list]);
        assert_eq!(wrapped(list, 12), ["got [\"a\",", "\"b\",\"c\"],", "not d"]);
        let url = "http://h/very-long?a=1,2,3";
        assert_eq!(wrapped(url, 10), [url]);
    }

    #[test]
    fn text_is_broken_at_spaces() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(
            wrapped("a longerthanthat b", 6),
            ["a", "longerthanthat", "b"]
        );
        assert_eq!(wrapped("", 6), [""]);
    }
}
