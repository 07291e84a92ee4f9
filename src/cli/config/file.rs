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
use crate::cli::Refusal;
use crate::cli::sources::show;
use crate::data::{Document, File, Mistake, Mistakes, Place, check};

/// The file that is read unless told.
pub const NAME: &str = "assay.toml";

/// The largest file that is read, in bytes.
const LARGEST: u64 = 1024 * 1024;

/// What a file says.
#[derive(Debug, Default)]
pub struct Said {
    /// For each key, its value as it would be typed; several for a list.
    pub values: IndexMap<String, Vec<String>>,
    /// The features that are claimed, and those that are said to be left out.
    pub claims: Vec<Claim>,
}

/// Reads a file: `path`, or `assay.toml` where there is one.
///
/// # Errors
/// When a named file cannot be read; all mistakes in it, with their lines.
pub fn read(path: Option<&Path>, keys: &[Key]) -> Result<Said, Refusal> {
    let named = path.is_some();
    let path = path.unwrap_or_else(|| Path::new(NAME));
    if !named && !path.is_file() {
        return Ok(Said::default());
    }
    let fail = |why: &dyn std::fmt::Display| {
        let shown = path.display();
        Refusal::usage(format!("the configuration {shown} cannot be read: {why}"))
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
        let mistakes = Mistakes { list }.or(()).err().unwrap_or_default();
        Refusal::usage(show(&mistakes))
    })
}

/// What a file says.
///
/// # Errors
/// All mistakes in it.
pub fn said(file: &File, keys: &[Key]) -> Result<Said, Vec<Mistake>> {
    let secrets = secrets(file);
    if !secrets.is_empty() {
        return Err(secrets);
    }
    let document = Document::parse_toml(file).map_err(|mistake| vec![mistake])?;
    let mistakes = check(&document, &schema(keys));
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let document = Arc::new(document);
    let place = Place::root(document.clone());
    let mut said = Said::default();
    let mut mistakes = Vec::new();
    for key in keys {
        let Some(value) = document.value.get(&key.name) else {
            continue;
        };
        let typed = typed(value);
        mistakes.extend(refused(key, &typed, &place.at(&key.name)));
        said.values.insert(key.name.clone(), typed);
    }
    let claims = document.value.get(CLAIMS).and_then(Value::as_object);
    for (feature, claimed) in claims.into_iter().flatten() {
        said.claims.push(Claim {
            feature: feature.clone(),
            claimed: claimed.as_bool().unwrap_or_default(),
            place: place.at(CLAIMS).at(feature),
        });
    }
    match mistakes.is_empty() {
        true => Ok(said),
        false => Err(mistakes),
    }
}

/// Passwords that somebody put into the file. They are looked for before anything else, line by line, so that no
/// error about the file shows one.
fn secrets(file: &File) -> Vec<Mistake> {
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
    let mistake = |(span, key): (Range<usize>, String)| {
        let message = format!("`{key}`: no password may stand in this file");
        let help = "set ASSAY_PASSWORD, or pipe it in with --password-stdin";
        Mistake::new(&shown, span, message).help(help)
    };
    found.into_iter().map(mistake).collect()
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
fn refused(key: &Key, values: &[String], place: &Place) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    for (index, value) in values.iter().enumerate() {
        if let Err(why) = try_value(key, value) {
            let place = match key.kind {
                Kind::List => place.at(index),
                Kind::Text | Kind::Number | Kind::Flag => place.clone(),
            };
            mistakes.push(place.mistake(why));
        }
    }
    mistakes
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
