//! `fleet.toml`: many targets, each with the options of `assay run` that `assay.toml` has.

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use clap::Command;
use serde_json::Value;

use super::arguments::command_line;
use super::constraints::{EXCLUSIVE, check as check_constraints};
use super::file::{self, Claim, ConfigValues};
use super::fleet_schema::{AT_ONCE, TIME, decided, fleet_schema, target_keys};
use super::keys::{COMMAND, Configured, Key};
use super::options::{Origin, RawOptions};
use crate::cli::CliError;
use crate::cli::durations::deadline;
use crate::client::Address;
use crate::data::{Diagnostic, Document, SourceSpan, check};

/// The targets, in the order of the file.
#[derive(Debug)]
pub struct Fleet {
    pub targets: Vec<FleetTarget>,
    /// How many are tested at once.
    pub at_once: usize,
}

/// A target.
#[derive(Debug)]
pub struct FleetTarget {
    /// Its name: a folder, and a part of addresses.
    pub name: String,
    pub span: SourceSpan,
    /// The arguments of `assay run`, without the program and the command.
    pub arguments: Vec<OsString>,
    /// The options that the arguments set, each with its place.
    options: RawOptions,
    pub claims: Vec<Claim>,
    pub login: Option<Login>,
    /// The host and port, for a credential helper.
    pub host: String,
    /// The time limit of its run.
    pub time: Duration,
}

/// Where the password of a target comes from.
#[derive(Debug, Clone)]
pub enum Login {
    /// An environment variable, and where the file names it.
    Variable(String, SourceSpan),
    /// A credential helper of docker.
    Helper(String),
}

/// The options whose values name files or cases: a mistake in one is found only where it is used.
const NAMING: [&str; 9] = [
    "baseline", "ca", "cert", "key", "suites", "fixtures", "only", "skip", "existing",
];

impl FleetTarget {
    /// A mistake in the options: at the option that the error names, or whose value the message names, or at the target. Of several, it is the one
    /// whose flag the message names, or whose value is the longest.
    pub fn mistake(&self, error: &CliError) -> Diagnostic {
        let set = error.option.and_then(|option| self.options.get(option));
        if let Some(Origin::File { span, .. }) = set.map(|value| &value.origin) {
            return span.diagnostic(&error.message);
        }
        let message = error.sentence();
        let named = NAMING.iter().filter_map(|option| {
            let value = self.options.get(option)?;
            let Origin::File { span, .. } = &value.origin else {
                return None;
            };
            let texts = value.texts.iter().map(|text| text.to_string_lossy());
            let longest = texts
                .filter(|text| names(&message, text))
                .map(|text| text.len())
                .max()?;
            Some(((message.contains(&format!("--{option}")), longest), span))
        });
        let named = named.max_by_key(|(rank, _)| *rank).map(|(_, span)| span);
        named.unwrap_or(&self.span).diagnostic(message)
    }
}

/// Whether a message has a value as a word or a path of its own, and not only as a part of another.
fn names(message: &str, value: &str) -> bool {
    let continues = |c: char| c.is_alphanumeric() || "-_/*".contains(c);
    !value.is_empty()
        && message.match_indices(value).any(|(at, _)| {
            let before = message.get(..at).unwrap_or_default();
            let after = message.get(at + value.len()..).unwrap_or_default();
            !before.ends_with(continues) && !after.starts_with(continues)
        })
}

/// Reads a fleet.
///
/// # Errors
/// All mistakes in the file, each with its line.
pub fn fleet(path: &Path, command: &Command) -> Result<Fleet, CliError> {
    let file = file::open(path)?;
    let help = "name a variable with login = \"env:NAME\", or a credential helper with login = \"helper:NAME\"";
    let secrets = file::secrets(&file, help);
    if !secrets.is_empty() {
        return Err(file::refused(secrets));
    }
    let keys = target_keys(command);
    let document = Document::parse_toml(&file).map_err(|one| file::refused(vec![one]))?;
    let mistakes = check(&document, &fleet_schema(&keys), decided);
    if !mistakes.is_empty() {
        return Err(file::refused(mistakes));
    }
    let content = document.value();
    let reader = Reader {
        command,
        keys,
        root: SourceSpan::root(document),
    };
    reader.fleet(&content)
}

struct Reader<'a> {
    command: &'a Command,
    keys: Vec<Key>,
    root: SourceSpan,
}

impl Reader<'_> {
    fn fleet(&self, content: &Value) -> Result<Fleet, CliError> {
        let none = Value::Null;
        let defaults = content.get("defaults").unwrap_or(&none);
        let listed = content.get("target").and_then(Value::as_array);
        let mut mistakes = Vec::new();
        let mut targets: Vec<FleetTarget> = Vec::new();
        for (index, table) in listed.into_iter().flatten().enumerate() {
            let span = self.root.at("target").at(index);
            match self.target(table, defaults, span, &targets) {
                Ok(target) => targets.push(target),
                Err(list) => mistakes.extend(list),
            }
        }
        if listed.is_none_or(Vec::is_empty) {
            let empty = self.root.diagnostic("the file names no target");
            mistakes.push(
                empty.help("write a table [[target]] with `name` and `target` for each registry"),
            );
        }
        if !mistakes.is_empty() {
            return Err(file::refused(mistakes));
        }
        let at_once = content.get("at_once").and_then(Value::as_u64);
        Ok(Fleet {
            targets,
            at_once: usize::try_from(at_once.unwrap_or(AT_ONCE).max(1)).unwrap_or(1),
        })
    }

    fn target(
        &self,
        table: &Value,
        defaults: &Value,
        span: SourceSpan,
        others: &[FleetTarget],
    ) -> Result<FleetTarget, Vec<Diagnostic>> {
        let (own, mut mistakes) = file::values(table, &span, &self.keys);
        let (lower, more) = file::values(defaults, &self.root.at("defaults"), &self.keys);
        mistakes.extend(more);
        let ConfigValues { options, claims } = own;
        let options = options.over(lower.options, &EXCLUSIVE);
        let claims = all_claims(claims, lower.claims);
        let text = |key: &'static str| {
            let (own, lower) = (table.get(key), defaults.get(key));
            let found = own.map(|value| (value, span.at(key)));
            let found = found.or_else(|| Some((lower?, self.root.at("defaults").at(key))));
            found.and_then(|(value, span)| Some((value.as_str()?.to_owned(), span)))
        };
        let name = name(text("name"), &span, others).map_err(|one| mistakes.push(one));
        let host = host(text("target"), &span).map_err(|one| mistakes.push(one));
        let time = time(text("time")).map_err(|one| mistakes.push(one));
        let login = text("login").map(login).transpose();
        let login = login.map_err(|one| mistakes.push(one));
        if let Err(error) = check_constraints(Configured::Run, &options) {
            mistakes.push(span.diagnostic(error.message));
        }
        let run = self.command.find_subcommand(COMMAND);
        let line = run.map(|run| command_line(run, &options));
        match (name, host, time, login) {
            (Ok(name), Ok(host), Ok(time), Ok(login)) if mistakes.is_empty() => Ok(FleetTarget {
                name,
                span,
                arguments: line.into_iter().flatten().skip(2).collect(),
                options,
                claims,
                login,
                host,
                time,
            }),
            _ => Err(mistakes),
        }
    }
}

/// A target's claims, and the default ones that it says nothing about.
fn all_claims(mut own: Vec<Claim>, lower: Vec<Claim>) -> Vec<Claim> {
    for claim in lower {
        if own.iter().all(|one| one.feature != claim.feature) {
            own.push(claim);
        }
    }
    own
}

/// Whether a folder of this name is impossible on Windows, or stands in the way of a file of the site.
fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    let numbered = |device: &str| {
        let digit = stem.strip_prefix(device);
        digit.is_some_and(|digit| digit.len() == 1 && digit != "0")
    };
    let device = matches!(stem, "con" | "prn" | "aux" | "nul");
    let file = [".html", ".json", ".xml", ".atom", ".css", ".js"]
        .iter()
        .any(|end| name.ends_with(end));
    device || numbered("com") || numbered("lpt") || file || name.ends_with('.')
}

fn name(
    given: Option<(String, SourceSpan)>,
    target: &SourceSpan,
    others: &[FleetTarget],
) -> Result<String, Diagnostic> {
    let Some((name, span)) = given else {
        let missing = target.diagnostic("the target has no `name`");
        return Err(missing.help("add name = \"…\": its results are kept under this name"));
    };
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
    let letters =
        name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.chars().all(allowed);
    if !letters || name.len() > 100 || is_reserved(&name) {
        let wrong = span.diagnostic(format!(
            "`{name}` cannot be the name of a folder everywhere"
        ));
        return Err(wrong.help(
            "write lower-case letters, digits, `-`, `_` and `.`, the first a letter or digit; not the name of a device or of a file of the site",
        ));
    }
    match others.iter().find(|other| other.name == name) {
        Some(other) => {
            let line = other.span.at("name").line();
            let twice = span.diagnostic(format!("two targets have the name `{name}`"));
            Err(twice.help(format!(
                "the other is in line {line}: give each a name of its own"
            )))
        }
        None => Ok(name),
    }
}

fn host(given: Option<(String, SourceSpan)>, target: &SourceSpan) -> Result<String, Diagnostic> {
    let Some((address, span)) = given else {
        let missing = target.diagnostic("the target has no `target`");
        return Err(missing.help("add target = \"…\": a URL, or host[:port]"));
    };
    let address = Address::parse(&address).map_err(|error| span.diagnostic(error.to_string()))?;
    let host = address.base.host_str().unwrap_or_default();
    Ok(match address.base.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    })
}

fn time(given: Option<(String, SourceSpan)>) -> Result<Duration, Diagnostic> {
    let Some((text, span)) = given else {
        return Ok(deadline(TIME).unwrap_or_default());
    };
    deadline(&text).map_err(|why| span.diagnostic(format!("`time`: {why}")))
}

fn login((text, span): (String, SourceSpan)) -> Result<Login, Diagnostic> {
    let plain = |name: &str| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        !name.is_empty() && name.chars().all(allowed)
    };
    match text.split_once(':') {
        Some(("env", name)) if plain(name) => Ok(Login::Variable(name.to_owned(), span)),
        Some(("helper", name)) if plain(name) => Ok(Login::Helper(name.to_owned())),
        // The text is not repeated: it may be a password.
        _ => Err(span
            .diagnostic("`login` is neither env:NAME nor helper:NAME")
            .help(
                "passwords are not allowed in this file: name a variable or a credential helper",
            )),
    }
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn a_value_is_named_as_a_whole() {
        let message = "--only tags: no case matches; `none.pem` cannot be read: a/b.yaml";
        for value in ["tags", "none.pem", "a/b.yaml"] {
            assert!(names(message, value), "{value}");
        }
        for value in ["", "tag", "ase", "b.yaml", "a"] {
            assert!(!names(message, value), "{value}");
        }
    }
}
