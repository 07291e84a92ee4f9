//! `assay.toml` as raw options.

use std::ffi::OsString;
use std::ops::Range;
use std::path::Path;

use serde_json::Value;

use super::arguments::check_value;
use super::keys::{Key, Kind, typed_only};
use super::options::{Origin, RawOptions};
use super::schema::{CLAIMS, schema};
use crate::cli::CliError;
use crate::cli::sources::show;
use crate::data::{Diagnostic, Diagnostics, Document, File, SourceSpan, check, read_bounded};

/// The default file.
pub const NAME: &str = "assay.toml";

/// In bytes.
const LARGEST: u64 = 1024 * 1024;

/// The contents of a file.
#[derive(Debug, Default)]
pub struct ConfigValues {
    pub options: RawOptions,
    pub claims: Vec<Claim>,
}

/// What the table `[claims]` declares about a feature.
#[derive(Debug, Clone)]
pub struct Claim {
    pub feature: String,
    /// Whether the target is said to support it.
    pub claimed: bool,
    pub span: SourceSpan,
}

/// Reads a file: `path`, or `assay.toml` where there is one.
///
/// # Errors
/// When a named file cannot be read; all mistakes in it, with their lines.
pub fn read(path: Option<&Path>, keys: &[Key]) -> Result<ConfigValues, CliError> {
    let named = path.is_some();
    let path = path.unwrap_or_else(|| Path::new(NAME));
    if !named && !path.is_file() {
        return Ok(ConfigValues::default());
    }
    parse(&open(path)?, keys).map_err(refused)
}

/// The text of a configuration file.
///
/// # Errors
/// When it cannot be read.
pub fn open(path: &Path) -> Result<File, CliError> {
    let fail = |why: &dyn std::fmt::Display| {
        let shown = path.display();
        CliError::usage(format!("the configuration {shown} cannot be read: {why}"))
    };
    let text = read_bounded(path, LARGEST).map_err(|error| fail(&error))?;
    Ok(File::new(path.to_string_lossy(), text))
}

/// The error of a file with mistakes, each with its line.
pub fn refused(list: Vec<Diagnostic>) -> CliError {
    let diagnostics = Diagnostics { list }.or(()).err().unwrap_or_default();
    CliError::usage(show(&diagnostics))
}

/// # Errors
/// All mistakes in the file.
fn parse(file: &File, keys: &[Key]) -> Result<ConfigValues, Vec<Diagnostic>> {
    let secrets = secrets(
        file,
        "set ASSAY_PASSWORD, or pipe it in with --password-stdin",
    );
    if !secrets.is_empty() {
        return Err(secrets);
    }
    let document = Document::parse_toml(file).map_err(|diagnostic| vec![diagnostic])?;
    let diagnostics = check(&document, &schema(keys), typed_only);
    if !diagnostics.is_empty() {
        return Err(diagnostics);
    }
    let content = document.value();
    let span = SourceSpan::root(document);
    let (values, diagnostics) = values(&content, &span, keys);
    match diagnostics.is_empty() {
        true => Ok(values),
        false => Err(diagnostics),
    }
}

/// The options and claims of a table of the file, and the values that a flag would refuse.
pub fn values(content: &Value, span: &SourceSpan, keys: &[Key]) -> (ConfigValues, Vec<Diagnostic>) {
    let mut values = ConfigValues::default();
    let mut diagnostics = Vec::new();
    for key in keys {
        let Some(value) = content.get(&key.name) else {
            continue;
        };
        let span = span.at(&key.name);
        let texts = texts(value);
        diagnostics.extend(mistakes(key, &texts, &span));
        let on = texts.into_iter().filter(|text| !is_off(key, text));
        let origin = Origin::File {
            key: key.name.clone(),
            span,
        };
        let on = on.map(OsString::from).collect();
        values.options.set(&key.name, on, origin);
    }
    let claims = content.get(CLAIMS).and_then(Value::as_object);
    for (feature, claimed) in claims.into_iter().flatten() {
        values.claims.push(Claim {
            feature: feature.clone(),
            claimed: claimed.as_bool().unwrap_or_default(),
            span: span.at(CLAIMS).at(feature),
        });
    }
    (values, diagnostics)
}

/// Passwords that somebody put into the file, each with `help`. The search comes first and goes line by line, so that no
/// other error about the file shows a password.
pub fn secrets(file: &File, help: &str) -> Vec<Diagnostic> {
    let mut masked = String::with_capacity(file.text.len());
    let mut found = Vec::new();
    for line in file.text.split_inclusive('\n') {
        let start = masked.len();
        match secret(line) {
            Some((key, before, value)) => {
                masked.push_str(before);
                masked.push('=');
                masked.extend(value.bytes().map(|b| if b == b'\n' { '\n' } else { '*' }));
                found.push((start..start + line.trim_end().len(), key.to_owned()));
            }
            None => masked.push_str(line),
        }
    }
    let shown = File {
        text: masked.into(),
        ..file.clone()
    };
    let diagnostic = |(span, key): (Range<usize>, String)| {
        let message = format!("`{key}`: passwords are not allowed in this file");
        Diagnostic::new(&shown, span, message).help(help)
    };
    found.into_iter().map(diagnostic).collect()
}

/// The first key of a line whose value is a secret, the text before its `=`, and the text after it.
fn secret(line: &str) -> Option<(&str, &str, &str)> {
    if line.trim_start().starts_with('#') {
        return None;
    }
    line.match_indices('=').find_map(|(at, _)| {
        let (before, value) = (line.get(..at)?, line.get(at + 1..)?);
        let key = before.rsplit(['{', ',']).next().unwrap_or(before);
        let key = key.trim_matches(|c: char| c.is_whitespace() || "\"'[{".contains(c));
        is_secret(key, value).then_some((key, before, value))
    })
}

fn is_secret(key: &str, value: &str) -> bool {
    let key = key.to_lowercase();
    let named = ["password", "passwd", "secret", "token"];
    let named = named.iter().any(|word| key.contains(word));
    let login = value.trim().trim_matches(['"', '\'']);
    let refers = login.starts_with("env:") || login.starts_with("helper:");
    named || (key == "target" && names_a_user(value)) || (key == "login" && !refers)
}

fn names_a_user(target: &str) -> bool {
    let rest = target.split_once("://").map_or(target, |(_, rest)| rest);
    let host = rest.split('/').next().unwrap_or_default();
    host.contains('@')
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::String(text) => vec![text.clone()],
        other => vec![other.to_string()],
    }
}

/// Whether a value turns its option off.
fn is_off(key: &Key, text: &str) -> bool {
    match key.kind {
        Kind::Flag => text == "false",
        Kind::Number => key.counts() && text == "0",
        Kind::Text | Kind::List => false,
    }
}

/// The values that the flag would refuse.
fn mistakes(key: &Key, values: &[String], span: &SourceSpan) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for (index, value) in values.iter().enumerate() {
        let Err(mut why) = check_value(&key.arg, value.as_ref()) else {
            continue;
        };
        let choices = key.choices();
        if !choices.is_empty() {
            why = format!("{why}: use one of {}", choices.join(", "));
        }
        let span = match key.kind {
            Kind::List => span.at(index),
            Kind::Text | Kind::Number | Kind::Flag => span.clone(),
        };
        diagnostics.push(span.diagnostic(why));
    }
    diagnostics
}
