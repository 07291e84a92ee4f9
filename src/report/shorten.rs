//! The beginnings of long texts.

use std::borrow::Cow;

/// The first characters of a text, and whether there are more.
pub(super) fn start(text: &str, characters: usize) -> (&str, bool) {
    match text.char_indices().nth(characters) {
        Some((end, _)) => (text.get(..end).unwrap_or_default(), true),
        None => (text, false),
    }
}

/// The first characters of a text, with a mark after them where there are more.
pub(super) fn shortened<'t>(text: &'t str, characters: usize, mark: &str) -> Cow<'t, str> {
    match start(text, characters) {
        (start, true) => Cow::Owned(format!("{start}{mark}")),
        (whole, false) => Cow::Borrowed(whole),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_counted_and_not_bytes() {
        assert_eq!(start("äöü", 3), ("äöü", false));
        assert_eq!(start("äöü", 2), ("äö", true));
        assert_eq!(shortened("äöü", 2, " …"), "äö …");
        assert_eq!(shortened("äöü", 3, " …"), "äöü");
    }
}
