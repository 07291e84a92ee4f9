//! Text that stays text in Markdown.

use crate::report::{sanitize, sanitize_line};

/// The most names of a list.
const NAMED: usize = 10;

/// The most characters of a value.
const VALUE: usize = 2000;

/// The first few names as code, and how many more there are.
pub(super) fn names<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    let more = names.len().saturating_sub(NAMED);
    let first: Vec<String> = names.take(NAMED).map(code).collect();
    let first = first.join(", ");
    if more == 0 {
        first
    } else {
        format!("{first} and {more} more")
    }
}

/// Text that stays text: a backslash before each character that Markdown or HTML acts on.
pub(in crate::report) fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in sanitize_line(text).chars().take(VALUE) {
        match c {
            '<' => escaped.push_str("&lt;"),
            '&' => escaped.push_str("&amp;"),
            // A mention or a reference to an issue would reach people: `@` and `#` take no backslash there.
            '@' => escaped.push_str("&#64;"),
            '#' => escaped.push_str("&#35;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '>' | '|' | '~' | '!'
            | '$' => {
                escaped.push('\\');
                escaped.push(c);
            }
            other => escaped.push(other),
        }
    }
    escaped
}

/// Text as code within a line: between more backticks than it has in a row.
pub(super) fn code(text: &str) -> String {
    let text: String = sanitize_line(text).chars().take(VALUE).collect();
    let ticks = "`".repeat(longest_run(&text) + 1);
    let pad = if text.is_empty() || text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

/// Text as a block of code.
pub(super) fn fenced(text: &str) -> String {
    let text = sanitize(text);
    let fence = "`".repeat(longest_run(&text).max(2) + 1);
    format!("{fence}sh\n{text}\n{fence}")
}

/// How many backticks stand in a row at most.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_cannot_be_left_and_text_cannot_act() {
        assert_eq!(code("a`b``c"), "```a`b``c```");
        assert_eq!(code("`x"), "`` `x ``");
        assert_eq!(fenced("```"), "````sh\n```\n````");
        assert_eq!(
            escaped("<b>@me #1 [x](y)|"),
            "&lt;b\\>&#64;me &#35;1 \\[x\\]\\(y\\)\\|"
        );
        assert_eq!(escaped("\u{202e}\n"), "⟨U+202E⟩⟨LF⟩");
    }
}
