//! The challenges of WWW-Authenticate.

pub(super) type Challenge = (String, Vec<(String, String)>);

/// The challenges of a WWW-Authenticate header: schemes with their parameters (RFC 9110, section 11.6.1).
pub(super) fn challenges(line: &str) -> Vec<Challenge> {
    let mut found: Vec<Challenge> = Vec::new();
    for part in split_outside_quotes(line) {
        let part = part.trim();
        let (name, value) = match part.split_once('=') {
            Some((name, value)) => (name.trim(), Some(value.trim())),
            None => (part, None),
        };
        // A scheme stands before its first parameter, or alone, or before a token.
        let parameter = match name.split_once([' ', '\t']) {
            Some((scheme, rest)) => {
                found.push((scheme.to_owned(), Vec::new()));
                rest.trim()
            }
            None if value.is_none() && !name.is_empty() => {
                found.push((name.to_owned(), Vec::new()));
                ""
            }
            None => name,
        };
        if let (Some(value), Some((_, parameters))) = (value, found.last_mut()) {
            let value = value.trim_matches('"').replace("\\\"", "\"");
            parameters.push((parameter.to_owned(), value));
        }
    }
    found
}

pub(super) fn split_outside_quotes(line: &str) -> Vec<String> {
    let (mut parts, mut quoted, mut escaped) = (vec![String::new()], false, false);
    for letter in line.chars() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ',' if !quoted => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(part) = parts.last_mut() {
            part.push(letter);
        }
    }
    parts
}
