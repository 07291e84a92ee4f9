use serde_json::Value as Json;

use crate::template::{Reference, Template, TemplateError, Value};

/// A JSON value whose texts are templates.
#[derive(Debug, Clone)]
pub struct JsonTemplate {
    source: Json,
    /// Without a reference, the value is its source.
    references: Vec<Reference>,
}

impl JsonTemplate {
    pub fn parse(source: Json) -> Self {
        fn collect(value: &Json, into: &mut Vec<Reference>) {
            match value {
                Json::String(text) => into.extend(Template::parse(text).references().cloned()),
                Json::Array(items) => items.iter().for_each(|item| collect(item, into)),
                Json::Object(map) => map.values().for_each(|item| collect(item, into)),
                Json::Null | Json::Bool(_) | Json::Number(_) => {}
            }
        }
        let mut references = Vec::new();
        collect(&source, &mut references);
        Self { source, references }
    }

    /// The value as written.
    pub const fn source(&self) -> &Json {
        &self.source
    }

    pub fn references(&self) -> &[Reference] {
        &self.references
    }

    /// The value with its references filled in. A text that is only a reference to a number becomes a number.
    ///
    /// # Errors
    /// When `look_up` does not know a reference.
    pub fn fill(
        &self,
        look_up: &mut dyn FnMut(&Reference) -> Option<Value>,
    ) -> Result<Json, TemplateError> {
        match self.references.is_empty() {
            true => Ok(self.source.clone()),
            false => fill(&self.source, look_up),
        }
    }
}

fn fill(
    value: &Json,
    look_up: &mut dyn FnMut(&Reference) -> Option<Value>,
) -> Result<Json, TemplateError> {
    Ok(match value {
        Json::String(text) => {
            let template = Template::parse(text);
            match template.value(look_up)? {
                Value::Number(number) => number.into(),
                Value::Text(text) => text.as_ref().into(),
                // The error names the reference whose value has no text.
                _ => template.text(look_up)?.into(),
            }
        }
        Json::Array(items) => {
            let items = items.iter().map(|item| fill(item, look_up));
            Json::Array(items.collect::<Result<_, _>>()?)
        }
        Json::Object(map) => {
            let members = map.iter();
            let members = members.map(|(key, item)| Ok((key.clone(), fill(item, look_up)?)));
            Json::Object(members.collect::<Result<_, TemplateError>>()?)
        }
        scalar @ (Json::Null | Json::Bool(_) | Json::Number(_)) => scalar.clone(),
    })
}
