//! Properties of reading challenges, with generated headers: those that follow the grammar (RFC 9110, section 11.6.1) and
//! others.
#![allow(clippy::unwrap_used)]

use arbtest::arbitrary::{Result, Unstructured};
use http::{HeaderMap, HeaderValue, header::WWW_AUTHENTICATE};

use super::{Challenge, MAX_CHALLENGES, challenges, is_token};
use crate::fuzz::{hold, quoted, soon, space, text_of, word_of};

const LETTERS: &str = "abcdefghijklmnopqrstuvwxyzABCXYZ0189-_.";

fn challenge(u: &mut Unstructured<'_>) -> Result<Challenge> {
    let mut parameters = Vec::new();
    for _ in 0..u.int_in_range(0..=4)? {
        let name = word_of(u, "abcdefghijklmnopqrstuvwxyz-_", 8)?;
        let value = match u.ratio(1, 2)? {
            true => word_of(u, LETTERS, 12)?,
            false => text_of(
                u,
                &[
                    "https://a/token",
                    ",",
                    "=",
                    "\"",
                    "\\",
                    " ",
                    "Basic realm=x",
                ],
                5,
            )?,
        };
        // A header line may contain no control characters.
        let value = value.replace(|c: char| c.is_control(), "");
        parameters.push((name, value.chars().take(100).collect()));
    }
    let scheme = word_of(u, "abcdefghijklmnopqrstuvwxyz-", 10)?;
    Ok(Challenge { scheme, parameters })
}

fn written(u: &mut Unstructured<'_>, challenge: &Challenge) -> Result<String> {
    let mut line = match u.ratio(1, 2)? {
        true => challenge.scheme.to_uppercase(),
        false => challenge.scheme.clone(),
    };
    for (position, (name, value)) in challenge.parameters.iter().enumerate() {
        line.push_str(if position == 0 { " " } else { "," });
        line.push_str(space(u)?);
        line.push_str(&match u.ratio(1, 2)? {
            true => name.to_uppercase(),
            false => name.clone(),
        });
        line.extend([space(u)?, "=", space(u)?]);
        let unquoted = !value.is_empty() && value.chars().all(is_token) && u.ratio(1, 2)?;
        line.push_str(&match unquoted {
            true => value.clone(),
            false => quoted(u, value)?,
        });
        line.push_str(space(u)?);
    }
    Ok(line)
}

#[test]
fn challenges_by_the_grammar_are_read() {
    hold(|u| {
        let mut expected = Vec::new();
        let mut lines = vec![String::new()];
        for _ in 0..u.int_in_range(0..=MAX_CHALLENGES)? {
            let one = challenge(u)?;
            if u.ratio(1, 3)? {
                lines.push(String::new());
            }
            let text = written(u, &one)?;
            if let Some(line) = lines.last_mut() {
                if !line.is_empty() {
                    line.extend([",", space(u)?]);
                }
                line.push_str(&text);
            }
            expected.push(one);
        }
        let lines = lines.iter().map(|line| {
            let value = HeaderValue::from_bytes(line.as_bytes()).unwrap();
            (WWW_AUTHENTICATE, value)
        });
        let headers: HeaderMap = lines.collect();
        assert_eq!(challenges(&headers), expected, "{headers:?}");
        Ok(())
    });
}

#[test]
fn other_lines_do_no_harm() {
    let parts = [
        "Basic", "bearer ", "realm", "=", "\"", "\\", ",", " ", "\t", "==", "scope=", "a", "~",
    ];
    hold(|u| {
        let mut headers = HeaderMap::new();
        for _ in 0..u.int_in_range(0..=3)? {
            let line = text_of(u, &parts, 60)?;
            if let Ok(value) = HeaderValue::from_bytes(line.as_bytes()) {
                headers.append(WWW_AUTHENTICATE, value);
            }
        }
        let read = soon(|| challenges(&headers));
        assert!(read.len() <= MAX_CHALLENGES);
        for one in read {
            let names = one.parameters.iter().map(|(name, _)| name);
            for word in names.chain([&one.scheme]) {
                let token = !word.is_empty() && word.chars().all(is_token);
                assert!(token && *word == word.to_ascii_lowercase(), "{word:?}");
            }
        }
        Ok(())
    });
}
