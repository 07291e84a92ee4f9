//! The challenges of a 401: `WWW-Authenticate` (RFC 9110, section 11.6.1).
//!
//! Registries write several challenges in one line or in several, in any case, with any spacing, and values with or without
//! quotes. A malformed part is skipped.

#[cfg(test)]
mod properties;

use http::HeaderMap;

/// The most challenges that are read of a response.
const MAX_CHALLENGES: usize = 16;

/// The longest header line that is read, in bytes.
const MAX_LINE: usize = 16 * 1024;

/// One challenge.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Challenge {
    /// The scheme, in lower case.
    pub scheme: String,
    /// Its parameters, names in lower case, in order.
    parameters: Vec<(String, String)>,
}

impl Challenge {
    /// The value of the first parameter with this name; none where it is empty.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(known, _)| known == name);
        found
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }
}

/// Every challenge of a response, in order.
pub fn challenges(headers: &HeaderMap) -> Vec<Challenge> {
    let mut all = Vec::new();
    for line in headers.get_all("www-authenticate") {
        let line = String::from_utf8_lossy(line.as_bytes());
        if line.len() <= MAX_LINE {
            read(&line, &mut all);
        }
    }
    all
}

fn read(line: &str, all: &mut Vec<Challenge>) {
    let mut rest = Rest(line);
    // Parameters before the first scheme are skipped.
    let mut current = None;
    loop {
        rest.skip(|c| c == ',' || c.is_whitespace());
        if rest.0.is_empty() {
            break;
        }
        let word = rest.take(is_token);
        if word.is_empty() {
            rest.take_one();
            continue;
        }
        let after = Rest(rest.0).skipped(char::is_whitespace);
        match after.strip_prefix('=') {
            Some(value) => {
                rest.0 = value;
                rest.skip(char::is_whitespace);
                let value = rest.value();
                let challenge: Option<&mut Challenge> = current.and_then(|at| all.get_mut(at));
                if let Some(challenge) = challenge {
                    let name = word.to_ascii_lowercase();
                    challenge.parameters.push((name, value));
                }
            }
            None if all.len() >= MAX_CHALLENGES => break,
            None => {
                all.push(Challenge {
                    scheme: word.to_ascii_lowercase(),
                    parameters: Vec::new(),
                });
                current = Some(all.len() - 1);
                rest.skip_token68();
            }
        }
    }
}

/// The unread rest of a line.
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    fn take(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let end = self.0.find(|c| !wanted(c)).unwrap_or(self.0.len());
        let (taken, rest) = self.0.split_at(end);
        self.0 = rest;
        taken
    }

    fn take_one(&mut self) -> Option<char> {
        let mut chars = self.0.chars();
        let first = chars.next();
        self.0 = chars.as_str();
        first
    }

    fn skip(&mut self, unwanted: impl Fn(char) -> bool) {
        self.take(unwanted);
    }

    fn skipped(mut self, unwanted: impl Fn(char) -> bool) -> &'a str {
        self.skip(unwanted);
        self.0
    }

    /// A quoted value, or everything before the next comma or space.
    fn value(&mut self) -> String {
        let Some(quoted) = self.0.strip_prefix('"') else {
            return self.take(|c| c != ',' && !c.is_whitespace()).to_owned();
        };
        self.0 = quoted;
        let mut value = String::new();
        while let Some(c) = self.take_one() {
            match c {
                '"' => break,
                '\\' => value.extend(self.take_one()),
                other => value.push(other),
            }
        }
        value
    }

    /// Skips a value in token68 form (`Negotiate YII…==`), which no supported scheme uses.
    fn skip_token68(&mut self) {
        let mut ahead = Rest(self.0);
        ahead.skip(char::is_whitespace);
        let word = ahead.take(|c| c.is_ascii_alphanumeric() || "-._~+/".contains(c));
        let padding = ahead.take(|c| c == '=');
        ahead.skip(char::is_whitespace);
        let alone = ahead.0.is_empty() || ahead.0.starts_with(',');
        // `realm=,` is a parameter without a value, not a token68 with padding.
        if !word.is_empty() && alone && (padding.len() != 1 || word.len() > 16) {
            self.0 = ahead.0;
        }
    }
}

fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]
    use super::*;

    fn read_all(lines: &[&str]) -> Vec<Challenge> {
        let headers: HeaderMap = lines
            .iter()
            .map(|line| (http::header::WWW_AUTHENTICATE, line.parse().unwrap()))
            .collect();
        challenges(&headers)
    }

    fn schemes(lines: &[&str]) -> Vec<String> {
        let all = read_all(lines).into_iter();
        all.map(|challenge| challenge.scheme).collect()
    }

    #[test]
    fn a_bearer_challenge_is_read_with_any_case_and_spacing() {
        for line in [
            r#"Bearer realm="https://a/token",service="s",scope="repository:a/b:pull,push""#,
            r#"bEARER  Realm = "https://a/token" , SERVICE=s ,scope="repository:a/b:pull,push" ,"#,
            r#", ,Bearer	realm=https://a/token, service="s", scope="repository:a/b:pull\,push""#,
        ] {
            let all = read_all(&[line]);
            let [bearer] = &all[..] else {
                panic!("{line}: {all:?}");
            };
            assert_eq!(bearer.scheme, "bearer", "{line}");
            assert_eq!(bearer.parameter("realm"), Some("https://a/token"), "{line}");
            assert_eq!(bearer.parameter("service"), Some("s"), "{line}");
            let scope = bearer.parameter("scope");
            assert_eq!(scope, Some("repository:a/b:pull,push"), "{line}");
        }
    }

    #[test]
    fn challenges_are_in_one_line_or_in_several() {
        let one = r#"Basic realm="a, Bearer realm=b", charset="UTF-8", Bearer realm="https://b/""#;
        assert_eq!(schemes(&[one]), ["basic", "bearer"]);
        let all = read_all(&[one]);
        assert_eq!(all[0].parameter("realm"), Some("a, Bearer realm=b"));
        assert_eq!(all[1].parameter("realm"), Some("https://b/"));
        assert_eq!(
            schemes(&["Negotiate", "Basic realm=x", "Bearer realm=y"]),
            ["negotiate", "basic", "bearer"]
        );
        assert_eq!(
            schemes(&["Negotiate oRQwEqADCgEBoQsGCSqGSIb3EgECAg==, Basic realm=\"x\""]),
            ["negotiate", "basic"]
        );
        assert_eq!(schemes(&["NTLM, Negotiate abc, Basic"]).len(), 3);
    }

    #[test]
    fn malformed_parts_are_skipped() {
        assert_eq!(schemes(&[""]), [""; 0]);
        assert_eq!(schemes(&["realm=x, ==, \"\", @@"]), [""; 0]);
        let all = read_all(&[r#"Bearer realm="https://a/tok"#]);
        assert_eq!(all[0].parameter("realm"), Some("https://a/tok"));
        let all = read_all(&["Bearer realm=, service=\"\\"]);
        assert_eq!(all[0].parameter("realm"), None);
        let long = format!("Bearer realm={}", "x".repeat(MAX_LINE));
        assert!(schemes(&[&long]).is_empty());
        let many = vec!["Basic"; 1000].join(",");
        assert_eq!(schemes(&[&many]).len(), MAX_CHALLENGES);
    }
}
