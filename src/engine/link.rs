//! The Link header (RFC 8288, which replaced RFC 5988) as the specification uses it: `rel="next"`.

#[cfg(test)]
mod properties;

/// The next page, according to a Link header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// There is no next page.
    None,
    /// Its URL, absolute or relative to the URL of the page.
    At(String),
    /// The header is malformed.
    Malformed(String),
}

/// Parses a Link header, its lines joined by commas. A link with an `anchor` is about the resource that the anchor names
/// (section 3.2): it counts only if no other link leads to a next page.
pub fn next_of(link: &str) -> Next {
    let mut anchored = Next::None;
    for one in Links(link) {
        match one {
            Some(one) if one.is("next") => {
                let next = Next::At(one.target.trim().to_owned());
                if !one.anchored {
                    return next;
                }
                if anchored == Next::None {
                    anchored = next;
                }
            }
            Some(_) => {}
            None => return Next::Malformed(link.to_owned()),
        }
    }
    anchored
}

/// Whether a Link header without a next page misleads: it has no link at all, one to a previous page, or one of a relation
/// that begins like `next` and is neither a URI nor registered (section 2.1).
pub fn misleads(link: &str) -> bool {
    let links: Vec<Link<'_>> = Links(link).flatten().collect();
    let back = |one: &Link<'_>| one.is("prev") || one.is("previous");
    links.is_empty() || links.iter().any(|one| back(one) || one.is_like_next())
}

/// One link: its target, its relations, and whether it has an `anchor`.
struct Link<'a> {
    target: &'a str,
    relations: String,
    anchored: bool,
}

impl Link<'_> {
    fn is(&self, wanted: &str) -> bool {
        let mut relations = self.relations.split_ascii_whitespace();
        relations.any(|relation| relation.eq_ignore_ascii_case(wanted))
    }

    /// Whether a relation begins like `next`, perhaps after single quotes, but is another: neither a URI nor `next-archive`
    /// (RFC 5005).
    fn is_like_next(&self) -> bool {
        let mut relations = self.relations.split_ascii_whitespace();
        relations.any(|relation| {
            let relation = relation.to_ascii_lowercase();
            let known = ["next", "next-archive"].contains(&&*relation) || relation.contains(':');
            relation.trim_start_matches('\'').starts_with("next") && !known
        })
    }
}

/// An iterator over the links of a header. A malformed link yields `None` and ends it.
struct Links<'a>(&'a str);

impl<'a> Iterator for Links<'a> {
    type Item = Option<Link<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.skip(|c| c == ',' || c.is_ascii_whitespace());
        if self.0.is_empty() {
            return None;
        }
        let read = self.link();
        if read.is_none() {
            self.0 = "";
        }
        Some(read)
    }
}

impl<'a> Links<'a> {
    fn link(&mut self) -> Option<Link<'a>> {
        let (target, after) = self.0.strip_prefix('<')?.split_once('>')?;
        self.0 = after;
        let mut relations = None;
        let mut anchored = false;
        loop {
            self.skip(|c| c.is_ascii_whitespace());
            if self.0.is_empty() || self.0.starts_with(',') {
                break;
            }
            self.0 = self.0.strip_prefix(';')?;
            self.skip(|c| c.is_ascii_whitespace());
            let name = self.take(|c| !is_end(c) && c != '=');
            self.skip(|c| c.is_ascii_whitespace());
            let value = match self.0.strip_prefix('=') {
                Some(rest) => {
                    self.0 = rest;
                    self.value()?
                }
                None => String::new(),
            };
            // The first of a name counts (section 3.3).
            if name.eq_ignore_ascii_case("rel") && relations.is_none() {
                relations = Some(value);
            } else if name.eq_ignore_ascii_case("anchor") {
                anchored = true;
            }
        }
        Some(Link {
            target,
            relations: relations?,
            anchored,
        })
    }

    /// A token, or a terminated quoted string.
    fn value(&mut self) -> Option<String> {
        self.skip(|c| c.is_ascii_whitespace());
        let Some(quoted) = self.0.strip_prefix('"') else {
            return Some(self.take(|c| !is_end(c)).to_owned());
        };
        let mut value = String::new();
        let mut chars = quoted.chars();
        loop {
            match chars.next()? {
                '"' => break,
                '\\' => value.push(chars.next()?),
                other => value.push(other),
            }
        }
        self.0 = chars.as_str();
        Some(value)
    }

    fn take(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let end = self.0.find(|c| !wanted(c)).unwrap_or(self.0.len());
        let (taken, rest) = self.0.split_at(end);
        self.0 = rest;
        taken
    }

    fn skip(&mut self, unwanted: impl Fn(char) -> bool) {
        self.take(unwanted);
    }
}

fn is_end(c: char) -> bool {
    matches!(c, ';' | ',') || c.is_ascii_whitespace()
}

#[cfg(test)]
mod tests {
    use super::{Next, misleads, next_of};

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
    fn a_link_about_another_resource_leads_not_on() {
        let both = r#"</other>; rel="next"; anchor="/elsewhere", </b>; rel="next""#;
        assert_eq!(next_of(both), Next::At("/b".to_owned()));
        let own = r#"</b>; rel="next"; anchor="""#;
        assert_eq!(next_of(own), Next::At("/b".to_owned()));
    }

    #[test]
    fn a_way_back_is_no_way_on() {
        assert!(misleads(r#"</a>; rel="help", </b>; rel="prev""#));
        assert!(!misleads(r#"</a>; rel="help""#));
    }

    #[test]
    fn relations_are_compared_whole() {
        for link in [r#"</a>; rel="next-page""#, "</a>; rel=nextpage"] {
            assert_eq!(next_of(link), Next::None, "{link}");
            assert!(misleads(link), "{link}");
        }
        for link in ["</a>; rel=next-archive", r#"</a>; rel="next:x""#] {
            assert!(!misleads(link), "{link}");
        }
    }

    #[test]
    fn a_link_header_without_a_link_leads_nowhere() {
        assert!(misleads("") && misleads(" , "));
    }

    #[test]
    fn what_is_malformed_is_said() {
        for link in [
            "/v2/x; rel=\"next\"",
            "</a",
            "</a>",
            "</a>; title=x",
            "</a> rel=next",
            "</a>; rel=\"next",
        ] {
            assert!(matches!(next_of(link), Next::Malformed(_)), "{link}");
        }
    }
}
