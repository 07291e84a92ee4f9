//! Adapters: how each action is said in the command line of a client.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::format::Action;
use super::placeholders::{KNOWN, unknown_placeholder};
use crate::data::{Diagnostic, Document, File, SourceSpan, load_toml, suggest};

/// The word of a command that becomes the words of `login-words` where the registry needs a login, and nothing elsewhere.
pub const LOGIN: &str = "{login}";

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
    /// Its path, which starts with `{home}` or `{out}`.
    pub path: String,
    /// Its text.
    pub text: String,
    /// Whether it is written only where the registry needs a login.
    #[serde(default)]
    pub login: bool,
}

/// A daemon.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Service {
    /// The command that runs it in the foreground; `{service}` is a folder of its own.
    pub run: Vec<String>,
    /// The command that succeeds once it is ready.
    pub ready: Vec<String>,
    /// Files that are written before it starts; their paths start with `{service}`.
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
    match (version, diagnostics.is_empty()) {
        (Ok(version), true) => Ok(LoadedAdapter {
            text,
            version,
            file: file.shown.clone(),
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
    let mut check = |word: &str, at: SourceSpan| {
        if let Some(name) = unknown_placeholder(word) {
            let help = match suggest(&name, KNOWN) {
                Some(known) => format!("did you mean `{{{known}}}`?"),
                None => format!("known are {}", KNOWN.join(", ")),
            };
            let message = format!("`{{{name}}}` stands for nothing here");
            diagnostics.push(at.diagnostic(message).help(help));
        }
    };
    let mut commands: Vec<(&[String], SourceSpan)> =
        vec![(text.version.run.as_slice(), span.at("version").at("run"))];
    for (index, words) in text.login.iter().enumerate() {
        commands.push((words, span.at("login").at(index)));
    }
    commands.push((&text.login_words, span.at("login-words")));
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
        ];
        for (name, list) in lists {
            for (index, words) in list.iter().enumerate() {
                commands.push((words, at.at(name).at(index)));
            }
        }
        commands.push((&said.lands, at.at("lands")));
    }
    for (words, at) in commands {
        for (index, word) in words.iter().enumerate() {
            check(word, at.at(index));
        }
    }
    for (name, value) in &text.environment {
        check(value, span.at("environment").at(name));
    }
    for (index, file) in text.files.iter().enumerate() {
        check(&file.path, span.at("files").at(index).at("path"));
    }
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
        assert_eq!(
            mistakes(&GOOD.replace("lands =", "land =")).len(),
            1,
            "an unknown key"
        );
    }
}
