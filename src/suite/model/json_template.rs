use serde_json::Value as Json;

use crate::template::{Reference, Template, TemplateError, Value};

/// A JSON value whose texts are templates.
#[derive(Debug, Clone)]
pub struct JsonTemplate {
    source: Json,
    parsed: Parsed,
}

/// A value with its texts parsed.
#[derive(Debug, Clone)]
enum Parsed {
    /// A value without a reference.
    Fixed(Json),
    Text(Template),
    Array(Vec<Parsed>),
    Object(Vec<(String, Parsed)>),
}

type LookUp<'a> = dyn FnMut(&Reference) -> Option<Value> + 'a;

impl JsonTemplate {
    pub fn parse(source: Json) -> Self {
        let parsed = Parsed::parse(&source);
        Self { source, parsed }
    }

    /// The value as written.
    pub const fn source(&self) -> &Json {
        &self.source
    }

    pub fn references(&self) -> Vec<&Reference> {
        let mut references = Vec::new();
        self.parsed.collect(&mut references);
        references
    }

    /// The value with its references filled in. A text that is only a reference to a number becomes a number.
    ///
    /// # Errors
    /// When `look_up` does not know a reference.
    pub fn fill(&self, look_up: &mut LookUp<'_>) -> Result<Json, TemplateError> {
        self.parsed.fill(look_up)
    }
}

impl Parsed {
    fn parse(value: &Json) -> Self {
        let parsed = match value {
            Json::String(text) => Self::Text(Template::parse(text)),
            Json::Array(items) => Self::Array(items.iter().map(Self::parse).collect()),
            Json::Object(map) => {
                let members = map.iter();
                Self::Object(
                    members
                        .map(|(key, item)| (key.clone(), Self::parse(item)))
                        .collect(),
                )
            }
            Json::Null | Json::Bool(_) | Json::Number(_) => Self::Fixed(value.clone()),
        };
        match parsed.has_references() {
            true => parsed,
            false => Self::Fixed(value.clone()),
        }
    }

    fn has_references(&self) -> bool {
        match self {
            Self::Fixed(_) => false,
            Self::Text(template) => template.references().next().is_some(),
            Self::Array(items) => items.iter().any(Self::has_references),
            Self::Object(members) => members.iter().any(|(_, item)| item.has_references()),
        }
    }

    fn collect<'a>(&'a self, into: &mut Vec<&'a Reference>) {
        match self {
            Self::Fixed(_) => {}
            Self::Text(template) => into.extend(template.references()),
            Self::Array(items) => items.iter().for_each(|item| item.collect(into)),
            Self::Object(members) => members.iter().for_each(|(_, item)| item.collect(into)),
        }
    }

    fn fill(&self, look_up: &mut LookUp<'_>) -> Result<Json, TemplateError> {
        Ok(match self {
            Self::Fixed(value) => value.clone(),
            Self::Text(template) => match template.value(look_up)? {
                Value::Number(number) => number.into(),
                Value::Text(text) => text.as_ref().into(),
                // The error names the reference whose value has no text.
                _ => template.text(look_up)?.into(),
            },
            Self::Array(items) => {
                let items = items.iter().map(|item| item.fill(look_up));
                Json::Array(items.collect::<Result<_, _>>()?)
            }
            Self::Object(members) => {
                let members = members.iter();
                let members = members.map(|(key, item)| Ok((key.clone(), item.fill(look_up)?)));
                Json::Object(members.collect::<Result<_, TemplateError>>()?)
            }
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn references_are_filled_in_at_any_depth_and_numbers_stay_numbers() {
        let source = json!({"a": ["{size}", "x{size}", {"b": "{size}", "c": 1}], "d": "text"});
        let template = JsonTemplate::parse(source.clone());
        let named = template.references().into_iter().map(Reference::root);
        assert_eq!(named.collect::<Vec<_>>(), ["size", "size", "size"]);
        let filled = template.fill(&mut |_| Some(Value::Number(7))).unwrap();
        let expected = json!({"a": [7, "x7", {"b": 7, "c": 1}], "d": "text"});
        assert_eq!(filled, expected);
        assert!(template.fill(&mut |_| None).is_err());
        assert_eq!(template.source(), &source);
    }

    #[test]
    fn a_value_without_references_needs_no_names() {
        for value in [json!("{"), json!([null, true, 1, "a"]), json!({})] {
            let template = JsonTemplate::parse(value.clone());
            assert!(template.references().is_empty());
            assert_eq!(template.fill(&mut |_| None).unwrap(), value);
        }
    }
}
