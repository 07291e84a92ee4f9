//! Adapters: how each action is said in the command line of a client.

use indexmap::IndexMap;
use serde::Deserialize;

use super::asked::Asked;
use super::format::{Action, Transport};

/// The word of a command that becomes the words of `login-words` where the registry needs a login, and nothing elsewhere.
pub const LOGIN: &str = "{login}";

/// What a word begins with that is said only where the registry speaks plain HTTP, or TLS.
pub const PLAIN: &str = "{plain}";
pub const TLS: &str = "{tls}";

/// How to use a client: `adapters/NAME.toml`.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FileText {
    /// Its path, which starts with `{home}` or `{out}`.
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

/// A file that is written before a daemon starts, which serves all trials.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ServiceFileText {
    /// Its path, which starts with `{service}`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// A daemon.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Service {
    /// The command that runs it in the foreground; `{service}` is a folder of its own.
    pub run: Vec<String>,
    /// The command that succeeds once it is ready.
    pub ready: Vec<String>,
    /// Files that are written before it starts.
    #[serde(default)]
    pub files: Vec<ServiceFileText>,
}

/// How an action is said.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
