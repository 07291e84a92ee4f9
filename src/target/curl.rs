//! The curl line that sends a request again.

use crate::record::{Body, Header};

/// Headers that curl sends by itself.
const BY_ITSELF: [&str; 4] = ["host", "user-agent", "content-length", "accept-encoding"];

/// The line for a request whose secrets are gone.
pub fn line(method: &str, url: &str, headers: &[Header], body: &Body, insecure: bool) -> String {
    let mut words = vec!["curl".to_owned(), "-si".to_owned()];
    if insecure {
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
            words.push("-u \"$ASSAY_USERNAME:$ASSAY_PASSWORD\"".to_owned());
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
        assert_eq!(
            line("PUT", "http://h/x?a=b&c", &headers, &body, false),
            r"curl -si -X PUT -H 'Accept: a/b' --data-binary 'it'\''s!' 'http://h/x?a=b&c'"
        );
        assert_eq!(
            line("HEAD", "http://h/", &[], &Body::default(), true),
            "curl -si -k -I 'http://h/'"
        );
    }
}
