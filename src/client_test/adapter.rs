//! Adapters: how each action is said in the command line of a client.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::format::{Action, Transport};
use super::placeholders::{KNOWN, unknown_placeholder};
use super::scenario::Asked;
use crate::data::{Diagnostic, Document, File, SourceSpan, load_toml, suggest};

/// The word of a command that becomes the words of `login-words` where the registry needs a login, and nothing elsewhere.
pub const LOGIN: &str = "{login}";

/// What a word begins with that is said only where the registry speaks plain HTTP, or TLS.
pub const PLAIN: &str = "{plain}";
pub const TLS: &str = "{tls}";

/// The file of the certificate authority that signs the certificates of trials: an adapter that names it nowhere does not
/// say how the client trusts a registry that speaks TLS.
const AUTHORITY: &str = "{ca}";

/// How to use a client: `adapters/NAME.toml`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Adapter {
    /// The name that `assay client run` takes.
    pub name: String,
    /// What the client is, in a few words.
    pub about: String,
    /// The environment variable that names the program, for `{program}`.
    #[serde(default)]
    pub program_from: Option<String>,
    /// The program, as it is found in PATH.
    pub program: String,
    /// How the client says its version.
    pub version: VersionCommand,
    /// Variables of its environment. It has no others but PATH, HOME, TMPDIR and those of the proxy.
    #[serde(default)]
    pub environment: IndexMap<String, String>,
    /// Files that are written before each trial.
    #[serde(default)]
    pub files: Vec<FileText>,
    /// What the word `{login}` of a command stands for where the registry needs a login.
    #[serde(default)]
    pub login_words: Vec<String>,
    /// Commands that log in, before the action.
    #[serde(default)]
    pub login: Vec<Vec<String>>,
    /// A daemon that the client needs. It runs until the last trial is over.
    #[serde(default)]
    pub service: Option<Service>,
    /// How each action is said.
    pub actions: IndexMap<Action, ActionText>,
    /// The actions that the client has not, and why.
    #[serde(default)]
    pub without: IndexMap<Action, String>,
}

/// How a client says its version.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct VersionCommand {
    /// The command.
    pub run: Vec<String>,
    /// A regular expression whose first group is the version.
    pub pattern: String,
    /// The beginnings of the versions that the adapter was written for. Another version is used, and noted.
    #[serde(default)]
    pub known: Vec<String>,
}

/// A file that is written before each trial.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FileText {
    /// Its path, which starts with `{home}` or `{out}`; that of a service with `{service}`.
    pub path: String,
    /// Its text.
    pub text: String,
    /// Whether it is written only where the registry needs a login.
    #[serde(default)]
    pub login: bool,
    /// Whether it is written only where the registry speaks plain HTTP, or TLS.
    #[serde(default)]
    pub transport: Option<Transport>,
}

/// A daemon.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Service {
    /// The command that runs it in the foreground; `{service}` is a folder of its own.
    pub run: Vec<String>,
    /// The command that succeeds once it is ready.
    pub ready: Vec<String>,
    /// Files that are written before it starts.
    #[serde(default)]
    pub files: Vec<FileText>,
}

/// How an action is said.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ActionText {
    /// Commands that prepare it locally and do not talk to the registry.
    #[serde(default)]
    pub prepare: Vec<Vec<String>>,
    /// The commands of the action. The action succeeds if all of them do.
    pub run: Vec<Vec<String>>,
    /// The same where the manifest is named by its digest; without it, `{image}` becomes `{repository}@{digest}`.
    #[serde(default)]
    pub by_digest: Vec<Vec<String>>,
    /// The same where only the referrers of `{artifact-type}` are listed.
    #[serde(default)]
    pub filtered: Vec<Vec<String>>,
    /// The folders or files that the action stores content in.
    #[serde(default)]
    pub lands: Vec<String>,
    /// Parts of paths below `lands` that are temporary: what an interrupted action leaves there has not landed.
    #[serde(default)]
    pub temporary: Vec<String>,
}

/// A checked adapter.
#[derive(Debug, Clone)]
pub struct LoadedAdapter {
    pub text: Adapter,
    pub version: regex::Regex,
    pub file: String,
    /// Whether it says how the client trusts a certificate authority.
    pub trusts: bool,
}

impl LoadedAdapter {
    /// Whether it says how the client logs in.
    pub fn logs_in(&self) -> bool {
        let text = &self.text;
        !text.login.is_empty()
            || !text.login_words.is_empty()
            || text.files.iter().any(|file| file.login)
    }
}

impl ActionText {
    /// The commands of the action for what is asked.
    pub fn commands(&self, asked: &Asked) -> &[Vec<String>] {
        match (
            asked.filtered,
            asked.by_digest && !self.by_digest.is_empty(),
        ) {
            (true, _) => &self.filtered,
            (false, true) => &self.by_digest,
            (false, false) => &self.run,
        }
    }
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
        Err(error) => diagnostics.push(at.diagnostic(format!("this is no pattern: {error}"))),
        Ok(version) if version.captures_len() < 2 => {
            let help = "put the version in parentheses: 'version (\\S+)'";
            diagnostics.push(at.diagnostic("the pattern has no group").help(help));
        }
        Ok(_) => {}
    }
    check_actions(&text, &span, &mut diagnostics);
    check_placeholders(&text, &span, &mut diagnostics);
    check_files(&text, &span, &mut diagnostics);
    let mut named = texts(&text, &span).into_iter().map(|(text, _)| text);
    let trusts = named.any(|text| text.contains(AUTHORITY))
        || text.files.iter().any(|file| file.text.contains(AUTHORITY));
    match (version, diagnostics.is_empty()) {
        (Ok(version), true) => Ok(LoadedAdapter {
            text,
            version,
            file: file.shown.clone(),
            trusts,
        }),
        _ => Err(diagnostics),
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
            _ => {}
        }
    }
}

fn check_placeholders(text: &Adapter, span: &SourceSpan, diagnostics: &mut Vec<Diagnostic>) {
    for (word, at) in texts(text, span) {
        if let Some(name) = unknown_placeholder(word) {
            let help = match suggest(&name, KNOWN) {
                Some(known) => format!("did you mean `{{{known}}}`?"),
                None => format!("known are {}", KNOWN.join(", ")),
            };
            let message = format!("`{{{name}}}` stands for nothing here");
            diagnostics.push(at.diagnostic(message).help(help));
        }
    }
}

/// A file outside of the folders of a trial would outlive it.
fn check_files(text: &Adapter, span: &SourceSpan, diagnostics: &mut Vec<Diagnostic>) {
    let service = text.service.iter().flat_map(|service| &service.files);
    let lists = [
        (
            text.files.iter().collect::<Vec<_>>(),
            span.at("files"),
            &["{home}/", "{out}/"][..],
        ),
        (
            service.collect(),
            span.at("service").at("files"),
            &["{service}/"],
        ),
    ];
    for (files, at, beginnings) in lists {
        for (index, file) in files.iter().enumerate() {
            let below = |begins: &&str| file.path.starts_with(*begins);
            if !beginnings.iter().any(below) || file.path.contains("/..") {
                let message = format!("a path that starts with {}", beginnings.join(" or "));
                let at = at.at(index).at("path");
                diagnostics.push(at.diagnostic(format!("`{}` is not {message}", file.path)));
            }
        }
    }
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
    }
}
