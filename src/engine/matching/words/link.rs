//! `link`: the Link header (RFC 8288), read as pagination reads it.

use super::outcome::WordOutcome;
use crate::engine::link::{Next, misleads, next_of};
use crate::engine::matching::subject::ParsedResponse;
use crate::suite::LinkText;

pub fn check(link: LinkText, response: &ParsedResponse) -> WordOutcome {
    let header = response.header("link");
    let next = header.as_deref().map_or(Next::None, next_of);
    let (holds, expected) = match link {
        LinkText::Next => (
            matches!(next, Next::At(_)),
            "header Link with a link of relation `next`",
        ),
        LinkText::None => (
            next == Next::None,
            "header Link without a link of relation `next`",
        ),
        LinkText::Formed => (
            !matches!(next, Next::Malformed(_)),
            "header Link well-formed or absent",
        ),
        LinkText::Forward => (
            match next {
                Next::At(_) => true,
                Next::None => !header.as_deref().is_some_and(misleads),
                Next::Malformed(_) => false,
            },
            "header Link with a link of relation `next`, or absent",
        ),
    };
    let actual = match header {
        Some(header) => format!("header Link `{header}`"),
        None => "header Link absent".to_owned(),
    };
    WordOutcome::lasting(holds, expected, actual)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::matching::testing::response;

    const NEXT: &str = r#"</v2/a/tags/list?last=b>; rel="next""#;

    fn holds(link: LinkText, header: Option<&str>) -> bool {
        let headers: Vec<_> = header.map(|header| ("link", header)).into_iter().collect();
        check(link, &response(200, &headers, "")).rule.holds
    }

    #[test]
    fn a_next_link_is_there_or_not() {
        assert!(holds(LinkText::Next, Some(NEXT)));
        assert!(!holds(LinkText::Next, None));
        assert!(holds(LinkText::None, None));
        assert!(!holds(LinkText::None, Some(NEXT)));
    }

    #[test]
    fn a_malformed_link_is_neither_formed_nor_forward() {
        let malformed = Some("/v2/a; rel=next");
        assert!(!holds(LinkText::Formed, malformed));
        assert!(!holds(LinkText::Forward, malformed));
        assert!(holds(LinkText::Formed, None));
    }

    #[test]
    fn a_link_back_leads_not_forward() {
        assert!(holds(LinkText::Forward, Some(NEXT)));
        assert!(!holds(LinkText::Forward, Some(r#"</a>; rel="prev""#)));
        let outcome = check(LinkText::Next, &response(200, &[], ""));
        assert_eq!(outcome.rule.actual, "header Link absent");
    }
}
