//! The sentences about values of the wrong type, unknown keys and unknown words, with their ways out: for the deserializer, and
//! for the check of `assay.toml`.

use super::did_you_mean;
use super::file_syntax::FileSyntax;
use super::node::{Node, NodeKind};

/// What a key takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Text,
    WholeNumber,
    Flag,
    List,
    Map,
}

/// A sentence about a value, and how to fix it.
#[derive(Debug)]
pub(super) struct Mismatch {
    pub message: String,
    pub help: Option<String>,
}

impl Wanted {
    pub fn describe(self, syntax: FileSyntax) -> &'static str {
        match (self, syntax) {
            (Self::Text, _) => "a text",
            (Self::WholeNumber, _) => "a whole number",
            (Self::Flag, _) => "true or false",
            (Self::List, _) => "a list",
            (Self::Map, FileSyntax::Yaml) => "a map",
            (Self::Map, FileSyntax::Toml) => "a table",
        }
    }

    /// How the value, which is `written` in its file, becomes one of this type.
    fn way_out(self, node: &Node, written: &str, name: &str, syntax: FileSyntax) -> Option<String> {
        let is_short = !written.is_empty() && written.len() < 80;
        let yaml = syntax == FileSyntax::Yaml;
        match (self, &node.kind) {
            (Self::Text, NodeKind::Integer(_) | NodeKind::Float(_) | NodeKind::Flag(_)) => {
                Some(format!("write it in quotes: \"{written}\""))
            }
            (Self::Text, _) => reference(node, written).filter(|_| yaml),
            (Self::WholeNumber, NodeKind::Text(text)) if text.parse::<i64>().is_ok() => {
                Some(format!("write it without quotes: {text}"))
            }
            (Self::WholeNumber, NodeKind::Flag(_)) => Some("write a number, such as 1".to_owned()),
            (Self::Flag, NodeKind::Text(text)) if matches!(&**text, "true" | "false") => {
                Some(format!("write it without quotes: {text}"))
            }
            (Self::List, NodeKind::Map(_)) if yaml => {
                Some("begin each element with `- `".to_owned())
            }
            (Self::List, NodeKind::Map(_)) => Some(format!("write `[[{name}]]`")),
            (Self::List, NodeKind::Text(_) | NodeKind::Integer(_) | NodeKind::Float(_))
                if is_short =>
            {
                Some(format!("write `[{written}]`"))
            }
            (Self::Map, NodeKind::List(_)) if yaml => {
                Some("write `NAME: VALUE`, without brackets or `-`".to_owned())
            }
            _ => None,
        }
    }
}

/// The sentence about a value under the key `name`, which the sentence calls `subject`.
pub(super) fn mismatch(
    (node, written): (&Node, &str),
    (name, subject): (&str, &str),
    wanted: Wanted,
    syntax: FileSyntax,
) -> Mismatch {
    let found = match (&node.kind, syntax) {
        (NodeKind::Map(_), FileSyntax::Toml) => "a table".to_owned(),
        _ => node.describe(),
    };
    let expected = wanted.describe(syntax);
    Mismatch {
        message: format!("{subject} must be {expected}, but it is {found}"),
        help: wanted.way_out(node, written, name, syntax),
    }
}

/// The help for `{blob.bytes}` without quotes, which YAML takes for a map with an empty key.
pub(super) fn reference(node: &Node, written: &str) -> Option<String> {
    let NodeKind::Map(entries) = &node.kind else {
        return None;
    };
    let [entry] = entries.as_slice() else {
        return None;
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || "._[]".contains(c);
    let is_reference = matches!(entry.value.kind, NodeKind::Null)
        && written.starts_with('{')
        && entry.key.chars().all(plain);
    is_reference.then(|| quoted_reference(&entry.key))
}

/// The help for a reference that YAML takes for a map, since it has no quotes.
pub fn quoted_reference(reference: &str) -> String {
    format!("a text that begins with `{{` needs quotes: \"{{{reference}}}\"")
}

/// The sentence about a key that is not known.
pub(super) fn unknown_key(key: &str, known: &[&str]) -> Mismatch {
    let before_colon = key.split_once(':');
    let joined = before_colon.filter(|(before, _)| known.contains(before));
    let help = match (joined, known) {
        (Some((before, after)), _) => {
            format!("a space is missing after the `:`: `{before}: {after}`")
        }
        (None, [only]) => format!("the only key here is `{only}`"),
        (None, _) => did_you_mean(key, known.iter().copied())
            .unwrap_or_else(|| format!("the keys here are {}", known.join(", "))),
    };
    Mismatch {
        message: format!("unknown key `{key}`"),
        help: Some(help),
    }
}

/// The sentence about a word that is not one of those that the key `name` takes; `name` is empty for the whole file.
pub(super) fn unknown_word(name: &str, word: &str, known: &[&str]) -> Mismatch {
    let listed = known.join(", ");
    Mismatch {
        message: match name.is_empty() {
            true => format!("`{word}` is not known here"),
            false => format!("`{word}` is not known in `{name}`"),
        },
        help: Some(match did_you_mean(word, known.iter().copied()) {
            Some(question) => format!("{question} Known: {listed}"),
            None => format!("use one of {listed}"),
        }),
    }
}

/// What a map with these keys is written with.
pub(super) fn keys(known: &[&str]) -> String {
    match known {
        [only] => format!("its only key is `{only}`"),
        _ => format!("its keys are {}", known.join(", ")),
    }
}
