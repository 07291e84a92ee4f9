//! The encodings of a secret: as it is, in JSON and in HTML as libraries of several languages write them, in base64 at any
//! offset, and in hexadecimal.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::percent::Decoded;

/// The shortest secret that is redacted, in bytes: a shorter text would be found everywhere in a report.
pub const MIN_SECRET: usize = 4;

/// The shortest part of a secret's base64 that is redacted, in bytes: a shorter one would be found in any base64.
const MIN_ENCODED: usize = 6;

/// The quotes and the plus sign in HTML: by their names, as Go writes them in texts and in templates, and as Python does.
const HTML: [[(char, &str); 3]; 4] = [
    [('"', "&quot;"), ('\'', "&#39;"), ('+', "+")],
    [('"', "&#34;"), ('\'', "&#39;"), ('+', "+")],
    [('"', "&#34;"), ('\'', "&#39;"), ('+', "&#43;")],
    [('"', "&quot;"), ('\'', "&#x27;"), ('+', "+")],
];

/// The encodings of a secret.
pub fn encodings(secret: &str) -> Vec<Vec<u8>> {
    let mut texts = vec![secret.to_owned(), secret.replace(' ', "+")];
    texts.extend(in_json(secret));
    texts.extend(HTML.iter().map(|signs| in_html(secret, signs)));
    let hex = hex::encode(secret);
    texts.push(hex.to_uppercase());
    texts.push(hex);
    let mut forms: Vec<Vec<u8>> = texts.into_iter().map(String::into_bytes).collect();
    forms.extend(in_base64(secret));
    // A text is searched without its percent-encoding, and the secret itself may look like one.
    let decoded = forms.iter().filter(|form| form.contains(&b'%'));
    let decoded = decoded.map(|form| Decoded::of(form).bytes.into_owned());
    let decoded: Vec<Vec<u8>> = decoded.filter(|form| form.len() >= MIN_SECRET).collect();
    forms.extend(decoded);
    forms.sort();
    forms.dedup();
    forms
}

/// As the specification of JSON demands, and with more escapes: of Go, Python, and PHP.
fn in_json(secret: &str) -> Vec<String> {
    let json = serde_json::to_string(secret).unwrap_or_default();
    let json = json
        .strip_prefix('"')
        .and_then(|json| json.strip_suffix('"'));
    let json = json.unwrap_or_default().to_owned();
    let escaped = |chosen: fn(char) -> bool| {
        let mut text = String::with_capacity(json.len());
        for c in json.chars() {
            match chosen(c) {
                false => text.push(c),
                true => {
                    for unit in c.encode_utf16(&mut [0; 2]) {
                        text.push_str(&format!("\\u{unit:04x}"));
                    }
                }
            }
        }
        text
    };
    let of_go = escaped(|c| matches!(c, '&' | '<' | '>'));
    let of_python = escaped(|c| !c.is_ascii());
    let of_php = of_python.replace('/', "\\/");
    vec![json.replace('/', "\\/"), of_go, of_python, of_php, json]
}

fn in_html(secret: &str, signs: &[(char, &str)]) -> String {
    let html = secret.replace('&', "&amp;").replace('<', "&lt;");
    let html = html.replace('>', "&gt;");
    // The replacements contain none of the signs.
    signs
        .iter()
        .fold(html, |html, (sign, written)| html.replace(*sign, written))
}

fn in_base64(secret: &str) -> Vec<Vec<u8>> {
    let mut forms = Vec::new();
    for offset in 0..3 {
        for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            let moved = [&vec![0; offset], secret.as_bytes()].concat();
            let encoded = engine.encode(&moved);
            // The characters that depend on the secret alone, and not on the text around it.
            let (first, last) = ((8 * offset).div_ceil(6), 8 * moved.len() / 6);
            let inner = encoded.get(first..last).unwrap_or_default();
            if inner.len() >= MIN_ENCODED {
                forms.push(inner.as_bytes().to_vec());
            }
        }
    }
    forms
}
