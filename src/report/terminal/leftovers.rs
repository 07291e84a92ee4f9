//! What a run pushed and did not delete, for the terminal.

use std::fmt::Write;

use crate::record::Leftover;
use crate::report::leftovers::by_reason;
use crate::report::sanitize_line;

/// For each reason a line with the number of items; at most `most` reasons.
pub fn leftovers(leftovers: &[Leftover], most: usize) -> String {
    let mut text = String::new();
    let groups = by_reason(leftovers);
    for group in groups.iter().take(most) {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "left: {}", sanitize_line(&group.summary()));
    }
    let more: usize = groups
        .iter()
        .skip(most)
        .map(|group| group.items.len())
        .sum();
    if more > 0 {
        let _ = writeln!(text, "left: {more} more, all named in the reports");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{LeftoverKind, not_tried};

    fn left(kind: LeftoverKind, reason: &str) -> Leftover {
        Leftover {
            kind,
            repository: "a/b".to_owned(),
            reference: "t\u{1b}[2J".to_owned(),
            reason: reason.to_owned(),
            curl: "curl -si -X DELETE 'http://h/v2/a/b/manifests/t'".to_owned(),
        }
    }

    #[test]
    fn a_single_item_is_named() {
        let text = leftovers(&[left(LeftoverKind::Tag, "DELETE returned 405")], 10);
        let shown = "left: a/b tag t⟨ESC⟩[2J: DELETE returned 405\n";
        assert_eq!(text, shown);
    }

    #[test]
    fn items_with_one_reason_are_one_line() {
        let refused = "DELETE returned 405";
        let mut all = vec![left(LeftoverKind::Tag, "DELETE returned 416")];
        all.push(left(LeftoverKind::Manifest, refused));
        all.extend(vec![left(LeftoverKind::Blob, refused); 3]);
        all.extend(vec![left(LeftoverKind::Blob, &not_tried(refused)); 540]);
        let text = leftovers(&all, 10);
        let first = "left: 544 items (1 manifest, 543 blobs): DELETE returned 405\n";
        assert!(text.starts_with(first), "{text}");
        assert_eq!(text.lines().count(), 2);
        let text = leftovers(&all, 1);
        assert!(
            text.ends_with("left: 1 more, all named in the reports\n"),
            "{text}"
        );
    }
}
