//! The curl command that sends a request.

use super::auth_scheme_kind::AuthSchemeKind;
use super::redact::REDACTED;
use crate::endpoint::{Endpoint, EndpointKind};
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
            words.push(match AuthSchemeKind::of_header(value) {
                Some(scheme) => scheme.curl_option(options),
                None => header_option(name, value),
            });
        } else {
            words.push(header_option(name, value));
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

fn header_option(name: &str, value: &str) -> String {
    format!("-H {}", quote(&format!("{name}: {value}")))
}

impl AuthSchemeKind {
    /// The options of curl that log in by this scheme.
    fn curl_option(self, options: &CurlOptions) -> String {
        match (self, &options.username) {
            (Self::Bearer, _) => "-H \"Authorization: Bearer $TOKEN\"".to_owned(),
            (Self::Basic, Some(name)) => format!("-u {}:\"$ASSAY_PASSWORD\"", quote(name)),
            (Self::Basic, None) => "-u \"$ASSAY_USERNAME:$ASSAY_PASSWORD\"".to_owned(),
        }
    }
}

/// The command for a request that can be sent again by itself; empty for one that cannot, because its body is not kept whole, its
/// URL is redacted, or it is the URL of an upload session, which is over. `assay reproduce` says such requests.
pub fn repeatable(
    method: &str,
    url: &str,
    headers: &[Header],
    body: &Body,
    options: &CurlOptions,
) -> String {
    let writes = !matches!(method, "GET" | "HEAD");
    let in_session = || writes && Endpoint::of_url(url).kind() == EndpointKind::Other;
    let hidden = [REDACTED, "%5Bredacted%5D"]
        .iter()
        .any(|mark| url.contains(mark));
    match body.cut || body.binary || hidden || in_session() {
        true => String::new(),
        false => command(method, url, headers, body, options),
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
    fn a_request_that_cannot_be_sent_again_has_no_command() {
        let options = CurlOptions::default();
        let of = |method: &str, url: &str, body: &Body| {
            repeatable(method, url, &[], body, &options).is_empty()
        };
        let (none, cut) = (
            Body::default(),
            Body {
                size: 9,
                cut: true,
                ..Body::default()
            },
        );
        assert!(!of("GET", "http://h/v2/a/tags/list?n=1", &none));
        assert!(!of("GET", "http://[::1]:5000/v2/", &none));
        assert!(!of("PUT", "http://h/v2/a/manifests/b", &none));
        assert!(of("PUT", "http://h/v2/a/manifests/b", &cut));
        assert!(of("PATCH", "http://h/v2/a/blobs/uploads/1?x=y", &none));
        assert!(of("GET", "http://h/v2/a/blobs/b?sig=[redacted]", &none));
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
        assert_eq!(
            with("Negotiate [redacted]"),
            "curl -si -H 'Authorization: Negotiate [redacted]' 'http://h/'"
        );
    }
}
