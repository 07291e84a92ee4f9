//! The keywords of an obligation or a permission (RFC 2119).

const KEYWORDS: [&str; 7] = [
    "MUST",
    "SHALL",
    "SHOULD",
    "MAY",
    "REQUIRED",
    "RECOMMENDED",
    "OPTIONAL",
];

/// The keywords of a sentence in their order, each once; `MUST NOT` is another keyword than `MUST`.
pub fn keywords(words: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut words = words
        .split(|char: char| !char.is_alphanumeric() && char != '_')
        .filter(|word| !word.is_empty())
        .peekable();
    let mut before = "";
    while let Some(word) = words.next() {
        if KEYWORDS.contains(&word) {
            let negated = words.peek() == Some(&"NOT");
            let keyword = match (before, negated) {
                ("NOT", _) => format!("NOT {word}"),
                (_, true) => format!("{word} NOT"),
                _ => word.to_owned(),
            };
            if !found.contains(&keyword) {
                found.push(keyword);
            }
        }
        before = word;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_keyword_is_found_once_with_its_negation() {
        let found =
            keywords("A pot MUST be warm, MUST NOT leak, and MUST shine; a lid MAY rattle.");
        assert_eq!(found, ["MUST", "MUST NOT", "MAY"]);
        assert_eq!(keywords("It is NOT RECOMMENDED."), ["NOT RECOMMENDED"]);
        assert_eq!(keywords("`MAY_BE` must not."), [""; 0]);
    }
}
