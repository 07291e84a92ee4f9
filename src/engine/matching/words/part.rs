//! `part`: a part of a chunk, which the `Content-Range` of the response names. A server may send less than the range that
//! the request asks for (RFC 9110, section 15.3.7).

use super::outcome::WordOutcome;
use crate::data::count;
use crate::engine::matching::subject::ParsedResponse;
use crate::record::Part;

/// `start` is the position of the chunk's first byte in the content.
pub fn check(chunk: &[u8], start: u64, response: &ParsedResponse) -> WordOutcome {
    let body = &response.http.body;
    let range = response.header("content-range").unwrap_or_default();
    let named = positions(&range).and_then(|(first, last)| {
        let from = usize::try_from(first.checked_sub(start)?).ok()?;
        let to = usize::try_from(last.checked_sub(start)?).ok()?;
        chunk.get(from..=to)
    });
    let holds = named == Some(&**body) && response.http.broken.is_none();
    let end = start.saturating_add(chunk.len() as u64).saturating_sub(1);
    let expected = format!("a part of the bytes {start}-{end}, as Content-Range names it");
    let bytes = count(body.len(), "byte");
    let actual = match (&response.http.broken, range.is_empty()) {
        (Some(why), _) => format!("{bytes}; {why}"),
        (None, true) => format!("{bytes} without a Content-Range"),
        (None, false) => format!("{bytes} with Content-Range: {range}"),
    };
    WordOutcome::lasting(holds, expected, actual).about(Part::Body)
}

/// The first and the last position that a `Content-Range` names (RFC 9110, section 14.4).
fn positions(range: &str) -> Option<(u64, u64)> {
    let (unit, range) = range.trim().split_once(' ')?;
    let (first, last) = range.split_once('/')?.0.split_once('-')?;
    let (first, last) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    (unit.eq_ignore_ascii_case("bytes") && first <= last).then_some((first, last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::matching::testing::response;

    fn holds(range: &str, body: &str) -> bool {
        let response = response(206, &[("content-range", range)], body);
        check(b"cdef", 2, &response).rule.holds
    }

    #[test]
    fn the_body_has_the_bytes_that_content_range_names() {
        for (range, body) in [
            ("bytes 2-5/9", "cdef"),
            ("bytes 2-3/9", "cd"),
            ("bytes 3-4/*", "de"),
        ] {
            assert!(holds(range, body), "{range}");
        }
        for (range, body) in [
            ("bytes 2-5/9", "cd"),
            ("bytes 2-3/9", "de"),
            ("bytes 0-1/9", "ab"),
            ("bytes 5-6/9", "fg"),
            ("bytes 4-3/9", ""),
            ("lines 2-3/9", "cd"),
            ("bytes 18446744073709551615-18446744073709551615/9", "c"),
        ] {
            assert!(!holds(range, body), "{range}");
        }
    }

    #[test]
    fn a_body_without_content_range_names_no_part() {
        let outcome = check(b"cdef", 2, &response(206, &[], "cdef"));
        assert!(!outcome.rule.holds);
        assert_eq!(outcome.rule.actual, "4 bytes without a Content-Range");
    }
}
