//! The JSON Schema of `assay.toml`, made from the flags.

use serde_json::{Map, Value, json};

use super::keys::{Key, Kind};

pub const CLAIMS: &str = "claims";

pub const CLAIMS_HELP: &str = "Claims about the target's features (`assay list features`): true if the target must support the \
     feature, like --require; false if it is declared as not supported";

/// The version of JSON Schema.
pub const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The schema of the file.
pub fn schema(keys: &[Key]) -> Value {
    json!({
        "$schema": DRAFT,
        "title": "assay.toml",
        "description": "The options of `assay run`.",
        "type": "object",
        "additionalProperties": false,
        "properties": properties(keys),
    })
}

/// The schemas of the keys, and of the claims.
pub fn properties(keys: &[Key]) -> Map<String, Value> {
    let mut properties = Map::new();
    for key in keys {
        properties.insert(key.name.clone(), property(key));
    }
    properties.insert(
        CLAIMS.to_owned(),
        json!({
            "description": CLAIMS_HELP,
            "type": "object",
            "additionalProperties": { "type": "boolean" },
        }),
    );
    properties
}

/// The schema of the file, from the declared command line.
#[cfg(test)]
pub fn options_schema(command: &clap::Command) -> Value {
    schema(&super::keys::keys(command))
}

fn property(key: &Key) -> Value {
    let mut text = Map::from_iter([("type".to_owned(), "string".into())]);
    let choices = key.choices();
    if !choices.is_empty() {
        text.insert("enum".to_owned(), choices.into());
    }
    let mut property = match key.kind {
        Kind::Text => text,
        Kind::Number => Map::from_iter([
            ("type".to_owned(), "integer".into()),
            ("minimum".to_owned(), 0.into()),
        ]),
        Kind::Flag => Map::from_iter([("type".to_owned(), "boolean".into())]),
        Kind::List => Map::from_iter([
            ("type".to_owned(), "array".into()),
            ("items".to_owned(), Value::Object(text)),
        ]),
    };
    property.insert("description".to_owned(), key.help().into());
    if let Some(default) = default(key) {
        property.insert("default".to_owned(), default);
    }
    Value::Object(property)
}

/// The default of a key, as a value of the file.
pub fn default(key: &Key) -> Option<Value> {
    let values = key.defaults();
    let first = values.first()?.clone();
    Some(match key.kind {
        Kind::Text => first.into(),
        Kind::Number => first.parse::<u64>().ok()?.into(),
        Kind::Flag => first.parse::<bool>().ok()?.into(),
        Kind::List => values.into(),
    })
}
