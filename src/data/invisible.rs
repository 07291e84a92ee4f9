//! Characters that cannot be seen.

/// Whether a character acts on its surroundings or cannot be seen: control characters, line ends and tabs among them.
pub fn is_invisible(c: char) -> bool {
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

#[cfg(test)]
mod tests {
    use super::is_invisible;

    #[test]
    fn what_acts_is_told_from_what_shows() {
        let hidden = "\0\n\u{1b}\u{7f}\u{9b}\u{ad}\u{61c}\u{180e}\u{200b}\u{202e}\u{2066}\u{feff}\u{fff9}\u{e0041}\u{1fffe}";
        assert!(hidden.chars().all(is_invisible));
        assert!(!"a \u{a0}é‐容…\u{2010}\u{2030}🐳".chars().any(is_invisible));
    }
}
