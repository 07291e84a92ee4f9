//! What cannot be seen, or changes how the rest is seen, made visible.
//!
//! A registry decides what stands in its bodies and headers. An escape sequence would act on the terminal that
//! prints it, a bidirectional override would turn `expected` and `actual` around, and most control characters
//! are not allowed in XML at all. So all text of a target is sanitized here first, in every format; the
//! escaping of the format comes after.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::data::is_invisible;

/// The text with line ends and tabs kept, and everything else that acts instead of showing replaced: control
/// characters of ASCII by their names (`⟨ESC⟩`), the rest by their numbers (`⟨U+202E⟩`).
pub fn sanitize(text: &str) -> Cow<'_, str> {
    replaced(text, |c| !matches!(c, '\n' | '\t') && is_invisible(c))
}

/// [`sanitize`] for what must stay one line: line ends and tabs are replaced too.
pub fn sanitize_line(text: &str) -> Cow<'_, str> {
    replaced(text, is_invisible)
}

/// JSON whose texts are the same when they are read, and hold nothing that acts while they are looked at: such
/// characters are written as escapes.
pub fn sanitize_json(json: &str) -> Cow<'_, str> {
    let hidden = |c: char| c != '\n' && is_invisible(c);
    rewritten(json, hidden, |shown, c| {
        for unit in c.encode_utf16(&mut [0; 2]) {
            // Writing to a string cannot fail.
            let _ = write!(shown, "\\u{unit:04x}");
        }
    })
}

fn replaced(text: &str, hidden: impl Fn(char) -> bool) -> Cow<'_, str> {
    rewritten(text, hidden, |shown, c| {
        // Writing to a string cannot fail.
        let _ = match name(c) {
            Some(name) => write!(shown, "⟨{name}⟩"),
            None => write!(shown, "⟨U+{:04X}⟩", u32::from(c)),
        };
    })
}

/// The text with each hidden character written in another form.
fn rewritten(
    text: &str,
    hidden: impl Fn(char) -> bool,
    write: impl Fn(&mut String, char),
) -> Cow<'_, str> {
    // Most text is printable ASCII, which has nothing to hide: these characters are not decoded.
    let next = |from: usize| {
        let bytes = text.as_bytes().get(from..)?;
        let ahead = bytes.iter().position(|byte| !matches!(byte, b' '..=b'~'))?;
        let at = from + ahead;
        Some((at, text.get(at..)?.chars().next()?))
    };
    let mut shown = String::new();
    let (mut copied, mut from) = (0, 0);
    while let Some((at, c)) = next(from) {
        from = at + c.len_utf8();
        if hidden(c) {
            if copied == 0 {
                shown.reserve(text.len() + 16);
            }
            shown.push_str(text.get(copied..at).unwrap_or_default());
            write(&mut shown, c);
            copied = from;
        }
    }
    match copied {
        0 => Cow::Borrowed(text),
        _ => Cow::Owned(shown + text.get(copied..).unwrap_or_default()),
    }
}

/// The names of the control characters of ASCII. Their pictures (U+2400 and on) would be shorter, and are in
/// few fonts.
const NAMES: [&str; 32] = [
    "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "TAB", "LF", "VT", "FF", "CR",
    "SO", "SI", "DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC",
    "FS", "GS", "RS", "US",
];

fn name(c: char) -> Option<&'static str> {
    match usize::try_from(u32::from(c)) {
        Ok(0x7F) => Some("DEL"),
        Ok(code) => NAMES.get(code).copied(),
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_text_is_left_alone() {
        let text = "sha256:abc ⟨é⟩ 容器 🐳\n\tline";
        assert!(matches!(sanitize(text), Cow::Borrowed(same) if same == text));
    }

    #[test]
    fn json_keeps_its_texts() {
        let json = "[\"a\u{202e}b\u{7f}\u{e0041}\"]\n";
        let shown = sanitize_json(json);
        assert_eq!(shown, "[\"a\\u202eb\\u007f\\udb40\\udc41\"]\n");
        let read = |json: &str| serde_json::from_str::<serde_json::Value>(json).ok();
        assert_eq!(read(&shown), read(json));
    }

    #[test]
    fn what_acts_is_shown() {
        assert_eq!(sanitize("\u{1b}[31mred\r\n\0"), "⟨ESC⟩[31mred⟨CR⟩\n⟨NUL⟩");
        assert_eq!(
            sanitize("a\u{202e}b\u{feff}\u{85}"),
            "a⟨U+202E⟩b⟨U+FEFF⟩⟨U+0085⟩"
        );
        assert_eq!(sanitize("\u{ffff}\u{1fffe}"), "⟨U+FFFF⟩⟨U+1FFFE⟩");
        assert_eq!(sanitize_line("a\n\tb\u{7f}"), "a⟨LF⟩⟨TAB⟩b⟨DEL⟩");
    }
}
