//! Texts of the files under review, which anybody may have written.

use serde_json::Value;

use super::findings::Findings;
use crate::data::{Document, File};
use crate::report::sanitize_line;

/// A text on one line that acts on no terminal and no page of Markdown's table.
pub fn one_line(text: &str) -> String {
    sanitize_line(text).replace('\n', " ")
}

/// A file of YAML as JSON; what does not parse is a flaw.
pub fn yaml(name: &str, text: &str, found: &mut Findings) -> Option<Value> {
    let file = File::new(name, text);
    match Document::parse(&file) {
        Ok(document) => Some(document.value()),
        Err(diagnostic) => {
            let message = one_line(diagnostic.message());
            found.flaw(format!("{name} does not parse: {message}"));
            None
        }
    }
}
