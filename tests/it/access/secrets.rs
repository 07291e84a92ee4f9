//! No output contains a secret, in any encoding.

use std::collections::BTreeMap;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use oci_assay::internals::report::Format;

use crate::support::assay::Assay;
use crate::support::server::{Asked, last, recorder};

const PASSWORD: &str = "p/ss+w rd&\"7!";
const TOKEN: &str = "good-token/of+this=run.0123456789";
const COOKIE: &str = "cookie-of-this-run";
const SIGNATURE: &str = "signature0of0this0run";

/// A registry that repeats every secret that it receives.
fn echo_secrets(seen: &Asked, base: &str) -> Vec<u8> {
    if seen.target.starts_with("/token") {
        return last(
            200,
            "",
            &format!(r#"{{"token":"{TOKEN}","expires_in":600}}"#),
        );
    }
    let Some(header) = seen.header("authorization") else {
        let challenge = format!("WWW-Authenticate: Bearer realm=\"{base}/token\"\r\n");
        return last(401, &challenge, "");
    };
    let percent: String = url::form_urlencoded::byte_serialize(PASSWORD.as_bytes()).collect();
    let each: String = TOKEN.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let encoded = STANDARD.encode(format!("me:{PASSWORD}"));
    let inside = URL_SAFE_NO_PAD.encode(format!("you sent {header} and {PASSWORD}"));
    let body = format!(
        "{{\"errors\":[{{\"code\":\"X\",\"message\":{},\"detail\":\"{percent} {each} {encoded} {inside} {header}\"}}]}}",
        serde_json::to_string(PASSWORD).unwrap()
    );
    let headers = format!(
        "Set-Cookie: session={COOKIE}\r\nX-Echo: {header} {percent}\r\nLink: <{base}/n?sig={SIGNATURE}&a=1>; rel=\"next\"\r\n\
         Location: {base}/elsewhere?X-Amz-Signature={SIGNATURE}&Policy={SIGNATURE}&token={TOKEN}\r\n\
         Docker-Content-Digest: {header}\r\nWarning: 299 - \"{header} {percent}\"\r\nContent-Type: application/json\r\n"
    );
    let status = match seen.method.as_str() {
        "POST" => 202,
        "PUT" => 201,
        "GET" if seen.target.contains("/blobs/") => 307,
        _ => 404,
    };
    last(status, &headers, &body)
}

#[test]
fn no_report_contains_a_secret_in_any_encoding() {
    // Redirects, errors, lists with links, and locations of uploads.
    let cases = [
        "blob-by-digest",
        "blob-head*",
        "manifest-by-*",
        "tags-n",
        "upload-location",
        "upload-status-new",
    ];
    no_secret_in_reports(&cases.map(|case| ["--only", case]).concat());
}

#[test]
#[ignore = "long: run by .ci/run"]
fn no_report_of_all_cases_contains_a_secret_in_any_encoding() {
    no_secret_in_reports(&[]);
}

fn no_secret_in_reports(cases: &[&str]) {
    let server = recorder(echo_secrets);
    let formats: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
    let formats = formats.join(",");
    let run = Assay::run(&server.url).login("me", PASSWORD);
    let run = run
        .args(["--format", &formats, "--settle", "0s", "-vv"])
        .args(cases.iter().copied())
        .ends();
    assert_eq!(run.status, 1, "{}", run.text);
    let files = run.files().into_iter();
    let mut outputs: BTreeMap<PathBuf, String> = files
        .map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap()))
        .collect();
    assert!(outputs.len() >= Format::ALL.len(), "{:?}", outputs.keys());
    outputs.insert("the terminal".into(), run.text);
    let seen = |text: &str| server.requests(text).len();
    assert!(
        seen("/elsewhere") > 0 && seen("/token") > 0,
        "the secrets were sent"
    );
    for secret in [PASSWORD, TOKEN, COOKIE, SIGNATURE] {
        for form in forms(secret) {
            for (name, text) in &outputs {
                let found = text.contains(&form);
                assert!(!found, "{} contains `{form}`", name.display());
            }
        }
    }
}

/// The encodings of a secret.
fn forms(secret: &str) -> Vec<String> {
    let mut forms = vec![
        secret.to_owned(),
        serde_json::to_string(secret)
            .unwrap()
            .trim_matches('"')
            .to_owned(),
        url::form_urlencoded::byte_serialize(secret.as_bytes()).collect(),
        secret.bytes().map(|byte| format!("%{byte:02X}")).collect(),
        secret.bytes().map(|byte| format!("%{byte:02x}")).collect(),
        secret.replace('&', "&amp;").replace('"', "&quot;"),
        secret.replace('&', "&amp;").replace('"', "&#34;"),
        hex::encode(secret),
    ];
    for before in ["", "a", "ab"] {
        let whole = format!("{before}{secret}");
        for encoded in [STANDARD.encode(&whole), URL_SAFE_NO_PAD.encode(&whole)] {
            // Without the characters that depend on the text around the secret.
            let inner = encoded.trim_end_matches('=');
            forms.push(inner[4..inner.len() - 3].to_owned());
        }
    }
    forms
}

/// What no text of a target may do to a terminal or a log: clear it, turn text around, begin a line of GitHub's log.
const ACTS: [&str; 5] = ["\u{1b}", "\u{9b}", "\u{202e}", "\u{ad}", "\n::error::"];

#[test]
fn an_error_before_the_first_case_has_no_secret_and_no_text_that_acts() {
    let password = "hunter2-hunter2";
    // The user may log in, and gets no token for a repository.
    let server = recorder(move |asked, base| {
        if asked.target.contains("scope=") {
            let acts = ACTS.concat();
            let long = "x".repeat(159);
            let details = format!("{acts}{password} is wrong, {long} {password}");
            let body = serde_json::json!({ "details": details }).to_string();
            return last(401, "", &body);
        }
        if asked.target.starts_with("/token") {
            return last(200, "", r#"{"token":"of-the-user"}"#);
        }
        match asked.header("authorization") {
            Some(_) => last(200, "", ""),
            None => {
                let challenge = format!("Bearer realm=\"{base}/token\"");
                last(401, &format!("WWW-Authenticate: {challenge}\r\n"), "")
            }
        }
    });
    let formats: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
    let run = Assay::run(&server.url).login("me", password);
    let run = run.args(["--format", &formats.join(",")]).ends();
    run.is(3, "refuses a token");
    let files = run.files().into_iter();
    let texts = files.map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap()));
    let texts: Vec<(PathBuf, String)> = texts
        .chain([("the terminal".into(), run.text.clone())])
        .collect();
    assert!(texts.len() > 3);
    for (path, text) in texts {
        assert!(!text.contains("hunt"), "{}: {text}", path.display());
        for act in ACTS {
            assert!(!text.contains(act), "{}: {act:?}: {text}", path.display());
        }
    }
}
