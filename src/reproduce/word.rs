//! Words of a shell command: text, variables and files.

use std::fmt;

use crate::data::is_invisible;

/// A part of a [`Word`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    Text(String),
    /// The value of this shell variable.
    Variable(String),
    /// What this command prints.
    Command(String),
    /// The content of this file. Only content can have such a piece.
    File(String),
}

/// A text that the script knows, as a whole or in part, only when it runs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Word {
    pieces: Vec<Piece>,
}

impl Word {
    pub fn text(text: impl Into<String>) -> Self {
        Self::default().and_text(text)
    }

    pub fn variable(name: impl Into<String>) -> Self {
        Self {
            pieces: vec![Piece::Variable(name.into())],
        }
    }

    pub fn command(command: impl Into<String>) -> Self {
        Self {
            pieces: vec![Piece::Command(command.into())],
        }
    }

    pub fn file(name: impl Into<String>) -> Self {
        Self {
            pieces: vec![Piece::File(name.into())],
        }
    }

    #[must_use]
    pub fn and_text(mut self, text: impl Into<String>) -> Self {
        let text = text.into();
        match self.pieces.last_mut() {
            _ if text.is_empty() => {}
            Some(Piece::Text(last)) => last.push_str(&text),
            _ => self.pieces.push(Piece::Text(text)),
        }
        self
    }

    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        for piece in &other.pieces {
            match piece {
                Piece::Text(text) => self = self.and_text(text),
                Piece::Variable(_) | Piece::Command(_) | Piece::File(_) => {
                    self.pieces.push(piece.clone())
                }
            }
        }
        self
    }

    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The text, where the script need not run to know it.
    pub fn literal(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [] => Some(""),
            [Piece::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The number, where the script need not run to know it.
    pub fn number<N: std::str::FromStr>(&self) -> Option<N> {
        self.literal()?.parse().ok()
    }

    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// The variables, in order.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Variable(name) => Some(name.as_str()),
            Piece::Text(_) | Piece::Command(_) | Piece::File(_) => None,
        })
    }

    /// The word with each literal text replaced.
    pub fn map_text(&self, change: impl Fn(&str) -> String) -> Self {
        let pieces = self.pieces.iter().map(|piece| match piece {
            Piece::Text(text) => Piece::Text(change(text)),
            other => other.clone(),
        });
        Self {
            pieces: pieces.collect(),
        }
    }
}

impl From<&str> for Word {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

/// One word of a POSIX shell command, quoted.
impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(text) = self.literal() {
            return f.write_str(&quote(text));
        }
        f.write_str("\"")?;
        let mut pieces = self.pieces.iter().peekable();
        while let Some(piece) = pieces.next() {
            match piece {
                Piece::Text(text) => f.write_str(&escape(text))?,
                Piece::Command(command) => write!(f, "$({command})")?,
                Piece::File(name) => write!(f, "$(cat {name})")?,
                Piece::Variable(name) => {
                    let continues = |next: &&Piece| match next {
                        Piece::Text(text) => text.starts_with(|c: char| {
                            c.is_ascii_alphanumeric() || matches!(c, '_' | '[')
                        }),
                        Piece::Variable(_) | Piece::Command(_) | Piece::File(_) => false,
                    };
                    match pieces.peek().is_some_and(continues) {
                        true => write!(f, "${{{name}}}")?,
                        false => write!(f, "${name}")?,
                    }
                }
            }
        }
        f.write_str("\"")
    }
}

/// A literal text as one word of a script: bare where it needs no quotes.
pub fn quote(text: &str) -> String {
    match looks_like_expansion(text) {
        true => format!("\"{}\"", escape(text)),
        false => quote_pasted(text),
    }
}

/// A literal text as one word of a command that is pasted: bare where it needs no quotes, and never between double quotes,
/// where an interactive shell expands `!`.
pub fn quote_pasted(text: &str) -> String {
    // A word that begins with a name and `=` would be an assignment; an option is none.
    let option = text.starts_with("--");
    let bare = |c: char| {
        c.is_ascii_alphanumeric()
            || matches!(c, '_' | '.' | '/' | ':' | ',' | '+' | '@' | '-')
            || (option && c == '=')
    };
    match !text.is_empty() && text.chars().all(bare) {
        true => text.to_owned(),
        false => crate::client::quote(text),
    }
}

/// Whether shellcheck takes a text between single quotes for an expansion that its author expected (SC2016).
fn looks_like_expansion(text: &str) -> bool {
    let after_dollar = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '{' | '(');
    text.contains('`')
        || text
            .split('$')
            .skip(1)
            .any(|rest| rest.starts_with(after_dollar))
}

/// A literal text between double quotes.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '$' | '`' | '"') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// A text of a report on one line, without characters that act: a report may be anybody's.
pub fn one_line(text: &str) -> String {
    let visible = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let visible = visible.filter(|c| !is_invisible(*c));
    let cut: String = visible.take(400).collect();
    cut.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_as_little_as_possible_and_as_much_as_needed() {
        assert_eq!(Word::text("a/b:c").to_string(), "a/b:c");
        assert_eq!(Word::text("").to_string(), "''");
        assert_eq!(Word::text("it's $5").to_string(), r#""it's \$5""#);
        assert_eq!(Word::text("it's a$").to_string(), r"'it'\''s a$'");
        assert_eq!(Word::text("`a`").to_string(), r#""\`a\`""#);
        let mixed = Word::text("a\"$`\\")
            .and(&Word::variable("x"))
            .and_text("y");
        assert_eq!(mixed.to_string(), r#""a\"\$\`\\${x}y""#);
        let plain = Word::variable("x").and_text("-y");
        assert_eq!(plain.to_string(), "\"$x-y\"");
    }
}
