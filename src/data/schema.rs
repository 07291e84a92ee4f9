//! A file's shape is said by its type: the schema made from the type checks it, and is what is published.

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{ValidationError, Validator};
use schemars::JsonSchema;
use serde_json::Value;

use super::yaml::join;
use super::{Diagnostic, Document, suggest};

/// The JSON Schema of a file's type, as it is published.
pub fn schema_of<T: JsonSchema>() -> Value {
    let settings = schemars::generate::SchemaSettings::draft2020_12();
    settings.into_generator().into_root_schema_for::<T>().into()
}

/// Everything about a document that its schema does not allow.
pub fn check(document: &Document, schema: &Value) -> Vec<Diagnostic> {
    let validator = match Validator::new(schema) {
        Ok(validator) => validator,
        Err(error) => {
            let message = format!("the schema of this file does not hold together: {error}");
            return vec![Diagnostic::new(&document.file, 0..0, message)];
        }
    };
    let mut diagnostics = Vec::new();
    for error in validator.iter_errors(&document.value) {
        explain(document, schema, &error, &mut diagnostics);
    }
    diagnostics
}

fn explain(
    document: &Document,
    schema: &Value,
    error: &ValidationError<'_>,
    into: &mut Vec<Diagnostic>,
) {
    let pointer = error.instance_path().to_string();
    let here = |pointer: &str, message: String| {
        Diagnostic::new(&document.file, document.span(pointer), message)
    };
    match error.kind() {
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            match nearest_branch(context) {
                Some(branch) => {
                    for inner in branch {
                        explain(document, schema, inner, into);
                    }
                }
                None => into.push(here(&pointer, format!("expected {}", expected(context)))),
            }
        }
        ValidationErrorKind::AdditionalProperties { unexpected }
        | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
            let known = known_keys(schema, error);
            for key in unexpected {
                let diagnostic = here(&join(&pointer, key), format!("unknown key `{key}`"));
                into.push(match suggest(key, known.iter().map(String::as_str)) {
                    Some(meant) => diagnostic.help(format!("did you mean `{meant}`?")),
                    None => diagnostic.help(format!("what may stand here: {}", known.join(", "))),
                });
            }
        }
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            into.push(here(&pointer, format!("the key `{name}` is missing")));
        }
        ValidationErrorKind::Type { kind } => {
            let message = format!(
                "expected {}, found {}",
                types(kind),
                found(error.instance())
            );
            into.push(here(&pointer, message));
        }
        ValidationErrorKind::Enum { options } => {
            let known: Vec<&str> = options
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            let message = format!(
                "expected one of {}, found {}",
                known.join(", "),
                found(error.instance())
            );
            into.push(here(&pointer, message));
        }
        _ => into.push(here(&pointer, error.to_string())),
    }
}

/// Of several shapes that a value may have, the errors against the one that it was meant to have: the one
/// whose type fits, so that only what is inside it is wrong.
fn nearest_branch<'a>(
    context: &'a [Vec<ValidationError<'static>>],
) -> Option<&'a [ValidationError<'static>]> {
    let is_constant =
        |error: &ValidationError<'_>| matches!(error.kind(), ValidationErrorKind::Constant { .. });
    if context.iter().flatten().all(is_constant) {
        return None;
    }
    let wrong_type = |errors: &[ValidationError<'_>]| {
        errors.iter().any(|error| {
            let kind = error.kind();
            let wrong = match kind {
                ValidationErrorKind::AnyOf { context }
                | ValidationErrorKind::OneOfNotValid { context } => is_other_type(context, error),
                _ => matches!(
                    kind,
                    ValidationErrorKind::Type { .. }
                        | ValidationErrorKind::Enum { .. }
                        | ValidationErrorKind::Constant { .. }
                ),
            };
            wrong
                && error.schema_path().as_str().matches('/').count() <= 4
                && context.iter().all(|other| {
                    other.iter().all(|peer| {
                        error.instance_path().as_str().len() <= peer.instance_path().as_str().len()
                    })
                })
        })
    };
    let mut fitting = context.iter().filter(|errors| !wrong_type(errors));
    let first = fitting.next()?;
    match fitting.next() {
        None => Some(first.as_slice()),
        Some(_) => context
            .iter()
            .filter(|errors| !wrong_type(errors))
            .min_by_key(|errors| errors.len())
            .map(Vec::as_slice),
    }
}

/// Whether a value has the type of none of several shapes.
fn is_other_type(context: &[Vec<ValidationError<'static>>], value: &ValidationError<'_>) -> bool {
    let is_type = |error: &ValidationError<'_>| {
        matches!(error.kind(), ValidationErrorKind::Type { .. })
            && error.instance_path() == value.instance_path()
    };
    context.iter().all(|errors| errors.iter().any(is_type))
}

fn expected(context: &[Vec<ValidationError<'static>>]) -> String {
    let mut names: Vec<String> = Vec::new();
    for error in context.iter().flatten() {
        let name = match error.kind() {
            ValidationErrorKind::Type { kind } => types(kind),
            ValidationErrorKind::Enum { options } => options.to_string(),
            ValidationErrorKind::Constant { expected_value } => expected_value.to_string(),
            _ => continue,
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join(" or ")
}

fn types(kind: &TypeKind) -> String {
    let name = |kind: &str| match kind {
        "object" => "a map".to_owned(),
        "array" => "a list".to_owned(),
        "integer" => "a whole number".to_owned(),
        "null" => "nothing".to_owned(),
        other => format!("a {other}"),
    };
    match kind {
        TypeKind::Single(one) => name(&one.to_string()),
        TypeKind::Multiple(set) => set
            .iter()
            .map(|one| name(&one.to_string()))
            .collect::<Vec<_>>()
            .join(" or "),
    }
}

fn found(value: &Value) -> String {
    match value {
        Value::Null => "nothing".into(),
        Value::Bool(flag) => format!("`{flag}`"),
        Value::Number(number) => format!("the number {number}"),
        Value::String(text) if text.len() <= 40 => format!("the text `{text}`"),
        Value::String(_) => "a text".into(),
        Value::Array(_) => "a list".into(),
        Value::Object(_) => "a map".into(),
    }
}

/// The keys that the object schema behind an error knows.
fn known_keys(schema: &Value, error: &ValidationError<'_>) -> Vec<String> {
    let path = error.evaluation_path().to_string();
    let mut at = schema;
    for part in path.split('/').skip(1) {
        if part == "additionalProperties" || part == "unevaluatedProperties" {
            break;
        }
        let next = match part {
            "$ref" => at
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(|name| schema.pointer(name.trim_start_matches('#'))),
            _ => part
                .parse::<usize>()
                .ok()
                .and_then(|index| at.get(index))
                .or_else(|| at.get(part.replace("~1", "/").replace("~0", "~"))),
        };
        match next {
            Some(next) => at = next,
            None => return Vec::new(),
        }
    }
    at.get("properties")
        .and_then(Value::as_object)
        .map(|keys| keys.keys().cloned().collect())
        .unwrap_or_default()
}
