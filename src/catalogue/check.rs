//! Checks of a requirement beyond the shape of its file.

use std::collections::HashSet;

use super::Version;
use super::citation::Citation;
use super::format::RequirementText;
use crate::data::{Diagnostic, Diagnostics, SourceSpan};

/// Reports mistakes in a requirement's id, sentence and versions. With `from_specification`, each version that demands the
/// requirement must name its passages; otherwise none may.
pub(super) fn check(
    text: &RequirementText,
    from_specification: bool,
    versions: &[Version],
    span: &SourceSpan,
    diagnostics: &mut Diagnostics,
) {
    if let Some((message, help)) = not_an_id(&text.id) {
        let diagnostic = span.at("id").diagnostic(message);
        diagnostics.list.push(diagnostic.help(help));
    }
    if !text.says.ends_with('.') {
        let diagnostic = span.at("says").diagnostic("`says` is not a whole sentence");
        diagnostics
            .list
            .push(diagnostic.help("end it with a full stop"));
    }
    check_names(text, versions, span, diagnostics);
    let mut demanded = false;
    for version in versions.iter().copied() {
        let level = text.level.get(version).is_some();
        demanded |= level;
        if level && text.section.get(version).is_none() {
            let message = format!("{version} asks for it, in no section");
            diagnostics
                .list
                .push(span.at("section").diagnostic(message));
        }
        let any = |list: Option<&Vec<String>>| list.is_some_and(|list| !list.is_empty());
        let message = if level && from_specification && !any(text.text.get(version)) {
            format!("{version} asks for it, in no sentence")
        } else if !(level && from_specification) && any(text.text.stated(version)) {
            format!("{version} has sentences for it and does not ask for it")
        } else {
            continue;
        };
        let help = "`assay spec sentences FILE` prints the fingerprints of a text";
        let diagnostic = span.at("text").diagnostic(message);
        diagnostics.list.push(diagnostic.help(help));
    }
    if !demanded {
        let diagnostic = span.at("level").diagnostic("no version asks for it");
        diagnostics.list.push(diagnostic);
    }
}

/// Reports a key of a map by version that is not a version.
fn check_names(
    text: &RequirementText,
    versions: &[Version],
    span: &SourceSpan,
    diagnostics: &mut Diagnostics,
) {
    let known: Vec<&str> = versions.iter().map(|version| version.name()).collect();
    let maps = [
        ("section", text.section.names()),
        ("level", text.level.names()),
        ("text", text.text.names().collect()),
    ];
    for (key, names) in maps {
        for name in names.into_iter().filter(|name| !known.contains(name)) {
            let message = format!("`{name}` in `{key}` is not a version of the specification");
            let diagnostic = span.at(key).at(name.to_owned()).diagnostic(message);
            let help = format!("the versions are {}", known.join(", "));
            diagnostics.list.push(diagnostic.help(help));
        }
    }
}

/// Whether an id is in kebab-case: words of lower-case letters and digits, with single hyphens between.
pub fn is_name(id: &str) -> bool {
    let word = |word: &str| {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        !word.is_empty() && word.bytes().all(allowed)
    };
    id.split('-').all(word)
}

/// The message and the help for a text that is not an id.
pub fn not_an_id(text: &str) -> Option<(String, String)> {
    if is_name(text) {
        return None;
    }
    let mut help = "write small letters and digits, with hyphens between".to_owned();
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    if !words.is_empty() {
        help = format!("{help}: `{}`", words.join("-"));
    }
    Some((format!("`{text}` is not an id"), help))
}

/// The passages that a requirement cites from a version; `None` if the version does not demand it or has none.
pub(super) fn citations(
    requirement: &RequirementText,
    version: Version,
    span: &SourceSpan,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<Citation>> {
    requirement.level.get(version)?;
    let own_section = requirement.section.get(version).map_or("", String::as_str);
    // A mistake in an inherited list is reported once, at the version that states it.
    let stated = requirement.text.stated(version).is_some();
    let mut seen = HashSet::new();
    let mut list = Vec::new();
    for (index, text) in requirement.text.get(version)?.iter().enumerate() {
        let here = || span.at("text").at(version.name()).at(index);
        match Citation::parse(text, own_section) {
            None if stated => diagnostics.list.push(no_fingerprint(text, &here())),
            Some(citation) if seen.insert(citation.clone()) => list.push(citation),
            Some(_) if stated => {
                let message = format!("`{text}` is listed twice");
                diagnostics.list.push(here().diagnostic(message));
            }
            None | Some(_) => {}
        }
    }
    Some(list)
}

pub(super) fn no_fingerprint(text: &str, span: &SourceSpan) -> Diagnostic {
    span.diagnostic(format!("`{text}` is not a fingerprint"))
        .help("twelve hexadecimal digits, as `assay spec sentences FILE` prints them")
}
