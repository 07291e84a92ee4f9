//! `{image}`, `{out}`: what the words of an adapter's commands stand for.

use std::collections::BTreeMap;

/// The placeholders of an adapter.
pub const KNOWN: [&str; 23] = [
    "archive",
    "artifact-type",
    "basic",
    "ca",
    "copy",
    "digest",
    "file",
    "home",
    "host",
    "image",
    "layout",
    "login",
    "manifest-type",
    "name",
    "out",
    "password",
    "plain",
    "program",
    "repository",
    "service",
    "tag",
    "tls",
    "user",
];

/// The values of placeholders.
pub type Values = BTreeMap<&'static str, String>;

/// The text with its placeholders replaced. Braces around anything else stay: JSON has them too.
pub fn fill(text: &str, values: &Values) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let named = after.split_once('}');
        match named.and_then(|(name, rest)| Some((values.get(name)?, rest))) {
            Some((value, after)) => {
                filled.push_str(value);
                rest = after;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

/// The first name in braces that is no placeholder, in a word of a command.
pub fn unknown_placeholder(word: &str) -> Option<String> {
    let names = word.split('{').skip(1).filter_map(|rest| {
        let (name, _) = rest.split_once('}')?;
        let like_one = |letter: char| letter.is_ascii_lowercase() || letter == '-';
        (!name.is_empty() && name.chars().all(like_one)).then_some(name)
    });
    names
        .filter(|name| !KNOWN.contains(name))
        .map(str::to_owned)
        .next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_and_other_braces_stay() {
        let values = Values::from([("host", "h:1".to_owned())]);
        assert_eq!(
            fill(r#"{"auths": {"{host}": {}}} {x}"#, &values),
            r#"{"auths": {"h:1": {}}} {x}"#
        );
        assert_eq!(
            unknown_placeholder("{host}/{repo}"),
            Some("repo".to_owned())
        );
        assert_eq!(unknown_placeholder(r#"{"host": "{host}"}"#), None);
    }
}
