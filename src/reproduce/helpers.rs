//! The helper functions of a script, of which it takes those that it uses.

use std::collections::HashSet;
use std::sync::LazyLock;

/// The files of helper functions, in the order in which a script has them.
const FILES: [&str; 9] = [
    include_str!("helpers/begin.sh"),
    include_str!("helpers/request.sh"),
    include_str!("helpers/login.sh"),
    include_str!("helpers/verdict.sh"),
    include_str!("helpers/content.sh"),
    include_str!("helpers/push.sh"),
    include_str!("helpers/checks.sh"),
    include_str!("helpers/json.sh"),
    include_str!("helpers/pages.sh"),
];

const CLEANUP: &str = include_str!("helpers/cleanup.sh");

/// A function of a file, with the comment before it.
struct Helper {
    name: &'static str,
    text: &'static str,
    /// The functions that it may call.
    words: HashSet<&'static str>,
}

/// All functions: a page has many scripts, and reads the files once.
static ALL: LazyLock<Vec<Helper>> = LazyLock::new(|| {
    let files = FILES.into_iter().chain([CLEANUP]);
    files.flat_map(functions).collect()
});

/// The helpers that a text uses, directly or not, as text.
pub fn helpers(used_by: &str) -> String {
    let mut words: HashSet<&str> = words(used_by).collect();
    let mut taken: HashSet<&str> = HashSet::new();
    loop {
        let new = ALL
            .iter()
            .filter(|one| words.contains(one.name) && !taken.contains(one.name));
        let new: Vec<&Helper> = new.collect();
        if new.is_empty() {
            break;
        }
        for one in new {
            taken.insert(one.name);
            words.extend(&one.words);
        }
    }
    let wanted = ALL.iter().filter(|one| taken.contains(one.name));
    let wanted: Vec<&str> = wanted.map(|one| one.text.trim_end()).collect();
    wanted.join("\n\n")
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
}

/// The functions of a file: each ends with a brace in the first column.
fn functions(file: &'static str) -> impl Iterator<Item = Helper> {
    file.split_inclusive("\n}\n").filter_map(|text| {
        let header = text.lines().find(|line| line.ends_with("() {"))?;
        let name = header.strip_suffix("() {")?;
        Some(Helper {
            name,
            text: text.trim_start_matches('\n'),
            words: words(text).collect(),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_takes_what_it_uses_and_no_more() {
        let taken = helpers("size_of x");
        assert!(taken.starts_with("# Prints the number of bytes of a file.\nsize_of() {"));
        assert!(!taken.contains("random()"));
        let taken = helpers("header_is Range 0-1");
        for name in [
            "header_is() {",
            "read_header() {",
            "wrong_header() {",
            "\nheader() {",
        ] {
            assert!(taken.contains(name), "{name}");
        }
        assert!(!taken.contains("json"));
    }
}
