//! The JSON Schemas that editors use: made from the types, published, and not used to read a file.

use schemars::JsonSchema;
use serde_json::Value;

/// The JSON Schema of a file's type, as it is published.
pub fn schema_of<T: JsonSchema>() -> Value {
    let settings = schemars::generate::SchemaSettings::draft2020_12();
    settings.into_generator().into_root_schema_for::<T>().into()
}
