//! What looks like somebody's secret: signed queries, user info in URLs, tokens in JSON, cookies, JWTs.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

/// A pattern, what is put in its place, and texts of which one stands in whatever it matches: most texts have none.
type Pattern = (Regex, &'static str, &'static [&'static str]);

static PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    let patterns = [
        // A query parameter: of a URL, or of one inside another; in HTML or JSON too.
        (
            r#"(?i)((?:[?&;]|%3f|%26|\\u0026)(?:x-amz-(?:signature|credential|security-token)|x-goog-(?:signature|credential)|x-(?:oss|cos|tos|obs)-(?:signature|credential|security-token)|q-(?:signature|ak)|signature|sig|policy|key-pair-id|(?:access_|refresh_|id_|identity_|security-)?token|__token__|hdnts|hdnea|(?:aws|oss)?accesskeyid|googleaccessid|password|passwd|secret|client_secret|api_?key|verify|jwt|hmac)(?:=|%3d))[^&\s"'<>\\#]*"#,
            "${1}[hidden]",
            &["=", "%3d", "%3D"][..],
        ),
        // User info in a URL.
        (
            r#"(?i)\b([a-z][a-z0-9+.-]*://)[^/\s@"'<>?#]+@"#,
            "${1}[hidden]@",
            &["@"],
        ),
        // What a token server answers, and what docker keeps.
        (
            r#"(?i)("(?:(?:access_|refresh_|id_|identity_?|registry|session_?|security_?)?token|password|passwd|secret|client_secret|secret_?access_?key|auth|authorization)"\s*:\s*")(?:[^"\\]|\\.)*"#,
            "${1}[hidden]",
            &["\""],
        ),
        // A header that logs in, as text.
        (
            r#"(?i)\b(authorization["']?\s*[:=]\s*["']?)((?:basic|bearer|digest|negotiate)\s+)?[^\s"',;<>]+"#,
            "${1}${2}[hidden]",
            &[":", "="],
        ),
        // A cookie, as text.
        (
            r#"(?i)\b(cookie["']?\s*[:=]\s*["']?)[^\r\n"'<>]+"#,
            "${1}[hidden]",
            &[":", "="],
        ),
        // A JSON Web Token, wherever it stands.
        (
            r"\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*",
            "[hidden]",
            &["eyJ"],
        ),
    ];
    patterns
        .into_iter()
        .filter_map(|(pattern, instead, has)| Some((Regex::new(pattern).ok()?, instead, has)))
        .collect()
});

/// A text without what looks like a secret.
pub fn without_what_looks_secret(text: &str) -> String {
    let mut text = Cow::Borrowed(text);
    for (pattern, instead, has) in PATTERNS.iter() {
        if !has.iter().any(|part| text.contains(part)) {
            continue;
        }
        if let Cow::Owned(replaced) = pattern.replace_all(&text, *instead) {
            text = Cow::Owned(replaced);
        }
    }
    text.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_can_be_read() {
        assert_eq!(PATTERNS.len(), 6);
    }

    #[test]
    fn what_looks_like_a_secret_is_taken_out() {
        for (text, shown) in [
            (
                "https://s3/x?X-Amz-Date=1&X-Amz-Signature=abc#f",
                "https://s3/x?X-Amz-Date=1&X-Amz-Signature=[hidden]#f",
            ),
            (
                "Location: /x?Policy=p__&Signature=s~&Key-Pair-Id=K",
                "Location: /x?Policy=[hidden]&Signature=[hidden]&Key-Pair-Id=[hidden]",
            ),
            (
                "https://blob/x?se=1&sp=r&sig=a%2Fb%3D",
                "https://blob/x?se=1&sp=r&sig=[hidden]",
            ),
            (
                "/go?to=https%3A%2F%2Fh%2F%3Fa%3D1%26sig%3Dabc",
                "/go?to=https%3A%2F%2Fh%2F%3Fa%3D1%26sig%3D[hidden]",
            ),
            ("ftp://me:pass@h/", "ftp://[hidden]@h/"),
            (
                r#"{"token": "a\"b", "access_token":"c", "expires_in": 60}"#,
                r#"{"token": "[hidden]", "access_token":"[hidden]", "expires_in": 60}"#,
            ),
            (
                "you sent Authorization: Bearer abc.def",
                "you sent Authorization: Bearer [hidden]",
            ),
            ("Cookie: a=b; c=d\nnext", "Cookie: [hidden]\nnext"),
            ("(eyJhbGciOi.eyJzdWIi.c2ln)", "([hidden])"),
        ] {
            assert_eq!(without_what_looks_secret(text), shown);
        }
    }

    #[test]
    fn what_does_not_stays() {
        for text in [
            "/v2/a/tags/list?n=3&last=token",
            r#"Bearer realm="https://h/token",service="s",scope="repository:a:pull""#,
            r#"{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}"#,
            "https://h/v2/a@sha256:0",
            "_state=abc&digest=sha256:0",
        ] {
            assert_eq!(without_what_looks_secret(text), text);
        }
    }
}
