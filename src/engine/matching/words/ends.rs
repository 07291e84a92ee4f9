//! `ends`: whether the Links of a list lead to a last page.

use super::outcome::WordOutcome;
use crate::data::count;
use crate::engine::matching::settling::Settling;
use crate::engine::matching::subject::{Pages, PaginationEnd};

pub fn check(pages: &Pages) -> WordOutcome {
    let actual = format!(
        "after {}: {}",
        count(pages.pages.len(), "page"),
        pages.end.describe()
    );
    let holds = pages.end == PaginationEnd::Complete;
    let last = pages.pages.last().map(|page| page.http.status);
    let settling = match last {
        Some(404 | 410) => Settling::Arrival,
        _ => Settling::Never,
    };
    WordOutcome {
        part: pages.unread(),
        ..WordOutcome::lasting(holds, "Links that lead to a last page", actual).settling(settling)
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
        assert!(!circle.rule.holds);
        assert_eq!(circle.rule.settling, Settling::Never);
        assert!(!check_end(PaginationEnd::TooLong).rule.holds);
    }

    #[test]
    fn a_missing_page_may_be_an_older_state() {
        let mut pages = pages(&[200, 404], &[]);
        pages.end = PaginationEnd::NoList;
        let unread = check(&pages);
        assert!(!unread.rule.holds);
        assert_eq!(unread.rule.settling, Settling::Arrival);
        assert_eq!(unread.part, Some(Part::Form));
    }
}
