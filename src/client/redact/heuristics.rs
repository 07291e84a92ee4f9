//! Texts that look like secrets: signed queries, user info in URLs, tokens in JSON, cookies, JSON Web Tokens.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

/// A pattern, its replacement, and texts of which every match contains one. Most texts contain none of these, and the
/// search for them is faster than the pattern.
type Pattern = (Regex, &'static str, &'static [&'static str]);

static PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    let patterns = [
        // A query parameter: of a URL, or of one inside another; in HTML or JSON too.
        (
            r#"(?i)((?:[?&;#]|%3f|%26|%23|\\u0026)(?:x-amz-(?:signature|credential|security-token)|x-goog-(?:signature|credential)|x-(?:oss|cos|tos|obs)-(?:signature|credential|security-token)|q-(?:signature|ak)|signature|sign|sig|cf_sign|auth_key|policy|key-pair-id|(?:access_?|refresh_?|id_?|identity_?|security-)?token|__token__|hdnts|hdnea|(?:aws|oss)?accesskeyid|googleaccessid|password|passwd|secret|client_secret|api_?key|verify|jwt|hmac)(?:=|%3d))[^&\s"'<>\\#]*"#,
            "${1}[redacted]",
            &["=", "%3d", "%3D"][..],
        ),
        // User info in a URL.
        (
            r#"(?i)\b([a-z][a-z0-9+.-]*://)[^/\s@"'<>?#]+@"#,
            "${1}[redacted]@",
            &["@"],
        ),
        // A response of a token server, or Docker's configuration.
        (
            r#"(?i)("(?:(?:access_?|refresh_?|id_?|identity_?|authorization_?|registry|session_?|security_?)?token|password|passwd|secret|client_secret|secret_?access_?key|auth|authorization)"\s*:\s*")(?:[^"\\]|\\.)*"#,
            "${1}[redacted]",
            &["\""],
        ),
        // An `Authorization` header inside a text.
        (
            r#"(?i)\b(authorization["']?\s*[:=]\s*["']?)((?:basic|bearer|digest|negotiate)\s+)?[^\s"',;<>]+"#,
            "${1}${2}[redacted]",
            &[":", "="],
        ),
        // A cookie header inside a text.
        (
            r#"(?i)\b(cookie["']?\s*[:=]\s*["']?)[^\r\n"'<>]+"#,
            "${1}[redacted]",
            &[":", "="],
        ),
        // A JSON Web Token.
        (
            r"\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*",
            "[redacted]",
            &["eyJ"],
        ),
    ];
    patterns
        .into_iter()
        .map(|(pattern, replacement, parts)| {
            // A pattern that is left out would print secrets: whether it compiles depends on the features of the crate.
            let pattern = Regex::new(pattern).expect("the patterns are fixed, and compile");
            (pattern, replacement, parts)
        })
        .collect()
});

/// A text in which everything that looks like a secret is redacted.
pub fn redact_likely_secrets(text: &str) -> String {
    let mut text = Cow::Borrowed(text);
    for (pattern, replacement, parts) in PATTERNS.iter() {
        if !parts.iter().any(|part| text.contains(part)) {
            continue;
        }
        if let Cow::Owned(replaced) = pattern.replace_all(&text, *replacement) {
            text = Cow::Owned(replaced);
        }
    }
    text.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn likely_secrets_are_redacted() {
        for (text, shown) in [
            (
                "https://s3/x?X-Amz-Date=1&X-Amz-Signature=abc#f",
                "https://s3/x?X-Amz-Date=1&X-Amz-Signature=[redacted]#f",
            ),
            (
                "Location: /x?Policy=p__&Signature=s~&Key-Pair-Id=K",
                "Location: /x?Policy=[redacted]&Signature=[redacted]&Key-Pair-Id=[redacted]",
            ),
            (
                "https://blob/x?se=1&sp=r&sig=a%2Fb%3D",
                "https://blob/x?se=1&sp=r&sig=[redacted]",
            ),
            (
                "/go?to=https%3A%2F%2Fh%2F%3Fa%3D1%26sig%3Dabc",
                "/go?to=https%3A%2F%2Fh%2F%3Fa%3D1%26sig%3D[redacted]",
            ),
            (
                "https://h/x?auth_key=1-2-3&cf_sign=ab&sign=c#access_token=d",
                "https://h/x?auth_key=[redacted]&cf_sign=[redacted]&sign=[redacted]#access_token=[redacted]",
            ),
            (
                r#"{"accessToken":"a","refreshToken":"b","idToken":"c","authorizationToken":"d"}"#,
                r#"{"accessToken":"[redacted]","refreshToken":"[redacted]","idToken":"[redacted]","authorizationToken":"[redacted]"}"#,
            ),
            ("ftp://me:pass@h/", "ftp://[redacted]@h/"),
            (
                r#"{"token": "a\"b", "access_token":"c", "expires_in": 60}"#,
                r#"{"token": "[redacted]", "access_token":"[redacted]", "expires_in": 60}"#,
            ),
            (
                "you sent Authorization: Bearer abc.def",
                "you sent Authorization: Bearer [redacted]",
            ),
            ("Cookie: a=b; c=d\nnext", "Cookie: [redacted]\nnext"),
            ("(eyJhbGciOi.eyJzdWIi.c2ln)", "([redacted])"),
        ] {
            assert_eq!(redact_likely_secrets(text), shown);
        }
    }

    #[test]
    fn other_texts_stay() {
        for text in [
            "/v2/a/tags/list?n=3&last=token",
            r#"Bearer realm="https://h/token",service="s",scope="repository:a:pull""#,
            r#"{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}"#,
            "https://h/v2/a@sha256:0",
            "_state=abc&digest=sha256:0",
        ] {
            assert_eq!(redact_likely_secrets(text), text);
        }
    }
}
