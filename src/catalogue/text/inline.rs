//! Removes the marks inside a paragraph: of code, emphasis, links and tags.

/// A character that is left when the marks are removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Glyph {
    pub char: char,
    /// Its line, from 1.
    pub line: usize,
    /// Whether it is inside code.
    pub code: bool,
}

/// Removes the marks of a paragraph. A link leaves its words.
pub(super) fn render(chars: &[(char, usize)]) -> Vec<Glyph> {
    let mut glyphs = Vec::with_capacity(chars.len());
    render_into(chars, &mut glyphs, 0);
    glyphs
}

/// The text of the glyphs with its white space folded.
pub(super) fn words(glyphs: &[Glyph]) -> String {
    let text: String = glyphs.iter().map(|glyph| glyph.char).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The maximum depth of nested links. Brackets below it are text.
const DEEPEST: usize = 8;

/// The most characters that the end of a mark is searched in: a limit of the cost of a mark without an end.
const FARTHEST: usize = 1024;

fn render_into(mut rest: &[(char, usize)], into: &mut Vec<Glyph>, depth: usize) {
    while let Some(((char, line), after)) = rest.split_first() {
        let taken = match char {
            '`' => code(rest, into),
            '[' if depth < DEEPEST => link(rest, into, depth),
            '<' => tag(rest, into, depth),
            '!' if after.first().is_some_and(|next| next.0 == '[') => Some(after),
            '*' => Some(after),
            '_' => underscore(into.last(), after),
            '\\' => escaped(after, into),
            _ => None,
        };
        rest = taken.unwrap_or_else(|| {
            into.push(Glyph {
                char: *char,
                line: *line,
                code: false,
            });
            after
        });
    }
}

type Rest<'a> = Option<&'a [(char, usize)]>;

/// Code between two runs of the same number of backticks.
fn code<'a>(rest: &'a [(char, usize)], into: &mut Vec<Glyph>) -> Rest<'a> {
    let run = |text: &[(char, usize)]| text.iter().take_while(|next| next.0 == '`').count();
    let ticks = run(rest);
    let content = rest.get(ticks..)?;
    let mut at = 0;
    while let Some(tail) = content
        .get(at..)
        .filter(|_| at < FARTHEST.min(content.len()))
    {
        match run(tail) {
            0 => at += 1,
            count if count == ticks => {
                into.extend(content.iter().take(at).map(|(char, line)| Glyph {
                    char: *char,
                    line: *line,
                    code: true,
                }));
                return tail.get(ticks..);
            }
            count => at += count,
        }
    }
    None
}

/// Keeps the words of a link and drops its target.
fn link<'a>(rest: &'a [(char, usize)], into: &mut Vec<Glyph>, depth: usize) -> Rest<'a> {
    let close = closing(rest, '[', ']')?;
    let inner = rest.get(1..close)?;
    let after = rest.get(close + 1..)?;
    let (open, end) = match after.first()?.0 {
        '(' => ('(', ')'),
        '[' => ('[', ']'),
        _ => return None,
    };
    let target = closing(after, open, end)?;
    render_into(inner, into, depth + 1);
    after.get(target + 1..)
}

/// The position of the bracket that closes the one at the start.
fn closing(rest: &[(char, usize)], open: char, close: char) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, (char, _)) in rest.iter().enumerate().take(FARTHEST) {
        if *char == open {
            depth += 1;
        } else if *char == close {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

/// Drops a tag. A URL in angle brackets loses only the brackets.
fn tag<'a>(rest: &'a [(char, usize)], into: &mut Vec<Glyph>, depth: usize) -> Rest<'a> {
    let end = rest.iter().take(FARTHEST).position(|next| next.0 == '>')?;
    let inner = rest.get(1..end)?;
    let text: String = inner.iter().map(|next| next.0).collect();
    let name = text.trim_start_matches('/');
    if !name.starts_with(|char: char| char.is_ascii_alphabetic()) {
        return None;
    }
    if name.contains("://") && depth < DEEPEST {
        render_into(inner, into, depth + 1);
    }
    rest.get(end + 1..)
}

/// Drops an underscore at the edge of a word. One inside a word is text.
fn underscore<'a>(before: Option<&Glyph>, after: &'a [(char, usize)]) -> Rest<'a> {
    let inside = before.is_some_and(|glyph| glyph.char.is_alphanumeric())
        && after.first().is_some_and(|next| next.0.is_alphanumeric());
    (!inside).then_some(after)
}

/// Drops a backslash before a punctuation character, which is then text.
fn escaped<'a>(after: &'a [(char, usize)], into: &mut Vec<Glyph>) -> Rest<'a> {
    let ((char, line), rest) = after.split_first()?;
    char.is_ascii_punctuation().then(|| {
        into.push(Glyph {
            char: *char,
            line: *line,
            code: false,
        });
        rest
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        let chars: Vec<(char, usize)> = text.chars().map(|char| (char, 1)).collect();
        words(&render(&chars))
    }

    #[test]
    fn marks_are_removed_and_words_kept() {
        for (marked, words) in [
            (
                "a **bold** _word_ and *one* more",
                "a bold word and one more",
            ),
            ("`<name>` in ``a ` tick``", "<name> in a ` tick"),
            ("[a `link`](https://example.org/(x)) here", "a link here"),
            ("[a link][ref] and [brackets]", "a link and [brackets]"),
            ("![a picture](x.png)", "a picture"),
            (
                "note <sup>[1](#a)</sup> <https://example.org/>",
                "note 1 https://example.org/",
            ),
            (
                "SNAKE_CASE stays, \\*so\\* does this",
                "SNAKE_CASE stays, *so* does this",
            ),
            (
                "an open ` tick, an open [ bracket, 1 < 2",
                "an open ` tick, an open [ bracket, 1 < 2",
            ),
        ] {
            assert_eq!(plain(marked), words);
        }
    }

    #[test]
    fn unclosed_brackets_are_harmless() {
        let deep = "[".repeat(20_000) + &"](".repeat(20_000);
        assert!(!plain(&deep).is_empty());
    }
}
