//! References within a page.

use serde::Serialize;

use crate::report::sanitize_line;

/// A reference to something on the page.
#[derive(Debug, Serialize)]
pub(super) struct Link {
    /// The text of the link.
    pub name: String,
    /// The address after `#`.
    pub anchor: String,
}

impl Link {
    pub(super) fn to(id: &str) -> Self {
        Self {
            name: sanitize_line(id).into_owned(),
            anchor: anchor(id),
        }
    }
}

/// An id as the part of an address after `#`.
pub(in crate::report) fn anchor(id: &str) -> String {
    let mut escaped = String::with_capacity(id.len() + 1);
    for byte in sanitize_line(id).bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/:".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}
