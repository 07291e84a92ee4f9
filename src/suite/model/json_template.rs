use serde_json::Value as Json;

use crate::template::{Reference, Template, TemplateError, Value};

/// A JSON value whose texts are templates.
#[derive(Debug, Clone)]
pub struct JsonTemplate(pub Json);

impl JsonTemplate {
    pub fn references(&self) -> Vec<Reference> {
        fn collect(value: &Json, into: &mut Vec<Reference>) {
            match value {
                Json::String(text) => into.extend(Template::parse(text).references().cloned()),
                Json::Array(items) => items.iter().for_each(|item| collect(item, into)),
                Json::Object(map) => map.values().for_each(|item| collect(item, into)),
                Json::Null | Json::Bool(_) | Json::Number(_) => {}
            }
        }
        let mut references = Vec::new();
        collect(&self.0, &mut references);
        references
    }

    /// The value with its references filled in. A text that is only a reference to a number becomes a number.
    ///
    /// # Errors
    /// When `look_up` does not know a reference.
    pub fn fill(
        &self,
        look_up: &mut dyn FnMut(&Reference) -> Option<Value>,
    ) -> Result<Json, TemplateError> {
        fn fill(
            value: &Json,
            look_up: &mut dyn FnMut(&Reference) -> Option<Value>,
        ) -> Result<Json, TemplateError> {
            Ok(match value {
                Json::String(text) => {
                    let template = Template::parse(text);
                    match template.value(look_up)? {
                        Value::Number(number) => number.into(),
                        _ => template.text(look_up)?.into(),
                    }
                }
                Json::Array(items) => Json::Array(
                    items
                        .iter()
                        .map(|item| fill(item, look_up))
                        .collect::<Result<_, _>>()?,
                ),
                Json::Object(map) => Json::Object(
                    map.iter()
                        .map(|(key, item)| Ok((key.clone(), fill(item, look_up)?)))
                        .collect::<Result<_, TemplateError>>()?,
                ),
                scalar @ (Json::Null | Json::Bool(_) | Json::Number(_)) => scalar.clone(),
            })
        }
        fill(&self.0, look_up)
    }
}
