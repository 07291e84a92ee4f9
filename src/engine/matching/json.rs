//! JSON values: comparing, naming and quoting them.

use serde_json::Value as Json;

/// The longest quotation of a value, in characters.
const MAX_QUOTED: usize = 200;

/// The name of the value that a JSON pointer leads to.
pub fn name(pointer: &str) -> String {
    match pointer.trim_start_matches('/') {
        "" => "the body".to_owned(),
        "0" => "the first element".to_owned(),
        inside => format!("`{inside}`"),
    }
}

/// A value, quoted and cut.
pub fn quote(value: &Json) -> String {
    match value {
        Json::String(text) => format!("`{}`", cut(text)),
        other => {
            let mut beginning = Beginning(Vec::new());
            // What does not fit is cut anyway.
            let _ = serde_json::to_writer(&mut beginning, other);
            cut(&String::from_utf8_lossy(&beginning.0))
        }
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(MAX_QUOTED) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// Values, quoted and joined.
pub fn quote_all(values: &[Json], between: &str) -> String {
    let quoted: Vec<String> = values.iter().map(quote).collect();
    quoted.join(between)
}

/// A writer that keeps as many bytes as a quotation can need, and then fails.
struct Beginning(Vec<u8>);

impl std::io::Write for Beginning {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let free = (4 * (MAX_QUOTED + 1)).saturating_sub(self.0.len());
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

/// Whether `value` covers `part`: an object where it covers all its members, any other value where they are equal.
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
