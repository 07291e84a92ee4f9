//! JSON values: comparing and naming them.

use serde_json::Value as Json;

/// The longest that a value is quoted, in characters.
const LONGEST: usize = 200;

/// What a JSON pointer names, for a person.
pub fn name(pointer: &str) -> String {
    match pointer.trim_start_matches('/') {
        "" => "the body".to_owned(),
        "0" => "the first element".to_owned(),
        inside => format!("`{inside}`"),
    }
}

/// A value, quoted and cut.
pub fn quote(value: &Json) -> String {
    let text = match value {
        Json::String(text) => {
            let cut = text.char_indices().nth(LONGEST).map(|(cut, _)| cut);
            let shown = text.get(..cut.unwrap_or(text.len()));
            format!("`{}`", shown.unwrap_or_default())
        }
        other => {
            let mut beginning = Beginning(Vec::new());
            // What does not fit is cut below.
            let _ = serde_json::to_writer(&mut beginning, other);
            String::from_utf8_lossy(&beginning.0).into_owned()
        }
    };
    match text.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("{}…", text.get(..cut).unwrap_or_default()),
        None => text,
    }
}

/// As many bytes of a text as a quotation can need, however long the text is.
struct Beginning(Vec<u8>);

impl std::io::Write for Beginning {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let free = (4 * (LONGEST + 1)).saturating_sub(self.0.len());
        match bytes.get(..bytes.len().min(free)) {
            Some(fits) if !fits.is_empty() || bytes.is_empty() => {
                self.0.extend_from_slice(fits);
                Ok(fits.len())
            }
            _ => Err(std::io::ErrorKind::StorageFull.into()),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The JSON type of a value.
pub fn type_of(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Bool(_) => "boolean",
        Json::Number(_) => "number",
        Json::String(_) => "string",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    }
}

/// Whether `value` has all that `part` has: an object its members, anything else itself.
pub fn covers(value: &Json, part: &Json) -> bool {
    match (value, part) {
        (Json::Object(value), Json::Object(part)) => part
            .iter()
            .all(|(key, part)| value.get(key).is_some_and(|value| covers(value, part))),
        _ => value == part,
    }
}

/// Whether two values are the same; a text is the same as the number, or truth value, that it spells, so that
/// headers can be compared with sizes.
pub fn same(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::String(text), Json::Number(number)) | (Json::Number(number), Json::String(text)) => {
            *text == number.to_string()
        }
        _ => a == b,
    }
}
