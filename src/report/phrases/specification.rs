//! Links and headings for the sections of the specification.

use crate::catalogue::Level;
use crate::record::Run;

/// The address of a section of the specification: the one that the record names, where it is one that is safe
/// to follow (a record may be anybody's), or else the section's in the version judged against.
pub(in crate::report) fn link(run: &Run, named: &str, section: &str) -> String {
    let safe = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#@!$&*+,;=%".contains(c);
    if named.starts_with("https://") && named.chars().all(safe) {
        return named.to_owned();
    }
    let section: String = section.chars().filter(|c| safe(*c)).collect();
    run.spec.link(&section)
}

/// The sections of RFC 9110 that requirements of clients cite: its anchors are numbers.
const RFC_9110: [(&str, &str); 6] = [
    ("section-4.3.4", "Certificates (RFC 9110 section 4.3.4)"),
    ("section-10.1.5", "User-Agent (RFC 9110 section 10.1.5)"),
    ("section-10.2.3", "Retry-After (RFC 9110 section 10.2.3)"),
    (
        "section-11.5",
        "Credentials sent to other hosts (RFC 9110 section 11.5)",
    ),
    (
        "section-11.6.1",
        "WWW-Authenticate (RFC 9110 section 11.6.1)",
    ),
    ("section-15.4", "Redirects (RFC 9110 section 15.4)"),
];

/// A section's anchor as a heading: `pulling-manifests` is "Pulling manifests".
pub(in crate::report) fn section(anchor: &str) -> String {
    if let Some((_, title)) = RFC_9110.iter().find(|(known, _)| *known == anchor) {
        return (*title).to_owned();
    }
    let words = anchor.split('-').map(|word| match word {
        "api" => "API",
        word => word,
    });
    let words = words.collect::<Vec<_>>().join(" ");
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => "Elsewhere".to_owned(),
    }
}

/// What a level rests on: "MUST: the specification says so with a keyword." Empty where the record does not say.
pub(in crate::report) fn basis(level: Level, basis: &str) -> String {
    let rests = match basis {
        "" => return String::new(),
        "keyword" => "the specification says so with a keyword",
        "table" => "the specification says so in a table",
        "sentence" => "the specification says so without a keyword",
        "implied" => "the specification implies it",
        rfc => return format!("{level}: {rfc} demands it."),
    };
    format!("{level}: {rests}.")
}

/// A requirement, with its level where it is no MUST.
pub(in crate::report) fn with_level(requirement: &str, level: Level) -> String {
    match level {
        Level::Must => requirement.to_owned(),
        level => format!("{requirement} ({level})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_the_specification_or_nowhere_else_than_it_says() {
        let run = crate::report::sample::all_pass();
        assert_eq!(
            link(&run, "https://example.org/#a", "b"),
            "https://example.org/#a"
        );
        let own = link(&run, "javascript:alert(1)", "b\") onclick=");
        assert!(own.ends_with("spec.md#bonclick="), "{own}");
    }
}
