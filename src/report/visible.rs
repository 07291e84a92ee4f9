//! What cannot be seen, or changes how the rest is seen, made visible.
//!
//! A registry decides what stands in its bodies and headers. An escape sequence would act on the terminal that
//! prints it, a bidirectional override would turn `expected` and `actual` around, and most control characters
//! are not allowed in XML at all. So everything that a target may have sent comes through here first, whatever
//! the report's format; the format's own escaping comes after.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The text with line ends and tabs kept, and everything else that acts instead of showing replaced: control
/// characters by their pictures (`␛`), the rest by their numbers (`⟨U+202E⟩`).
pub fn visible(text: &str) -> Cow<'_, str> {
    replaced(text, |c| !matches!(c, '\n' | '\t') && acts(c))
}

/// [`visible`] for what must stay one line: line ends and tabs are replaced too.
pub fn visible_line(text: &str) -> Cow<'_, str> {
    replaced(text, acts)
}

fn replaced(text: &str, hidden: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.chars().any(&hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if !hidden(c) {
            shown.push(c);
        } else if let Some(picture) = picture(c) {
            shown.push(picture);
        } else {
            // Writing to a string cannot fail.
            let _ = write!(shown, "⟨U+{:04X}⟩", u32::from(c));
        }
    }
    Cow::Owned(shown)
}

/// Whether a character acts on its surroundings or cannot be seen.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(u32::from(c),
            // Soft hyphen, Arabic letter mark, Mongolian vowel separator.
            0xAD | 0x61C | 0x180E
            // Zero width, marks of direction; separators, embeddings, overrides; joiners, isolates.
            | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F
            // Byte order mark, interlinear marks, tags.
            | 0xFEFF | 0xFFF9..=0xFFFB | 0xE0000..=0xE007F)
        // What is no character in any plane, and what XML refuses.
        || u32::from(c) & 0xFFFE == 0xFFFE
}

/// The picture of a control character of ASCII.
fn picture(c: char) -> Option<char> {
    match u32::from(c) {
        code @ 0..=0x1F => char::from_u32(0x2400 + code),
        0x7F => Some('\u{2421}'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_text_is_left_alone() {
        let text = "sha256:abc ⟨é⟩ 容器 🐳\n\tline";
        assert!(matches!(visible(text), Cow::Borrowed(same) if same == text));
    }

    #[test]
    fn what_acts_is_shown() {
        assert_eq!(visible("\u{1b}[31mred\r\n\0"), "␛[31mred␍\n␀");
        assert_eq!(
            visible("a\u{202e}b\u{feff}\u{85}"),
            "a⟨U+202E⟩b⟨U+FEFF⟩⟨U+0085⟩"
        );
        assert_eq!(visible("\u{ffff}\u{1fffe}"), "⟨U+FFFF⟩⟨U+1FFFE⟩");
        assert_eq!(visible_line("a\n\tb\u{7f}"), "a␊␉b␡");
    }
}
