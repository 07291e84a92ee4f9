//! Items that a run pushed and did not delete, for the terminal.

use std::fmt::Write;

use crate::record::Leftover;
use crate::report::sanitize_line;

/// Each item with the reason and the command that deletes it; at most `most` of them.
pub fn leftovers(leftovers: &[Leftover], most: usize) -> String {
    let mut text = String::new();
    for one in leftovers.iter().take(most) {
        let (repo, reference) = (&one.repository, &one.reference);
        let named = format!("{repo} {} {reference}: {}", one.kind, one.reason);
        // Writing to a text cannot fail.
        let _ = writeln!(text, "left: {}", sanitize_line(&named));
        let _ = writeln!(text, "      {}", sanitize_line(&one.curl));
    }
    if leftovers.len() > most {
        let more = leftovers.len() - most;
        let _ = writeln!(text, "left: {more} more, all named in report.json");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::LeftoverKind;

    #[test]
    fn each_is_named_with_its_command_and_many_are_counted() {
        let one = Leftover {
            kind: LeftoverKind::Tag,
            repository: "a/b".to_owned(),
            reference: "t\u{1b}[2J".to_owned(),
            reason: "status 405 to its deletion".to_owned(),
            curl: "curl -si -X DELETE 'http://h/v2/a/b/manifests/t'".to_owned(),
        };
        let text = leftovers(&vec![one; 3], 2);
        assert!(text.starts_with("left: a/b tag t"), "{text}");
        assert!(!text.contains('\u{1b}'));
        assert_eq!(text.matches("curl -si").count(), 2);
        assert!(text.ends_with("left: 1 more, all named in report.json\n"));
    }
}
