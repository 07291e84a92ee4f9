//! Property tests with generated input, for the code that reads what a registry sends. Each property is tried for a moment in
//! `cargo test`, and for `FUZZ_SECONDS` seconds where that variable is set. A failure prints the seed that repeats it.
#![allow(clippy::panic)]

use std::time::{Duration, Instant};

use arbtest::arbitrary::{Result, Unstructured};

/// The time for each property without `FUZZ_SECONDS`.
const DEFAULT_BUDGET: Duration = Duration::from_millis(400);

/// The longest that one input may take, on a busy machine too.
const MAX_READ: Duration = Duration::from_secs(5);

/// Checks a property with many inputs, which it draws from `Unstructured`.
pub fn hold(property: impl FnMut(&mut Unstructured<'_>) -> Result<()>) {
    let seconds = std::env::var("FUZZ_SECONDS").ok();
    let seconds = seconds.and_then(|seconds| seconds.parse().ok());
    let budget = seconds.map_or(DEFAULT_BUDGET, Duration::from_secs);
    arbtest::arbtest(property).budget(budget).run();
}

/// The result of a function, which must not take longer than [`MAX_READ`].
pub fn soon<T>(read: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let result = read();
    assert!(began.elapsed() < MAX_READ, "{:?}", began.elapsed());
    result
}

/// A text of up to `most` parts: one of `parts`, or now and then any character.
pub fn text_of(u: &mut Unstructured<'_>, parts: &[&str], most: usize) -> Result<String> {
    let mut text = String::new();
    for _ in 0..u.int_in_range(0..=most)? {
        match u.ratio(1, 8)? {
            true => text.push(u.arbitrary()?),
            false => text.push_str(u.choose(parts)?),
        }
    }
    // A long text shows where the time grows faster than the length.
    let times = if u.ratio(1, 16)? { 200 } else { 1 };
    Ok(text.repeat(times))
}

/// A word of 1 to `most` of these characters.
pub fn word_of(u: &mut Unstructured<'_>, characters: &str, most: usize) -> Result<String> {
    let characters: Vec<char> = characters.chars().collect();
    let length = u.int_in_range(1..=most)?;
    (0..length)
        .map(|_| u.choose(&characters).copied())
        .collect()
}

/// Optional white space (RFC 9110, section 5.6.3), mostly none.
pub fn space<'a>(u: &mut Unstructured<'_>) -> Result<&'a str> {
    u.choose(&["", "", "", " ", "\t", "  "]).copied()
}

/// A quoted string (RFC 9110, section 5.6.4), in which some characters are escaped without need.
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
