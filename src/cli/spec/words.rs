//! The words of a passage, for people: control characters replaced, long ones cut, changes marked.

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// How much of a passage is shown, in characters: more than any sentence of the specification has.
const SHOWN: usize = 600;

/// The start of a passage, without control characters.
pub(super) fn shortened(words: &str) -> String {
    let mut shown: String = words
        .chars()
        .map(|char| if char.is_control() { '\u{fffd}' } else { char })
        .take(SHOWN)
        .collect();
    if words.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

/// Two passages in one, as `git diff --word-diff` shows them: `[-removed-]` and `{+added+}`.
pub(super) fn marked(old: &str, new: &str) -> String {
    let (old, new) = (shortened(old), shortened(new));
    let before: Vec<&str> = old.split(' ').collect();
    let after: Vec<&str> = new.split(' ').collect();
    let removed = |from: usize, len: usize| format!("[-{}-]", joined(&before, from, len));
    let added = |from: usize, len: usize| format!("{{+{}+}}", joined(&after, from, len));
    let ops = capture_diff_slices(Algorithm::Myers, &before, &after);
    let pieces: Vec<String> = ops
        .into_iter()
        .map(|op| match op {
            DiffOp::Equal { old_index, len, .. } => joined(&before, old_index, len),
            DiffOp::Delete {
                old_index, old_len, ..
            } => removed(old_index, old_len),
            DiffOp::Insert {
                new_index, new_len, ..
            } => added(new_index, new_len),
            DiffOp::Replace {
                old_index,
                old_len,
                new_index,
                new_len,
            } => format!(
                "{} {}",
                removed(old_index, old_len),
                added(new_index, new_len)
            ),
        })
        .collect();
    pieces.join(" ")
}

fn joined(words: &[&str], from: usize, len: usize) -> String {
    words
        .iter()
        .skip(from)
        .take(len)
        .copied()
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_passage_is_cut() {
        assert_eq!(shortened("short"), "short");
        assert_eq!(shortened(&"é".repeat(3000)).chars().count(), SHOWN + 1);
    }

    #[test]
    fn changed_words_are_marked() {
        let marked = |new| marked("The water SHOULD boil.", new);
        assert_eq!(
            marked("The water MUST boil."),
            "The water [-SHOULD-] {+MUST+} boil."
        );
        assert_eq!(
            marked("The cold water SHOULD boil well."),
            "The {+cold+} water SHOULD [-boil.-] {+boil well.+}"
        );
        assert_eq!(
            marked("The water\u{1b} SHOULD"),
            "The [-water-] {+water\u{fffd}+} SHOULD [-boil.-]"
        );
        assert_eq!(marked("The water SHOULD boil."), "The water SHOULD boil.");
    }
}
