//! The JSON Schemas for editors: made from the types and published. Reading a file does not use them.

use schemars::JsonSchema;
use serde_json::Value;

/// The published JSON Schema of a file's type.
pub fn schema_of<T: JsonSchema>() -> Value {
    let settings = schemars::generate::SchemaSettings::draft2020_12();
    settings.into_generator().into_root_schema_for::<T>().into()
}
