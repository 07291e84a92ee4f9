//! What reads a target's words, held against made-up words: each property for a moment in `cargo test`, and for as
//! many seconds as `FUZZ_SECONDS` says. A failure prints the seed that repeats it.
#![allow(clippy::panic)]

use std::time::{Duration, Instant};

use arbtest::arbitrary::{Result, Unstructured};

/// How long each property is tried unless told.
const MOMENT: Duration = Duration::from_millis(400);

/// How long reading one text may take, on a busy machine too.
const PATIENCE: Duration = Duration::from_secs(5);

/// Holds a property against inputs that are drawn from `Unstructured`.
pub fn hold(property: impl FnMut(&mut Unstructured<'_>) -> Result<()>) {
    let told = std::env::var("FUZZ_SECONDS").ok();
    let told = told.and_then(|seconds| seconds.parse().ok());
    let budget = told.map_or(MOMENT, Duration::from_secs);
    arbtest::arbtest(property).budget(budget).run();
}

/// What a function makes of its input, which must not take long.
pub fn soon<T>(read: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let made = read();
    assert!(began.elapsed() < PATIENCE, "{:?}", began.elapsed());
    made
}

/// A text of up to `most` parts: of these, and now and then of whatever character there is.
pub fn text_of(u: &mut Unstructured<'_>, parts: &[&str], most: usize) -> Result<String> {
    let mut text = String::new();
    for _ in 0..u.int_in_range(0..=most)? {
        match u.ratio(1, 8)? {
            true => text.push(u.arbitrary()?),
            false => text.push_str(u.choose(parts)?),
        }
    }
    // Long ones show what takes more than its length.
    let times = if u.ratio(1, 16)? { 200 } else { 1 };
    Ok(text.repeat(times))
}

/// A word of these characters, of 1 to `most` of them.
pub fn word_of(u: &mut Unstructured<'_>, characters: &str, most: usize) -> Result<String> {
    let characters: Vec<char> = characters.chars().collect();
    let length = u.int_in_range(1..=most)?;
    (0..length)
        .map(|_| u.choose(&characters).copied())
        .collect()
}

/// White space that HTTP allows between words, which is none as a rule.
pub fn space<'a>(u: &mut Unstructured<'_>) -> Result<&'a str> {
    u.choose(&["", "", "", " ", "\t", "  "]).copied()
}

/// A quoted string (RFC 9110, section 5.6.4); some of its characters are escaped that need not be.
pub fn quoted(u: &mut Unstructured<'_>, text: &str) -> Result<String> {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        if matches!(c, '"' | '\\') || u.ratio(1, 10)? {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('"');
    Ok(quoted)
}
