//! Texts that are cut.

/// A text that is cut, and marked as cut, where it is longer than `max` bytes.
pub fn cut(text: String, max: usize) -> String {
    if text.len() <= max {
        return text;
    }
    let mut end = max;
    while !text.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    let kept = text.get(..end).unwrap_or_default();
    format!("{kept}… ({} bytes)", text.len())
}
