//! Regular expressions of the suites as POSIX extended regular expressions.

/// The expression for `grep -Ex`; none where it has no equal.
pub fn posix(pattern: &str) -> Option<String> {
    // The suites' pattern is compiled to match a whole text.
    let own = pattern.strip_prefix("^(?:");
    let own = own
        .and_then(|rest| rest.strip_suffix(")$"))
        .unwrap_or(pattern);
    let mut posix = String::with_capacity(own.len());
    let mut chars = own.chars().peekable();
    let mut in_class = false;
    while let Some(c) = chars.next() {
        match (c, in_class) {
            ('\\', _) => {
                let next = chars.next()?;
                // Classes such as \d have no equal.
                if next.is_ascii_alphanumeric() || (in_class && next != '\\') {
                    return None;
                }
                // A backslash in a bracket expression is a character.
                if !in_class {
                    posix.push('\\');
                }
                posix.push(next);
            }
            ('[', false) => {
                in_class = true;
                posix.push(c);
            }
            (']', true) => {
                in_class = false;
                posix.push(c);
            }
            ('(', false) if chars.peek() == Some(&'?') => {
                chars.next();
                if chars.next() != Some(':') {
                    return None;
                }
                posix.push('(');
            }
            ('*' | '+' | '?' | '}', false) if chars.peek() == Some(&'?') => return None,
            _ => posix.push(c),
        }
    }
    Some(posix)
}

#[cfg(test)]
mod tests {
    use super::posix;

    #[test]
    fn patterns_are_said_in_posix_or_not_at_all() {
        let same = "[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}";
        assert_eq!(posix(&format!("^(?:{same})$")).as_deref(), Some(same));
        assert_eq!(
            posix(r#"^(?:"(?:[^"\\]|\\.)*")$"#).as_deref(),
            Some(r#""([^"\]|\\.)*""#)
        );
        assert_eq!(posix(r"^(?:\d+)$"), None);
        assert_eq!(posix("^(?:a+?)$"), None);
        assert_eq!(posix("^(?:(?i)a)$"), None);
    }
}
