//! `sorted`: the order of tags (section "Listing Tags"): by bytes, or alphabetical regardless of case.

use std::cmp::Ordering;

use serde_json::Value as Json;

use super::check::{Check, ValueVerdict};
use crate::suite::Sorting;

pub struct Sorted(pub Sorting);

impl Check for Sorted {
    fn expected(&self) -> String {
        match self.0 {
            Sorting::Tags => "in lexical order".to_owned(),
            Sorting::Letters => "in alphabetical order regardless of case".to_owned(),
        }
    }

    fn check(&self, value: &Json) -> ValueVerdict {
        ValueVerdict::wrong_if(disorder(value, self.0))
    }
}

fn disorder(value: &Json, sorting: Sorting) -> Option<String> {
    let tags: Vec<&str> = value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Json::as_str)
        .collect();
    let at = first_disorder(&tags, sorting)?;
    let after = tags.get(at)?;
    let before = comes_too_early(&tags, at)?;
    Some(format!("with `{after}` after `{before}`"))
}

/// A tag before the one at a position that should come after it: by both readings of the order, where there is one.
fn comes_too_early<'t>(tags: &[&'t str], at: usize) -> Option<&'t str> {
    let tag = tags.get(at)?;
    let before = tags.get(at.saturating_sub(BACK)..at)?;
    let mut by_letters = before.iter().rev().filter(|one| !in_letters(one, tag));
    let by_both = by_letters
        .clone()
        .find(|one| one.as_bytes() > tag.as_bytes());
    by_both.or(by_letters.next()).or(before.last()).copied()
}

/// The position of the first tag that is out of order.
fn first_disorder(tags: &[&str], sorting: Sorting) -> Option<usize> {
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

/// How many tags before it a tag is compared with: two tags may have no defined order, but each has one with a third.
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

/// Whether `a` may come before `b` regardless of case. The order of digits, `.`, `_`, `-` and letters among each other is
/// undefined, so only two letters, or two digits, decide.
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
    use serde_json::json;

    use super::*;
    use crate::engine::matching::rules::check::testing::wrong;

    #[test]
    fn the_first_disorder_is_named() {
        let rule = Sorted(Sorting::Tags);
        assert_eq!(rule.expected(), "in lexical order");
        assert_eq!(wrong(&rule, &json!(["a", "b"])), None);
        let reason = Some("with `a` after `b`".to_owned());
        assert_eq!(wrong(&rule, &json!(["b", "a"])), reason);
        assert_eq!(wrong(&rule, &json!("ba")), None, "another type");
    }

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
        assert_eq!(
            first_disorder(&["a-b", "a_b", "a.b"]),
            None,
            "undefined order"
        );
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
            "digits may come anywhere, and aa comes before c"
        );
    }

    #[test]
    fn a_tag_is_named_with_one_that_should_come_after_it() {
        let said = |tags| disorder(&json!(tags), Sorting::Tags).unwrap_or_default();
        assert_eq!(said(["z", "1", "small"]), "with `small` after `z`");
        assert_eq!(said(["b", "a", "c"]), "with `a` after `b`");
    }
}
