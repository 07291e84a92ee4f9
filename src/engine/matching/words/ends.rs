//! `ends`: whether the Links of a list lead to a last page.

use super::outcome::WordOutcome;
use crate::engine::matching::subject::{Pages, PaginationEnd};

pub fn check(pages: &Pages) -> WordOutcome {
    let actual = format!(
        "after {} pages: {}",
        pages.pages.len(),
        pages.end.describe()
    );
    let holds = pages.end == PaginationEnd::Complete;
    WordOutcome {
        part: pages.unread(),
        may_settle: pages.end == PaginationEnd::NoList,
        ..WordOutcome::lasting(holds, "Links that lead to a last page", actual)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::matching::testing::pages;
    use crate::record::Part;

    fn check_end(end: PaginationEnd) -> WordOutcome {
        let mut pages = pages(&[200, 200], &[]);
        pages.end = end;
        check(&pages)
    }

    #[test]
    fn a_last_page_ends_the_list() {
        assert!(check_end(PaginationEnd::Complete).rule.holds);
    }

    #[test]
    fn every_other_end_is_named() {
        let url = "http://registry.example/v2/".to_owned();
        let circle = check_end(PaginationEnd::Loop(url));
        let actual = "after 2 pages: a Link leads back to http://registry.example/v2/";
        assert_eq!(circle.rule.actual, actual);
        assert!(!circle.rule.holds && !circle.may_settle);
        assert!(!check_end(PaginationEnd::TooLong).rule.holds);
    }

    #[test]
    fn a_page_without_a_list_may_be_an_older_state() {
        let unread = check_end(PaginationEnd::NoList);
        assert!(!unread.rule.holds && unread.may_settle);
        assert_eq!(unread.part, Some(Part::Form));
    }
}
