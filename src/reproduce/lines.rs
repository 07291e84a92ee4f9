//! The lines of a script while it is written. A line that only defines a variable or a file is left out if nothing uses it.

use std::collections::HashSet;

/// A line of the script.
#[derive(Debug, Clone)]
struct Line {
    depth: usize,
    text: String,
    /// The variable or the file that the line makes and that is all it does.
    defines: Option<String>,
}

/// Lines with their indentation.
#[derive(Debug, Clone, Default)]
pub struct Lines {
    lines: Vec<Line>,
    depth: usize,
}

impl Lines {
    pub fn push(&mut self, text: impl Into<String>) {
        self.add(text.into(), None);
    }

    /// Adds a line that only makes a variable or a file.
    pub fn define(&mut self, name: &str, text: impl Into<String>) {
        self.add(text.into(), Some(name.to_owned()));
    }

    fn add(&mut self, text: String, defines: Option<String>) {
        self.lines.push(Line {
            depth: self.depth,
            text,
            defines,
        });
    }

    /// Adds a line that opens a block.
    pub fn open(&mut self, text: impl Into<String>) {
        self.push(text);
        self.depth += 1;
    }

    /// Adds a line between two blocks.
    pub fn middle(&mut self, text: impl Into<String>) {
        self.depth = self.depth.saturating_sub(1);
        self.open(text);
    }

    /// Adds a line that closes a block.
    pub fn close(&mut self, text: impl Into<String>) {
        self.depth = self.depth.saturating_sub(1);
        self.push(text);
    }

    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Drops the lines from a position on, with the blocks that they open.
    pub fn truncate(&mut self, to: usize) {
        if let Some(line) = self.lines.get(to) {
            self.depth = line.depth;
        }
        self.lines.truncate(to);
    }

    pub fn append(&mut self, other: Self) {
        let depth = self.depth;
        self.lines.extend(other.lines.into_iter().map(|line| Line {
            depth: line.depth + depth,
            ..line
        }));
    }

    /// The text, indented by `depth` more steps.
    pub fn finish(self, depth: usize) -> String {
        let mut used: HashSet<String> = HashSet::new();
        let mut kept = vec![false; self.lines.len()];
        loop {
            let before = kept.iter().filter(|kept| **kept).count();
            for (line, kept) in self.lines.iter().zip(kept.iter_mut()) {
                let wanted = line.defines.as_ref().is_none_or(|name| used.contains(name));
                if wanted && !*kept {
                    *kept = true;
                    used.extend(names(&line.text, line.defines.as_deref()));
                }
            }
            if kept.iter().filter(|kept| **kept).count() == before {
                break;
            }
        }
        let lines = self.lines.iter().zip(kept).filter(|(_, kept)| *kept);
        let lines = lines.map(|(line, _)| match line.text.is_empty() {
            true => "\n".to_owned(),
            false => format!("{}{}\n", "  ".repeat(line.depth + depth), line.text),
        });
        lines.collect()
    }
}

/// The variables and files that a line names, except the one that it makes.
fn names(line: &str, defines: Option<&str>) -> Vec<String> {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let names = line.split(|c: char| !word(c) && c != '.').flat_map(|part| {
        let name: String = part.chars().take_while(|c| word(*c)).collect();
        [part.trim_matches('.').to_owned(), name]
    });
    names
        .filter(|name| Some(name.as_str()) != defines)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nothing_uses_is_left_out() {
        let mut lines = Lines::default();
        lines.define("a.bytes", "random a.bytes 10");
        lines.define("a_sha512", "a_sha512=$(sha512 a.bytes)");
        lines.define("b.bytes", "random b.bytes 10");
        lines.define("b_digest", "b_digest=$(sha256 b.bytes)");
        lines.open("if true; then");
        lines.push("use \"$b_digest\"");
        lines.close("fi");
        let text = lines.finish(0);
        assert_eq!(
            text,
            "random b.bytes 10\nb_digest=$(sha256 b.bytes)\nif true; then\n  use \"$b_digest\"\nfi\n"
        );
    }
}
