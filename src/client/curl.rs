//! The curl command that sends a request.

use crate::record::{Body, Header};

/// Headers that curl adds itself.
const ADDED_BY_CURL: [&str; 3] = ["host", "user-agent", "content-length"];

/// What is the same in all commands of a run.
#[derive(Debug, Clone, Default)]
pub struct CurlOptions {
    /// Whether every certificate is accepted.
    pub insecure: bool,
    /// The user name of Basic authentication; the command reads the password from `ASSAY_PASSWORD`.
    pub username: Option<String>,
}

/// The command for a request without secrets. It reads a token from the variable `TOKEN`; a note of the run says how to get
/// one.
pub fn command(
    method: &str,
    url: &str,
    headers: &[Header],
    body: &Body,
    options: &CurlOptions,
) -> String {
    let mut words = vec!["curl".to_owned(), "-si".to_owned()];
    if options.insecure {
        words.push("-k".to_owned());
    }
    match method {
        "GET" => {}
        "HEAD" => words.push("-I".to_owned()),
        other => words.push(format!("-X {other}")),
    }
    for (name, value) in headers {
        if ADDED_BY_CURL.contains(&name.to_ascii_lowercase().as_str()) {
            continue;
        }
        if name.eq_ignore_ascii_case("authorization") {
            words.push(authorization(value, options));
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

/// The options for an `Authorization` header.
fn authorization(header: &str, options: &CurlOptions) -> String {
    let scheme = header.split(' ').next().unwrap_or_default();
    match (scheme.eq_ignore_ascii_case("bearer"), &options.username) {
        (true, _) => "-H \"Authorization: Bearer $TOKEN\"".to_owned(),
        (false, Some(name)) => format!("-u {}:\"$ASSAY_PASSWORD\"", quote(name)),
        (false, None) => "-u \"$ASSAY_USERNAME:$ASSAY_PASSWORD\"".to_owned(),
    }
}

/// A text as one word of a shell command.
pub fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_and_large_bodies_are_named() {
        let body = Body {
            size: 5,
            text: "it's!".into(),
            ..Body::default()
        };
        let headers = [
            ("Accept".to_owned(), "a/b".to_owned()),
            ("Host".to_owned(), "h".to_owned()),
        ];
        let options = CurlOptions::default();
        assert_eq!(
            command("PUT", "http://h/x?a=b&c", &headers, &body, &options),
            r"curl -si -X PUT -H 'Accept: a/b' --data-binary 'it'\''s!' 'http://h/x?a=b&c'"
        );
        assert_eq!(
            command(
                "HEAD",
                "http://h/",
                &[],
                &Body::default(),
                &CurlOptions {
                    insecure: true,
                    ..options
                }
            ),
            "curl -si -k -I 'http://h/'"
        );
    }

    #[test]
    fn secrets_are_variables() {
        let options = CurlOptions {
            username: Some("robot$x".to_owned()),
            ..CurlOptions::default()
        };
        let with = |value: &str| {
            let headers = [("Authorization".to_owned(), value.to_owned())];
            command("GET", "http://h/", &headers, &Body::default(), &options)
        };
        assert_eq!(
            with("Basic [redacted]"),
            r#"curl -si -u 'robot$x':"$ASSAY_PASSWORD" 'http://h/'"#
        );
        assert_eq!(
            with("Bearer [redacted]"),
            r#"curl -si -H "Authorization: Bearer $TOKEN" 'http://h/'"#
        );
    }
}
