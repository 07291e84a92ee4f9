//! Reading an adapter, and checking it.

use super::adapter::{Adapter, ServiceFileText};
use super::format::Action;
use super::placeholders::{KNOWN, unknown_placeholders};
use crate::data::{Diagnostic, Document, File, SourceSpan, load_toml, pattern_error, suggest};

/// The file of the certificate authority that signs the certificates of trials: an adapter that names it nowhere does not
/// say how the client trusts a registry that speaks TLS.
const AUTHORITY: &str = "{ca}";

/// What an adapter that logs in names somewhere.
const LOGINS: [&str; 2] = ["{basic}", "{password}"];

/// A checked adapter.
#[derive(Debug, Clone)]
pub struct LoadedAdapter {
    pub text: Adapter,
    pub version: regex::Regex,
    pub file: String,
    /// Whether it says how the client trusts a certificate authority.
    pub trusts: bool,
    /// Whether it says how the client logs in: in a file, a command, or a variable of the environment.
    pub logs_in: bool,
}

/// Reads an adapter.
///
/// # Errors
/// Every mistake in it, with file, line and column.
pub fn load_adapter(file: &File) -> Result<LoadedAdapter, Vec<Diagnostic>> {
    let document = Document::parse_toml(file).map_err(|diagnostic| vec![diagnostic])?;
    let text: Adapter = load_toml(&document)?;
    let span = SourceSpan::root(document);
    let mut diagnostics = Vec::new();
    let version = regex::Regex::new(&text.version.pattern);
    let at = span.at("version").at("pattern");
    match &version {
        Err(error) => {
            let (pattern, reason) = (&text.version.pattern, pattern_error(error));
            let message = format!("`pattern`: `{pattern}` is not a regular expression: {reason}");
            let help = "write a literal `[`, `(` or `.` with `\\` before it, and the text in single quotes";
            diagnostics.push(at.diagnostic(message).help(help));
        }
        Ok(version) if version.captures_len() < 2 => {
            let help = "put the version in parentheses: 'version (\\S+)'";
            diagnostics.push(at.diagnostic("the pattern has no group").help(help));
        }
        Ok(_) => {}
    }
    check_names(&text, &span, &mut diagnostics);
    check_actions(&text, &span, &mut diagnostics);
    check_placeholders(&text, &span, &mut diagnostics);
    check_files(&text, &span, &mut diagnostics);
    let trusts = names(&text, &span, AUTHORITY);
    let logs_in = LOGINS.iter().any(|login| names(&text, &span, login));
    match (version, diagnostics.is_empty()) {
        (Ok(version), true) => Ok(LoadedAdapter {
            text,
            version,
            file: file.shown.clone(),
            trusts,
            logs_in,
        }),
        _ => Err(diagnostics),
    }
}

/// The texts that reports show, and the program, are not empty.
fn check_names(text: &Adapter, span: &SourceSpan, diagnostics: &mut Vec<Diagnostic>) {
    let named = [
        ("name", &text.name),
        ("about", &text.about),
        ("program", &text.program),
    ];
    let named = named.map(|(key, text)| (span.at(key), key, text));
    let without = text.without.iter();
    let without = without.map(|(action, why)| {
        let name = action.name();
        (span.at("without").at(name), name, why)
    });
    for (at, key, text) in named.into_iter().chain(without) {
        if text.trim().is_empty() {
            diagnostics.push(at.diagnostic(format!("`{key}` is empty")));
        }
    }
}

fn check_actions(text: &Adapter, span: &SourceSpan, diagnostics: &mut Vec<Diagnostic>) {
    for action in Action::ALL {
        let name = action.name();
        match (
            text.actions.get(&action),
            text.without.contains_key(&action),
        ) {
            (Some(_), true) => diagnostics.push(
                span.at("without")
                    .at(name)
                    .diagnostic(format!("`{name}` stands under `actions` too")),
            ),
            (None, false) => diagnostics.push(
                span.at("actions")
                    .diagnostic(format!("the action `{name}` is missing"))
                    .help(format!(
                        "add [actions.{name}], or say under [without] why the client has no such action"
                    )),
            ),
            (Some(said), false) if said.run.is_empty() || said.run.iter().any(Vec::is_empty) => {
                let at = span.at("actions").at(name).at("run");
                diagnostics.push(at.diagnostic("a command needs a program"));
            }
            (Some(said), false) if action == Action::Pull && said.lands.is_empty() => {
                let missing = span.at("actions").at(name).diagnostic("`lands` is missing");
                let help = "name the folders that the client stores content in: a pull is judged by them";
                diagnostics.push(missing.help(help));
            }
            _ => {}
        }
    }
}

fn check_placeholders(text: &Adapter, span: &SourceSpan, diagnostics: &mut Vec<Diagnostic>) {
    for (word, at) in texts(text, span) {
        if let Some(name) = unknown_placeholders(word).next() {
            let help = match suggest(name, KNOWN) {
                Some(known) => format!("did you mean `{{{known}}}`?"),
                None => format!("known are {}", KNOWN.join(", ")),
            };
            let message = format!("`{{{name}}}` stands for nothing here");
            diagnostics.push(at.diagnostic(message).help(help));
        }
    }
    // A file may have braces of its own: only a misspelt name is a mistake.
    for (text, at) in file_texts(text, span) {
        let misspelt = unknown_placeholders(text).filter(|name| name.len() > 2);
        let mut meant = misspelt.filter_map(|name| Some((name, suggest(name, KNOWN)?)));
        if let Some((name, known)) = meant.next() {
            let message = format!("`{{{name}}}` stands for nothing here");
            let help = format!("did you mean `{{{known}}}`?");
            diagnostics.push(at.diagnostic(message).help(help));
        }
    }
}

/// Whether a text of an adapter, or of a file that it writes, has this placeholder.
fn names(text: &Adapter, span: &SourceSpan, placeholder: &str) -> bool {
    let words = texts(text, span).into_iter();
    let mut all = words.chain(file_texts(text, span));
    all.any(|(text, _)| text.contains(placeholder))
}

/// The texts of the files that an adapter writes.
fn file_texts<'a>(text: &'a Adapter, span: &SourceSpan) -> Vec<(&'a str, SourceSpan)> {
    let own = text.files.iter().enumerate();
    let own = own.map(|(index, file)| (file.text.as_str(), span.at("files").at(index).at("text")));
    let service = service_files(text).iter().enumerate();
    let service = service.map(|(index, file)| {
        let at = span.at("service").at("files").at(index).at("text");
        (file.text.as_str(), at)
    });
    own.chain(service).collect()
}

/// A file outside of the folders of a trial, or of the service, would outlive them.
fn check_files(text: &Adapter, span: &SourceSpan, diagnostics: &mut Vec<Diagnostic>) {
    for (index, file) in text.files.iter().enumerate() {
        let at = span.at("files").at(index).at("path");
        diagnostics.extend(outside(&file.path, &["{home}/", "{out}/"], &at));
    }
    for (index, file) in service_files(text).iter().enumerate() {
        let at = span.at("service").at("files").at(index).at("path");
        diagnostics.extend(outside(&file.path, &["{service}/"], &at));
    }
}

fn outside(path: &str, beginnings: &[&str], at: &SourceSpan) -> Option<Diagnostic> {
    let below = beginnings.iter().any(|begins| path.starts_with(begins));
    let inside = below && !path.contains("/..");
    let wanted = beginnings.join(" or ");
    (!inside).then(|| at.diagnostic(format!("`{path}` is not a path that starts with {wanted}")))
}

fn service_files(text: &Adapter) -> &[ServiceFileText] {
    let service = text.service.as_ref();
    service.map_or(&[], |service| &service.files)
}

/// The texts of an adapter that may have placeholders, but for those of files, where braces may mean anything.
fn texts<'a>(text: &'a Adapter, span: &SourceSpan) -> Vec<(&'a str, SourceSpan)> {
    let mut commands: Vec<(&[String], SourceSpan)> = vec![
        (&text.version.run, span.at("version").at("run")),
        (&text.login_words, span.at("login-words")),
    ];
    for (index, words) in text.login.iter().enumerate() {
        commands.push((words, span.at("login").at(index)));
    }
    if let Some(service) = &text.service {
        commands.push((&service.run, span.at("service").at("run")));
        commands.push((&service.ready, span.at("service").at("ready")));
    }
    for (action, said) in &text.actions {
        let at = span.at("actions").at(action.name());
        let lists = [
            ("prepare", &said.prepare),
            ("run", &said.run),
            ("by-digest", &said.by_digest),
            ("filtered", &said.filtered),
        ];
        for (name, list) in lists {
            for (index, words) in list.iter().enumerate() {
                commands.push((words, at.at(name).at(index)));
            }
        }
        commands.push((&said.lands, at.at("lands")));
    }
    let mut texts = Vec::new();
    for (words, at) in commands {
        let words = words.iter().enumerate();
        texts.extend(words.map(|(index, word)| (word.as_str(), at.at(index))));
    }
    let environment = text.environment.iter();
    texts.extend(environment.map(|(name, value)| {
        let at = span.at("environment").at(name);
        (value.as_str(), at)
    }));
    for (index, file) in text.files.iter().enumerate() {
        texts.push((&file.path, span.at("files").at(index).at("path")));
    }
    for (index, file) in service_files(text).iter().enumerate() {
        let at = span.at("service").at("files").at(index).at("path");
        texts.push((&file.path, at));
    }
    texts
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const GOOD: &str = r#"
name = "tea"
about = "a client"
program = "tea"
[version]
run = ["{program}", "--version"]
pattern = 'version (\S+)'
[actions.pull]
run = [["{program}", "pull", "{image}", "{out}"]]
lands = ["{out}"]
[without]
push = "it only pulls"
copy = "it only pulls"
tags = "it only pulls"
delete = "it only pulls"
attach = "it only pulls"
referrers = "it only pulls"
resolve = "it only pulls"
"#;

    fn mistakes(text: &str) -> Vec<String> {
        let list = load_adapter(&File::new("tea.toml", text)).unwrap_err();
        let shown = |one: &Diagnostic| format!("{}: {}", one.line(), one.message());
        list.iter().map(shown).collect()
    }

    #[test]
    fn an_adapter_says_or_declines_every_action() {
        let adapter = load_adapter(&File::new("tea.toml", GOOD)).unwrap();
        assert_eq!(adapter.text.actions.len(), 1);
        assert_eq!(
            mistakes(&GOOD.replace("push = \"it only pulls\"\n", "")),
            ["8: the action `push` is missing"]
        );
    }

    #[test]
    fn an_adapter_logs_in_where_it_names_the_login() {
        let logs_in = |text: &str| load_adapter(&File::new("tea.toml", text)).unwrap().logs_in;
        assert!(!logs_in(GOOD));
        for table in [
            "[environment]\nTEA_LOGIN = \"{basic}\"\n",
            "[[files]]\npath = \"{home}/c\"\ntext = \"{user} {password}\"\n",
        ] {
            let text = GOOD.replace("[actions.pull]", &format!("{table}[actions.pull]"));
            assert!(logs_in(&text), "{table}");
        }
    }

    #[test]
    fn names_reasons_and_the_place_of_a_pull_are_not_left_empty() {
        let text = GOOD.replace("\"tea\"\nabout", "\"\"\nabout");
        let text = text.replace("push = \"it only pulls\"", "push = \" \"");
        let text = text.replace("lands = [\"{out}\"]\n", "");
        assert_eq!(
            mistakes(&text),
            [
                "2: `name` is empty",
                "11: `push` is empty",
                "8: `lands` is missing"
            ]
        );
    }

    #[test]
    fn mistakes_have_their_line() {
        let text = GOOD.replace("{image}", "{imgae}").replace("(\\S+)", "\\S+");
        assert_eq!(
            mistakes(&text),
            [
                "7: the pattern has no group",
                "9: `{imgae}` stands for nothing here"
            ]
        );
        let file = "[[files]]\npath = \"/etc/tea\"\ntext = \"\"\n[actions.pull]";
        assert_eq!(
            mistakes(&GOOD.replace("[actions.pull]", file)),
            ["9: `/etc/tea` is not a path that starts with {home}/ or {out}/"]
        );
        assert_eq!(
            mistakes(&GOOD.replace("lands =", "land =")).len(),
            1,
            "an unknown key"
        );
        let file = "[[files]]\npath = \"{home}/c\"\ntext = '{\"{hst}\": \"${x} {nothing}\"}'\n[actions.pull]";
        assert_eq!(
            mistakes(&GOOD.replace("[actions.pull]", file)),
            ["10: `{hst}` stands for nothing here"]
        );
        let service = "[service]\nrun = [\"teapot\"]\nready = [\"{program}\"]\n[[service.files]]\npath = \"{service}/{hom}\"\ntext = \"{ca}\"\n";
        let service = GOOD.replace("[actions.pull]", &format!("{service}[actions.pull]"));
        assert_eq!(mistakes(&service), ["12: `{hom}` stands for nothing here"]);
        let service = service.replace("{hom}", "c.toml");
        assert!(
            load_adapter(&File::new("tea.toml", &*service))
                .unwrap()
                .trusts
        );
        assert_eq!(
            mistakes(&service.replace("text = \"{ca}\"", "text = \"{ca}\"\nlogin = true")).len(),
            1,
            "a service serves trials with and without a login"
        );
    }
}
