//! Lists of words in attributes, which the script searches.

use crate::report::sanitize_line;

/// Words, sorted, each once, with spaces between.
pub(super) fn unique(mut words: Vec<String>) -> String {
    words.sort();
    words.dedup();
    sanitize_line(&words.join(" ")).into_owned()
}
