//! The Link header (RFC 8288, which replaced RFC 5988) as the specification uses it: `rel="next"`.

/// What the Link lines of an answer say about a next page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// There is none.
    None,
    /// It is there, at this reference (absolute, or relative to the page's URL).
    At(String),
    /// There is a Link, and it is not well formed.
    Malformed(String),
}

/// Reads Link lines, joined by commas.
pub fn next_of(link: &str) -> Next {
    let mut rest = link.trim();
    while !rest.is_empty() {
        let Some((target, after)) = rest
            .strip_prefix('<')
            .and_then(|inside| inside.split_once('>'))
        else {
            return Next::Malformed(link.to_owned());
        };
        let (parameters, following) = split_at_comma(after);
        match relation(parameters) {
            Some(relations) if relations.split_ascii_whitespace().any(is_next) => {
                return Next::At(target.trim().to_owned());
            }
            Some(_) => {}
            None => return Next::Malformed(link.to_owned()),
        }
        rest = following.trim();
    }
    Next::None
}

/// Whether Link lines that have no next page lead to a page before.
pub fn leads_back(link: &str) -> bool {
    let mut rest = link.trim();
    while let Some((_, after)) = rest.split_once('>') {
        let (parameters, following) = split_at_comma(after);
        let relations = relation(parameters).unwrap_or_default();
        let back = |one: &str| {
            ["prev", "previous"]
                .iter()
                .any(|word| one.eq_ignore_ascii_case(word))
        };
        if relations.split_ascii_whitespace().any(back) {
            return true;
        }
        rest = following.trim();
    }
    false
}

fn is_next(relation: &str) -> bool {
    relation.eq_ignore_ascii_case("next")
}

/// The parameters of one link, and the links after it.
fn split_at_comma(text: &str) -> (&str, &str) {
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => {
                return (
                    text.get(..at).unwrap_or_default(),
                    text.get(at + 1..).unwrap_or_default(),
                );
            }
            _ => {}
        }
    }
    (text, "")
}

/// The value of `rel`; nothing where there is none.
fn relation(parameters: &str) -> Option<String> {
    parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("rel")
            .then(|| value.trim().trim_matches('"').to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::{Next, next_of};

    #[test]
    fn next_is_found_in_every_legal_form() {
        let at = |url: &str| Next::At(url.to_owned());
        assert_eq!(
            next_of(r#"</v2/a/tags/list?n=2&last=b>; rel="next""#),
            at("/v2/a/tags/list?n=2&last=b")
        );
        assert_eq!(next_of("<https://r/x>;rel=next"), at("https://r/x"));
        assert_eq!(
            next_of(r#"<?x=a,b>; title="a, b"; REL="prev NEXT""#),
            at("?x=a,b")
        );
        assert_eq!(next_of(r#"</a>; rel="first", </b>; rel="next""#), at("/b"));
        assert_eq!(next_of(""), Next::None);
        assert_eq!(next_of(r#"</a>; rel="first""#), Next::None);
    }

    #[test]
    fn a_way_back_is_no_way_on() {
        assert!(super::leads_back(r#"</a>; rel="help", </b>; rel="prev""#));
        assert!(!super::leads_back(r#"</a>; rel="help""#));
    }

    #[test]
    fn what_is_malformed_is_said() {
        for link in ["/v2/x; rel=\"next\"", "</a", "</a>", "</a>; title=x"] {
            assert!(matches!(next_of(link), Next::Malformed(_)), "{link}");
        }
    }

    /// A target may send anything: a seeded walk through mutations of legal Links, bounded in time.
    #[test]
    fn no_link_is_too_odd_to_be_read() {
        let seeds = [
            r#"</v2/a/tags/list?n=2&last=b>; rel="next""#,
            r#"<?x=a,b>; title="a, b"; REL="prev NEXT", <é>;rel"#,
            r#"</a>; rel="first", </b>; rel="next""#,
        ];
        let mut dice = 1_u64;
        for round in 0..20_000_usize {
            let mut link: Vec<char> = seeds
                .iter()
                .cycle()
                .nth(round % 3)
                .unwrap_or(&"")
                .chars()
                .collect();
            for _ in 0..=round % 5 {
                dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let at = (dice >> 33) as usize % link.len().max(1);
                match dice >> 62 {
                    0 => drop(link.splice(at..(at + 1).min(link.len()), [])),
                    1 => link.insert(at.min(link.len()), '"'),
                    2 => link.insert(at.min(link.len()), ','),
                    _ => link.extend_from_within(at.min(link.len())..),
                }
                link.truncate(400);
            }
            let link: String = link.into_iter().collect();
            if let Next::At(reference) = next_of(&link) {
                assert!(link.contains(&reference), "{link}");
            }
        }
    }
}
