//! `assay.toml`: read, checked, and turned into what would be typed.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use clap::Command;
use indexmap::IndexMap;
use serde_json::Value;

use super::keys::{Key, Kind};
use super::resolve::Claim;
use super::schema::{CLAIMS, schema};
use crate::cli::CliError;
use crate::cli::sources::show;
use crate::data::{Diagnostic, Diagnostics, Document, File, SourceSpan, check};

/// The file that is read unless told.
pub const NAME: &str = "assay.toml";

/// The largest file that is read, in bytes.
const LARGEST: u64 = 1024 * 1024;

/// What a file says.
#[derive(Debug, Default)]
pub struct ConfigValues {
    /// For each key, its value as it would be typed; several for a list.
    pub values: IndexMap<String, Vec<String>>,
    /// The features that are claimed, and those that are said to be left out.
    pub claims: Vec<Claim>,
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
    let fail = |why: &dyn std::fmt::Display| {
        let shown = path.display();
        CliError::usage(format!("the configuration {shown} cannot be read: {why}"))
    };
    let size = path.metadata().map_err(|error| fail(&error))?.len();
    if size > LARGEST {
        return Err(fail(&format!("it is larger than {LARGEST} bytes")));
    }
    let text = std::fs::read_to_string(path).map_err(|error| fail(&error))?;
    let file = File {
        path: path.to_string_lossy().into_owned(),
        shown: path.to_string_lossy().into_owned(),
        text: text.into(),
    };
    said(&file, keys).map_err(|list| {
        let diagnostics = Diagnostics { list }.or(()).err().unwrap_or_default();
        CliError::usage(show(&diagnostics))
    })
}

/// What a file says.
///
/// # Errors
/// All mistakes in it.
pub fn said(file: &File, keys: &[Key]) -> Result<ConfigValues, Vec<Diagnostic>> {
    let secrets = secrets(file);
    if !secrets.is_empty() {
        return Err(secrets);
    }
    let document = Document::parse_toml(file).map_err(|diagnostic| vec![diagnostic])?;
    let diagnostics = check(&document, &schema(keys));
    if !diagnostics.is_empty() {
        return Err(diagnostics);
    }
    let content = document.value();
    let span = SourceSpan::root(Arc::new(document));
    let mut said = ConfigValues::default();
    let mut diagnostics = Vec::new();
    for key in keys {
        let Some(value) = content.get(&key.name) else {
            continue;
        };
        let typed = typed(value);
        diagnostics.extend(refused(key, &typed, &span.at(&key.name)));
        said.values.insert(key.name.clone(), typed);
    }
    let claims = content.get(CLAIMS).and_then(Value::as_object);
    for (feature, claimed) in claims.into_iter().flatten() {
        said.claims.push(Claim {
            feature: feature.clone(),
            claimed: claimed.as_bool().unwrap_or_default(),
            span: span.at(CLAIMS).at(feature),
        });
    }
    match diagnostics.is_empty() {
        true => Ok(said),
        false => Err(diagnostics),
    }
}

/// Passwords that somebody put into the file. They are looked for before anything else, line by line, so that no
/// error about the file shows one.
fn secrets(file: &File) -> Vec<Diagnostic> {
    let mut masked = String::with_capacity(file.text.len());
    let mut found = Vec::new();
    for line in file.text.split_inclusive('\n') {
        let start = masked.len();
        match line.split_once('=') {
            Some((key, value)) if is_secret(key, value) => {
                masked.push_str(key);
                masked.push('=');
                masked.extend(value.bytes().map(|b| if b == b'\n' { '\n' } else { '*' }));
                let key = key.trim_matches(|c: char| c.is_whitespace() || "\"'[{".contains(c));
                found.push((start..start + line.trim_end().len(), key.to_owned()));
            }
            _ => masked.push_str(line),
        }
    }
    let shown = File {
        text: masked.into(),
        ..file.clone()
    };
    let diagnostic = |(span, key): (Range<usize>, String)| {
        let message = format!("`{key}`: no password may stand in this file");
        let help = "set ASSAY_PASSWORD, or pipe it in with --password-stdin";
        Diagnostic::new(&shown, span, message).help(help)
    };
    found.into_iter().map(diagnostic).collect()
}

fn is_secret(key: &str, value: &str) -> bool {
    let key = key.trim().to_lowercase();
    let named = ["password", "passwd", "secret", "token"];
    let comment = key.starts_with('#');
    let named = named.iter().any(|word| key.contains(word));
    !comment && (named || (key == "target" && names_a_user(value)))
}

fn names_a_user(target: &str) -> bool {
    let rest = target.split_once("://").map_or(target, |(_, rest)| rest);
    let host = rest.split('/').next().unwrap_or_default();
    host.contains('@')
}

fn typed(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(typed).collect(),
        Value::String(text) => vec![text.clone()],
        other => vec![other.to_string()],
    }
}

/// What the flag itself says of a value.
fn refused(key: &Key, values: &[String], span: &SourceSpan) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for (index, value) in values.iter().enumerate() {
        if let Err(why) = try_value(key, value) {
            let span = match key.kind {
                Kind::List => span.at(index),
                Kind::Text | Kind::Number | Kind::Flag => span.clone(),
            };
            diagnostics.push(span.diagnostic(why));
        }
    }
    diagnostics
}

/// Holds a value against its flag.
///
/// # Errors
/// What is wrong with it, in a sentence.
fn try_value(key: &Key, value: &str) -> Result<(), String> {
    if matches!(key.kind, Kind::Flag) || key.arg.get_long() == Some("verbose") {
        return Ok(());
    }
    let mut arg = clap::Arg::new("value")
        .value_parser(key.arg.get_value_parser().clone())
        .allow_hyphen_values(true);
    if let Some(cut) = key.arg.get_value_delimiter() {
        arg = arg.value_delimiter(cut);
    }
    let command = Command::new("assay").no_binary_name(true).arg(arg);
    let error = match command.try_get_matches_from([value]) {
        Ok(_) => return Ok(()),
        Err(error) => error.render().to_string(),
    };
    let first = error.lines().next().unwrap_or_default();
    let choices = key.choices();
    let mut why = first
        .trim_start_matches("error: ")
        .replace(" for '[value]'", "");
    if !choices.is_empty() {
        why = format!("{why}: use one of {}", choices.join(", "));
    }
    Err(why)
}
