//! Why a text is not YAML, in the words of its author: the parser names its own state, often a line too late.
//!
//! `build.rs` compiles this file too, with `yaml.rs`: it uses nothing else of the crate.

use std::ops::Range;

use super::node::SyntaxError;

/// What a text without quotes must not begin with.
const SPECIAL: &[char] = &[
    '{', '[', '*', '&', '!', '%', '@', '`', '|', '>', '"', '\'', '?', '-',
];

/// A text that the parser refuses: with the sentence `info`, at the byte `at`.
struct Refusal<'a> {
    text: &'a str,
    info: &'a str,
    at: usize,
}

/// A reading of a refusal, if it fits.
type Reading<'a> = for<'r> fn(&'r Refusal<'a>) -> Option<SyntaxError>;

/// The error of a text that the parser refuses with the sentence `info` at the byte `at`. Frequent mistakes have a sentence
/// of their own.
pub(super) fn not_yaml<'a>(text: &'a str, info: &'a str, at: usize) -> SyntaxError {
    // The first that fits explains it.
    let readings: [Reading<'a>; 10] = [
        Refusal::tab,
        Refusal::duplicate_key,
        Refusal::missing_colon,
        Refusal::missing_space,
        Refusal::open_quote,
        Refusal::unknown_escape,
        Refusal::unquoted_value,
        Refusal::unquoted_in_brackets,
        Refusal::brackets,
        Refusal::indentation,
    ];
    let refusal = Refusal { text, info, at };
    let known = readings.iter().find_map(|reading| reading(&refusal));
    known.unwrap_or_else(|| not(at..at, info))
}

/// How a text is written in quotes.
pub(super) fn quoted(text: &str) -> String {
    match text.contains(['"', '\\']) {
        true => format!("'{}'", text.replace('\'', "''")),
        false => format!("\"{text}\""),
    }
}

/// The help for a text that YAML takes for something else.
pub(super) fn put_in_quotes(text: &str) -> String {
    format!("put the text in quotes: {}", quoted(text))
}

fn not(at: Range<usize>, why: &str) -> SyntaxError {
    SyntaxError::new(at, format!("this is not YAML: {why}"))
}

impl Refusal<'_> {
    fn says(&self, any: &[&str]) -> bool {
        any.iter().any(|one| self.info.contains(one))
    }

    fn slice(&self, at: &Range<usize>) -> &str {
        self.text.get(at.clone()).unwrap_or_default()
    }

    /// The character that the parser refuses; a space at the end of the text.
    fn refused(&self) -> char {
        let mut rest = self.text.get(self.at..).unwrap_or_default().chars();
        rest.next().unwrap_or(' ')
    }

    /// The line that a byte is in, without white space at its end.
    fn line(&self, at: usize) -> Range<usize> {
        let (before, after) = (self.text.get(..at), self.text.get(at..));
        let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let end = at + after.find('\n').unwrap_or(after.len());
        start..start + self.slice(&(start..end)).trim_end().len()
    }

    /// The last line before a byte that has more than a comment.
    fn line_before(&self, at: usize) -> Option<Range<usize>> {
        let mut end = at;
        while end > 0 {
            let line = self.line(end - 1);
            let text = self.slice(&line).trim_start();
            if !text.is_empty() && !text.starts_with('#') {
                return Some(line);
            }
            end = line.start;
        }
        None
    }

    /// What follows the key of a line, or the `-` of a list.
    fn value(&self, line: &Range<usize>) -> Option<Range<usize>> {
        let mut rest = self.slice(line).trim_start();
        let mut in_list = false;
        while let Some(after) = rest.strip_prefix("- ") {
            (rest, in_list) = (after.trim_start(), true);
        }
        let value = match rest.split_once(": ") {
            Some((key, value)) if !key.starts_with(['{', '[']) => value.trim_start(),
            _ if in_list => rest,
            _ => return None,
        };
        let start = line.end.saturating_sub(value.len());
        let value = value.split(" #").next().unwrap_or_default().trim_end();
        (!value.is_empty()).then(|| start..start + value.len())
    }

    /// A tab that indents a line, anywhere in the text.
    fn tab(&self) -> Option<SyntaxError> {
        let tab = first_tab(self.text)?;
        Some(not(tab, "a tab indents this line").help("indent with spaces"))
    }

    fn duplicate_key(&self) -> Option<SyntaxError> {
        if !self.says(&["duplicated key"]) {
            return None;
        }
        let line = self.slice(&(self.at..self.line(self.at).end));
        let key = line.split(':').next().unwrap_or_default();
        let message = format!("the map already has the key `{}`", key.trim());
        let error = SyntaxError::new(self.at..self.at + key.len(), message);
        Some(error.help("remove one of the two, or rename it"))
    }

    /// A line that is to be a key and its value. The parser notices it at what follows.
    fn missing_colon(&self) -> Option<SyntaxError> {
        if !self.says(&["simple key expect"]) {
            return None;
        }
        let rest = self.text.get(self.at..).unwrap_or_default();
        let before = match rest.trim().is_empty() {
            true => self.text.len(),
            false => self.line(self.at).start,
        };
        let line = self.line_before(before)?;
        let text = self.slice(&line).trim_start();
        let at = line.end - text.len()..line.end;
        let entry = text.trim_start_matches("- ");
        if entry.contains(": ") || entry.ends_with(':') {
            return None;
        }
        Some(match entry.split_once(':') {
            Some((key, value)) => {
                not(at, "a space is missing after the `:`").help(format!("write `{key}: {value}`"))
            }
            None => not(at, "this line has no `:`")
                .help("write `KEY: VALUE`; a text of several lines is put in quotes"),
        })
    }

    /// A colon inside braces without a space after it.
    fn missing_space(&self) -> Option<SyntaxError> {
        if !self.says(&["':' may not precede", "':' must be followed"]) {
            return None;
        }
        let line = self.line(self.at);
        let before = self.slice(&(line.start..self.at));
        let key = before.rsplit([' ', '{', '[', ',']).next();
        let error = not(self.at..self.at + 1, "a space is missing after this `:`");
        Some(error.help(format!("write `{}: …`", key.unwrap_or_default())))
    }

    fn open_quote(&self) -> Option<SyntaxError> {
        let trailing = self.says(&["invalid trailing content after"]);
        if !trailing && !self.says(&["in quoted scalar", "scanning a quoted scalar"]) {
            return None;
        }
        let (_, quote) = self.open_at(self.at + usize::from(!trailing));
        let quote = quote?;
        if trailing && self.line(quote) == self.line(self.at) {
            return None;
        }
        let mark = self.slice(&(quote..quote + 1));
        let error = not(
            quote..self.line(quote).end,
            "the text that begins with this quotation mark does not end in its line",
        );
        Some(error.help(format!("close it with {mark}")))
    }

    fn unknown_escape(&self) -> Option<SyntaxError> {
        if !self.says(&["unknown escape character"]) {
            return None;
        }
        let at = self.at..self.line(self.at).end;
        let error = not(
            at,
            "in double quotes, a `\\` begins an escape, and this one is unknown",
        );
        Some(error.help("write `\\\\`, or put the text in single quotes"))
    }

    /// A text in a line of its key that needs quotes.
    fn unquoted_value(&self) -> Option<SyntaxError> {
        let value = self.value(&self.line(self.at))?;
        if self.at < value.start || !self.open_at(value.start).0.is_empty() {
            return None;
        }
        let text = self.slice(&value);
        let first = text.chars().next().filter(|first| SPECIAL.contains(first));
        let why = if self.says(&["mapping values are not allowed"]) {
            "this text has a `:` before a space or at its end".to_owned()
        } else {
            match first? {
                '{' | '[' if !self.open_at(self.at).0.is_empty() => return None,
                '{' | '[' if "}]".contains(self.refused()) => return None,
                first @ ('{' | '[' | '"' | '\'') => {
                    let end = match first {
                        '{' => '}',
                        '[' => ']',
                        quote => quote,
                    };
                    format!("this value goes on after its `{end}`")
                }
                first => format!("a text that begins with `{first}` needs quotes"),
            }
        };
        let help = put_in_quotes(text);
        Some(not(value, &why).help(help))
    }

    /// A text with a brace or a bracket, inside of braces or brackets: most often a reference.
    fn unquoted_in_brackets(&self) -> Option<SyntaxError> {
        let flow = self.says(&["while parsing a flow"]);
        let line = self.line(self.at);
        let before = self.slice(&(line.start..self.at));
        let follows = before.ends_with(|c: char| !c.is_whitespace() && !"{[,".contains(c));
        if !flow || !follows || "}],".contains(self.refused()) {
            return None;
        }
        let start = before.rfind([' ', ',']).map_or(0, |at| at + 1) + line.start;
        let rest = self.slice(&(start..line.end));
        let mut text = rest.split([' ', ',']).next().unwrap_or_default();
        let count = |text: &str, c: char| text.matches(c).count();
        while count(text, '}') > count(text, '{') || count(text, ']') > count(text, '[') {
            text = text.get(..text.len() - 1)?;
        }
        if !text.contains(['{', '}', '[', ']']) {
            return None;
        }
        let why = "inside of braces or brackets, a text that has a brace or bracket needs quotes";
        Some(not(start..start + text.len(), why).help(put_in_quotes(text)))
    }

    /// A brace or a bracket that is not closed, or that closes nothing.
    fn brackets(&self) -> Option<SyntaxError> {
        let flow = [
            "while parsing a flow",
            "illegal placement of ':'",
            "misplaced bracket",
            "in flow construct",
            "expected node content",
        ];
        if !self.says(&flow) {
            return None;
        }
        let (open, refused) = (self.open_at(self.at).0, self.refused());
        let Some((start, opened)) = open.last() else {
            let at = self.at..self.at + refused.len_utf8();
            let closes = "}]".contains(refused);
            let error = || not(at, &format!("this `{refused}` closes nothing")).help("remove it");
            return closes.then(error);
        };
        let end = if *opened == '{' { '}' } else { ']' };
        let at = *start..*start + 1;
        if self.says(&["expected node content"]) {
            return Some(not(
                self.at..self.line(self.at).end.max(self.at),
                "a value is missing here",
            ));
        }
        Some(match refused {
            '}' | ']' if refused != end => {
                not(at, &format!("this `{opened}` is closed by `{refused}`"))
                    .help(format!("write `{end}` before the `{refused}`"))
            }
            _ => not(
                at,
                &format!("this `{opened}` has no `{end}`, or a `,` is missing after it"),
            )
            .help(format!(
                "close it with `{end}`, and write `, ` between its parts"
            )),
        })
    }

    fn indentation(&self) -> Option<SyntaxError> {
        let info = self.info;
        let line = self.at..self.line(self.at).end;
        let misaligned = ["did not find expected", "mapping values are not allowed"];
        if line.is_empty() || !self.says(&misaligned) {
            return None;
        }
        let why = format!("the indentation of this line is wrong ({info})");
        let help = "the keys of one map, and the `-` of one list, begin in the same column";
        Some(not(line, &why).help(help))
    }

    /// The braces and brackets that are open at a byte, those inside of texts left out; and where the last text in quotes
    /// begins.
    fn open_at(&self, at: usize) -> (Vec<(usize, char)>, Option<usize>) {
        let mut open = Vec::new();
        let mut text: Option<char> = None;
        let (mut last_text, mut comment) = (None, false);
        // The last character, and the last that is not a space.
        let (mut previous, mut last) = ('\n', '\n');
        for (byte, c) in self.slice(&(0..at.min(self.text.len()))).char_indices() {
            let begins = match open.is_empty() {
                true => last == '\n' || (matches!(last, '-' | ':') && previous == ' '),
                false => matches!(last, '{' | '[' | ',' | ':' | '\n'),
            };
            match (text, c) {
                _ if comment => comment = c != '\n',
                (Some(mark), _) if c == mark && !(c == '"' && previous == '\\') => text = None,
                (Some(_), _) => {}
                (None, '"' | '\'') if begins => (text, last_text) = (Some(c), Some(byte)),
                (None, '#') if previous.is_whitespace() => comment = true,
                (None, '{' | '[') if begins || !open.is_empty() => open.push((byte, c)),
                (None, '}' | ']') => drop(open.pop()),
                (None, _) => {}
            }
            // A backslash that is escaped escapes nothing.
            previous = match (text, previous, c) {
                (Some('"'), '\\', '\\') => ' ',
                _ => c,
            };
            if c != ' ' && !comment {
                last = c;
            }
        }
        (open, last_text)
    }
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
