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

/// The names in braces that are no placeholders, in a text of an adapter.
pub fn unknown_placeholders(text: &str) -> impl Iterator<Item = &str> {
    let names = text.split('{').skip(1).filter_map(|rest| {
        let (name, _) = rest.split_once('}')?;
        let like_one = |letter: char| letter.is_ascii_lowercase() || letter == '-';
        (!name.is_empty() && name.chars().all(like_one)).then_some(name)
    });
    names.filter(|name| !KNOWN.contains(name))
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
        let unknown = |text| unknown_placeholders(text).next();
        assert_eq!(unknown("{host}/{repo}"), Some("repo"));
        assert_eq!(unknown(r#"{"host": "{host}"}"#), None);
    }
}
