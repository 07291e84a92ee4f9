//! Where two values part: what marks the difference between expected and actual.

use serde::Serialize;

/// A piece of a text, and whether the other text has it too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Piece {
    pub text: String,
    /// Whether it is only here.
    pub differs: bool,
}

/// Both texts in pieces: what they begin and end with alike is plain, what is between differs. Texts that
/// share too little to be worth marking come back whole and plain.
pub(super) fn pieces(expected: &str, actual: &str) -> (Vec<Piece>, Vec<Piece>) {
    let (left, right) = (words(expected), words(actual));
    let start = alike(left.iter(), right.iter());
    let rest = left.len().min(right.len()) - start;
    let end = alike(left.iter().rev(), right.iter().rev()).min(rest);
    let (start, end) = whole_quotes(&left, &right, start, end);
    let shared: usize = left
        .iter()
        .take(start)
        .map(|word| word.len())
        .sum::<usize>()
        + left
            .iter()
            .rev()
            .take(end)
            .map(|word| word.len())
            .sum::<usize>();
    let longest = expected.len().max(actual.len());
    if expected == actual || shared * 4 < longest {
        return (plain(expected), plain(actual));
    }
    (marked(&left, start, end), marked(&right, start, end))
}

/// A difference that goes over a backtick, and begins or ends inside of a pair of them, with both backticks of the pair.
fn whole_quotes(left: &[&str], right: &[&str], start: usize, end: usize) -> (usize, usize) {
    let middle = |words: &[&str]| {
        let inside = words.get(start..words.len() - end);
        inside.is_some_and(|inside| inside.contains(&"`"))
    };
    if !middle(left) && !middle(right) {
        return (start, end);
    }
    let backticks = |words: &[&str]| words.iter().filter(|word| **word == "`").count();
    let (before, after) = left.split_at(start.min(left.len()));
    let after = after.get(after.len() - end..).unwrap_or_default();
    let opened = backticks(before) % 2 == 1;
    let start = match before.iter().rposition(|word| *word == "`") {
        Some(opening) if opened => opening,
        Some(_) | None => start,
    };
    let closed = backticks(after) % 2 == 1;
    let end = match after.iter().position(|word| *word == "`") {
        Some(closing) if closed => end - closing - 1,
        Some(_) | None => end,
    };
    (start, end)
}

fn plain(text: &str) -> Vec<Piece> {
    let text = text.to_owned();
    let differs = false;
    Vec::from([Piece { text, differs }])
}

fn marked(words: &[&str], start: usize, end: usize) -> Vec<Piece> {
    let until = words.len() - end;
    let piece = |from: usize, to: usize, differs: bool| Piece {
        text: words.get(from..to).unwrap_or_default().concat(),
        differs,
    };
    let pieces = [
        piece(0, start, false),
        piece(start, until, true),
        piece(until, words.len(), false),
    ];
    pieces
        .into_iter()
        .filter(|piece| !piece.text.is_empty())
        .collect()
}

fn alike<'a>(
    left: impl Iterator<Item = &'a &'a str>,
    right: impl Iterator<Item = &'a &'a str>,
) -> usize {
    left.zip(right).take_while(|(a, b)| a == b).count()
}

/// Runs of letters and digits, and every other character alone.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = if first.is_alphanumeric() {
            rest.find(|c: char| !c.is_alphanumeric())
                .unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (word, after) = rest.split_at(end);
        words.push(word);
        rest = after;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `a[b]c`: what differs in brackets.
    fn shown(pieces: &[Piece]) -> String {
        let show = |piece: &Piece| match piece.differs {
            true => format!("[{}]", piece.text),
            false => piece.text.clone(),
        };
        pieces.iter().map(show).collect()
    }

    fn both(expected: &str, actual: &str) -> (String, String) {
        let (left, right) = pieces(expected, actual);
        (shown(&left), shown(&right))
    }

    #[test]
    fn the_middle_is_marked() {
        let (left, right) = both("Range: 0-1023", "Range: 0-1024");
        assert_eq!(
            (left.as_str(), right.as_str()),
            ("Range: 0-[1023]", "Range: 0-[1024]")
        );
        let (left, right) = both("a list: x, y", "a list: x, y, z");
        assert_eq!(
            (left.as_str(), right.as_str()),
            ("a list: x, y", "a list: x, y[, z]")
        );
        let (left, right) = both(
            "the whole list without `1` and `2`",
            "the whole list with `1`",
        );
        assert_eq!(
            (left.as_str(), right.as_str()),
            (
                "the whole list [without `1` and `2`]",
                "the whole list [with `1`]"
            )
        );
        let (left, right) = both("aa aa", "aa aa aa");
        assert_eq!((left.as_str(), right.as_str()), ("aa aa", "aa aa[ aa]"));
    }

    #[test]
    fn a_mark_has_both_backticks_or_none() {
        for (expected, actual, left, right) in [
            (
                "one of `a`",
                "one of `b`, `c`",
                "one of [`a`]",
                "one of [`b`, `c`]",
            ),
            (
                "lists `a`, `c`",
                "lists `a`, `b`, `c`",
                "lists `a`, [`c`]",
                "lists `a`, [`b`, `c`]",
            ),
            (
                "type `a/json`",
                "type `a/html`",
                "type `a/[json]`",
                "type `a/[html]`",
            ),
        ] {
            assert_eq!(both(expected, actual), (left.to_owned(), right.to_owned()));
        }
    }

    #[test]
    fn what_shares_nothing_is_left_plain() {
        let (left, right) = both("status 416", "202 Accepted");
        assert_eq!(
            (left.as_str(), right.as_str()),
            ("status 416", "202 Accepted")
        );
        assert_eq!(both("", "x"), (String::new(), "x".to_owned()));
    }
}
