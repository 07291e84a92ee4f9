//! Insertion of an entry into a file, without a change of its other lines.

/// A YAML text with `entry` at the end of the list under the top-level `key`, and the number of the entry's first line.
/// Nothing if the text has no such list in block style.
pub fn into_list(text: &str, key: &str, entry: &str) -> Option<(String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let head = format!("{key}:");
    let start = lines.iter().position(|line| line.trim_end() == head)?;
    let after = lines.iter().skip(start + 1);
    let is_inside =
        |line: &str| line.is_empty() || line.starts_with([' ', '#']) || line.starts_with("- ");
    let mut end = start + 1 + after.take_while(|line| is_inside(line)).count();
    while end > start + 1
        && lines
            .get(end - 1)
            .is_some_and(|line| line.trim().is_empty())
    {
        end -= 1;
    }
    // The entries may stand at the margin.
    let inside = lines.get(start + 1..end)?;
    let first = inside
        .iter()
        .find(|line| line.trim_start().starts_with("- "))?;
    let indent = first.len() - first.trim_start().len();
    let apart = inside.iter().any(|line| line.is_empty());
    let mut new: Vec<String> = lines
        .iter()
        .take(end)
        .map(|line| (*line).to_owned())
        .collect();
    if apart {
        new.push(String::new());
    }
    let number = new.len() + 1;
    new.extend(entry.lines().map(|line| format!("{:indent$}{line}", "")));
    new.extend(lines.iter().skip(end).map(|line| (*line).to_owned()));
    Some((new.join("\n") + "\n", number))
}

/// A text of Rust with `row` at the end of the array that begins in the line `head`, and the number of the row's first line.
pub fn into_array(text: &str, head: &str, row: &str) -> Option<(String, usize)> {
    let mut lines: Vec<&str> = text.lines().collect();
    let start = lines.iter().position(|line| line.trim_end() == head)?;
    let end = lines.iter().skip(start).position(|line| *line == "];")?;
    let end = start + end;
    for (offset, line) in row.lines().enumerate() {
        lines.insert(end + offset, line);
    }
    Some((lines.join("\n") + "\n", end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_stands_at_the_end_of_its_list() {
        let text =
            "title: T\ncases:\n  - id: a\n    steps: []\n\n  - id: b\n\ninvariants:\n  - id: c\n";
        let (new, line) = into_list(text, "cases", "- id: new\n  x: 1").unwrap_or_default();
        let expected = "title: T\ncases:\n  - id: a\n    steps: []\n\n  - id: b\n\n  - id: new\n    x: 1\n\ninvariants:\n  - id: c\n";
        assert_eq!((new.as_str(), line), (expected, 8));
        let (new, _) = into_list("cases:\n- id: a\n", "cases", "- id: b").unwrap_or_default();
        assert_eq!(new, "cases:\n- id: a\n- id: b\n");
        assert_eq!(into_list("cases: []\n", "cases", "- id: b"), None);
        assert_eq!(into_list("title: T\n", "cases", "- id: b"), None);
    }

    #[test]
    fn a_row_stands_at_the_end_of_its_array() {
        let text = "const A: &[u8] = &[\n    1,\n];\nconst B: &[u8] = &[\n    2,\n];\n";
        let new = into_array(text, "const B: &[u8] = &[", "    3,");
        let expected = "const A: &[u8] = &[\n    1,\n];\nconst B: &[u8] = &[\n    2,\n    3,\n];\n";
        assert_eq!(new, Some((expected.to_owned(), 6)));
        assert_eq!(into_array(text, "const C: &[u8] = &[", ""), None);
    }
}
