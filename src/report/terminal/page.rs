//! A page of text: wrapped to the width, indented, free of what a target could do to a terminal.

use super::style::{Ink, OutputStyle};
use crate::report::{sanitize, sanitize_line};

/// How far labelled values are from their labels' start.
const LABEL: usize = 10;

/// How many characters of a line of an exchange are shown: the reports have the rest.
const WIRE: usize = 400;

/// A page in the making.
pub(in crate::report) struct Page<'a> {
    /// How it looks.
    pub look: &'a OutputStyle,
    text: String,
}

impl<'a> Page<'a> {
    /// An empty page.
    pub(in crate::report) fn new(look: &'a OutputStyle) -> Self {
        Self {
            look,
            text: String::new(),
        }
    }

    /// The page as text.
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

    /// A line in one ink.
    pub(in crate::report) fn inked(&mut self, style: Ink, line: &str) {
        let line = self.look.paint(style, &sanitize_line(line));
        self.line(&line);
    }

    /// A paragraph, wrapped.
    pub(in crate::report) fn paragraph(&mut self, indent: usize, style: Ink, text: &str) {
        let width = self.look.width.saturating_sub(indent).max(20);
        for line in wrapped(&sanitize_line(text), width) {
            let line = self.look.paint(style, &line);
            self.line(&format!("{:indent$}{line}", ""));
        }
    }

    /// A label and its value, wrapped beside it.
    pub(in crate::report) fn labelled(
        &mut self,
        indent: usize,
        label: &str,
        style: Ink,
        text: &str,
    ) {
        let width = self.look.width.saturating_sub(indent + LABEL).max(20);
        let label = format!("{label:<LABEL$}");
        self.beside(indent, &label, style, wrapped(&sanitize(text), width));
    }

    /// A number, right-aligned, and what there is that many of, wrapped beside it.
    pub(in crate::report) fn counted(&mut self, indent: usize, number: usize, text: &str) {
        let label = format!("{number:>3}  ");
        let width = self.look.width.saturating_sub(indent + label.len()).max(20);
        self.beside(
            indent,
            &label,
            Ink::Plain,
            wrapped(&sanitize_line(text), width),
        );
    }

    /// A label and a value that is made to be copied: never wrapped.
    pub(in crate::report) fn verbatim(&mut self, indent: usize, label: &str, text: &str) {
        let text = sanitize(text);
        let lines = text.lines().map(str::to_owned).collect();
        self.beside(indent, &format!("{label:<LABEL$}"), Ink::Plain, lines);
    }

    /// A line of an exchange: what was sent stays as it is, and one line, as far as a terminal has room for it.
    pub(in crate::report) fn transport(&mut self, text: &str) {
        let (start, cut) = match text.char_indices().nth(WIRE) {
            Some((end, _)) => (text.get(..end).unwrap_or_default(), "…"),
            None => (text, ""),
        };
        self.line(&format!("      {}{cut}", sanitize_line(start)));
    }

    fn beside(&mut self, indent: usize, label: &str, style: Ink, lines: Vec<String>) {
        let width = label.chars().count();
        let mut label = self.look.paint(Ink::Faint, label);
        for line in lines {
            let line = self.look.paint(style, &line);
            self.line(&format!("{:indent$}{label}{line}", ""));
            label = " ".repeat(width);
        }
    }
}

/// Text in lines of at most `width` characters, broken at spaces. A longer word stands on a line of its own.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        let mut length = 0;
        for word in paragraph.split(' ') {
            let size = word.chars().count();
            if length > 0 && length + 1 + size > width {
                lines.push(std::mem::take(&mut line));
                length = 0;
            }
            if length > 0 {
                line.push(' ');
                length += 1;
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

#[cfg(test)]
mod tests {
    use super::*;

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
