//! The curl line that sends a request again.

use crate::record::{Body, Header};

/// Headers that curl sends by itself.
const BY_ITSELF: [&str; 4] = ["host", "user-agent", "content-length", "accept-encoding"];

/// What is the same in all lines of a run.
#[derive(Debug, Clone, Default)]
pub struct Ways {
    /// Whether certificates are checked by nobody.
    pub insecure: bool,
    /// The user who logs in with a password: it is read from `ASSAY_PASSWORD`.
    pub username: Option<String>,
}

/// The line for a request whose secrets are gone. A token is read from the variable `TOKEN`: a note of the run says
/// how it is got.
pub fn line(method: &str, url: &str, headers: &[Header], body: &Body, ways: &Ways) -> String {
    let mut words = vec!["curl".to_owned(), "-si".to_owned()];
    if ways.insecure {
        words.push("-k".to_owned());
    }
    match method {
        "GET" => {}
        "HEAD" => words.push("-I".to_owned()),
        other => words.push(format!("-X {other}")),
    }
    for (name, value) in headers {
        if BY_ITSELF.contains(&name.to_ascii_lowercase().as_str()) {
            continue;
        }
        if name.eq_ignore_ascii_case("authorization") {
            words.push(login(value, ways));
        } else {
            words.push(format!("-H {}", quote(&format!("{name}: {value}"))));
        }
    }
    let whole = !body.cut && !body.binary;
    match body.size {
        0 if method == "PUT" || method == "POST" || method == "PATCH" => {
            words.push("-d ''".to_owned());
        }
        0 => {}
        _ if whole => words.push(format!("--data-binary {}", quote(&body.text))),
        size => words.push(format!("--data-binary @body-of-{size}-bytes")),
    }
    words.push(quote(url));
    words.join(" ")
}

/// The words that log in by this scheme.
fn login(header: &str, ways: &Ways) -> String {
    let scheme = header.split(' ').next().unwrap_or_default();
    match (scheme.eq_ignore_ascii_case("bearer"), &ways.username) {
        (true, _) => "-H \"Authorization: Bearer $TOKEN\"".to_owned(),
        (false, Some(name)) => format!("-u {}:\"$ASSAY_PASSWORD\"", quote(name)),
        (false, None) => "-u \"$ASSAY_USERNAME:$ASSAY_PASSWORD\"".to_owned(),
    }
}

/// A word that a shell takes as it is.
pub fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_and_bodies_named() {
        let body = Body {
            size: 5,
            text: "it's!".into(),
            ..Body::default()
        };
        let headers = [
            ("Accept".to_owned(), "a/b".to_owned()),
            ("Host".to_owned(), "h".to_owned()),
        ];
        let ways = Ways::default();
        assert_eq!(
            line("PUT", "http://h/x?a=b&c", &headers, &body, &ways),
            r"curl -si -X PUT -H 'Accept: a/b' --data-binary 'it'\''s!' 'http://h/x?a=b&c'"
        );
        assert_eq!(
            line(
                "HEAD",
                "http://h/",
                &[],
                &Body::default(),
                &Ways {
                    insecure: true,
                    ..ways
                }
            ),
            "curl -si -k -I 'http://h/'"
        );
    }

    #[test]
    fn who_logs_in_is_said_and_secrets_are_variables() {
        let ways = Ways {
            username: Some("robot$x".to_owned()),
            ..Ways::default()
        };
        let with = |value: &str, ways: &Ways| {
            let headers = [("Authorization".to_owned(), value.to_owned())];
            line("GET", "http://h/", &headers, &Body::default(), ways)
        };
        assert_eq!(
            with("Basic [hidden]", &ways),
            r#"curl -si -u 'robot$x':"$ASSAY_PASSWORD" 'http://h/'"#
        );
        assert_eq!(
            with("Bearer [hidden]", &ways),
            r#"curl -si -H "Authorization: Bearer $TOKEN" 'http://h/'"#
        );
    }
}
