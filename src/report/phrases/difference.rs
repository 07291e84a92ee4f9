//! A difference in a line.

use crate::record::Check;
use crate::report::shorten::shortened;

/// The expected and the actual value of a check in a line, each of at most `most` characters: "expected status 416, got 202".
/// However long one is, the other is there.
pub(in crate::report) fn difference(check: &Check, most: usize) -> String {
    let (expected, actual) = check.differing();
    let (expected, actual) = (value(expected, most), value(actual, most));
    format!("expected {expected}, got {actual}")
}

/// The beginning of a value, whose last pair of backticks is closed.
fn value(text: &str, most: usize) -> String {
    let line = text.replace('\n', " ");
    let mut start = shortened(&line, most, " …").into_owned();
    let quotes = |text: &str| text.matches('`').count() % 2;
    if quotes(&start) > quotes(&line) {
        start.push('`');
    }
    start
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Level;
    use crate::record::CheckVerdict;

    #[test]
    fn a_long_value_leaves_room_for_the_other() {
        let check = Check {
            expected: format!("header `{}`", "x".repeat(200)),
            actual: "no\nheader".to_owned(),
            ..Check::new("range-status", Level::Must, CheckVerdict::Fail)
        };
        let text = difference(&check, 12);
        assert_eq!(text, "expected header `xxxx …`, got no header");
    }
}
