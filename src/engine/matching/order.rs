//! The order of tags (section "Listing Tags"): by bytes, or alphabetical regardless of case.

use std::cmp::Ordering;

use crate::suite::Sorting;

/// The first place where a list of tags is not in an order that is asked for.
pub fn first_disorder(tags: &[&str], sorting: Sorting) -> Option<usize> {
    let letters = first_out_of_letters(tags);
    if sorting == Sorting::Letters {
        return letters;
    }
    let bytes = first_that(tags, |a, b| a.as_bytes() <= b.as_bytes());
    match (bytes, letters) {
        (Some(bytes), Some(letters)) => Some(bytes.max(letters)),
        _ => None,
    }
}

/// How far back a tag is compared: what is left open between neighbours may be plain between others.
const BACK: usize = 64;

fn first_out_of_letters(tags: &[&str]) -> Option<usize> {
    tags.iter().enumerate().position(|(at, tag)| {
        let before = tags.get(at.saturating_sub(BACK)..at).unwrap_or_default();
        before.iter().any(|one| !in_letters(one, tag))
    })
}

fn first_that(tags: &[&str], in_order: impl Fn(&str, &str) -> bool) -> Option<usize> {
    tags.windows(2)
        .position(|pair| match pair {
            [a, b] => !in_order(a, b),
            _ => false,
        })
        .map(|index| index + 1)
}

/// Whether `a` may stand before `b` regardless of case. Where digits and `.`, `_`, `-` fall among the letters
/// is left open, so only two letters, or two digits, decide.
fn in_letters(a: &str, b: &str) -> bool {
    let fold = |text: &str| text.to_ascii_lowercase().into_bytes();
    let (a, b) = (fold(a), fold(b));
    for (x, y) in a.iter().zip(&b) {
        match x.cmp(y) {
            Ordering::Equal => {}
            order => {
                let alike = (x.is_ascii_alphabetic() && y.is_ascii_alphabetic())
                    || (x.is_ascii_digit() && y.is_ascii_digit());
                return !alike || order == Ordering::Less;
            }
        }
    }
    a.len() <= b.len()
}

#[cfg(test)]
mod tests {
    use super::Sorting;

    fn first_disorder(tags: &[&str]) -> Option<usize> {
        super::first_disorder(tags, Sorting::Tags)
    }

    #[test]
    fn letters_alone_leave_no_choice() {
        let letters = |tags: &[&str]| super::first_disorder(tags, Sorting::Letters);
        assert_eq!(letters(&["a", "B", "c"]), None);
        assert_eq!(letters(&["B", "a", "c"]), Some(1));
    }

    #[test]
    fn both_orders_are_legal() {
        assert_eq!(first_disorder(&["A", "B", "a", "b"]), None, "by bytes");
        assert_eq!(first_disorder(&["a", "A", "b", "B"]), None, "by letters");
        assert_eq!(first_disorder(&["1.0", "1.0-rc", "latest"]), None);
        assert_eq!(first_disorder(&["a-b", "a_b", "a.b"]), None, "left open");
        assert_eq!(first_disorder(&[]), None);
    }

    #[test]
    fn disorder_is_found() {
        assert_eq!(first_disorder(&["b", "a"]), Some(1));
        assert_eq!(first_disorder(&["a", "b", "10", "2", "1"]), Some(4));
        assert_eq!(
            first_disorder(&["ab", "a"]),
            Some(1),
            "a prefix comes first"
        );
        assert_eq!(
            first_disorder(&["a", "B", "c", "10", "aa"]),
            Some(4),
            "digits may stand anywhere, and aa before c all the same"
        );
    }
}
