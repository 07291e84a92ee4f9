//! `body`: the bytes of the body.

use super::outcome::WordOutcome;
use crate::data::count;
use crate::engine::matching::settling::Settling;
use crate::engine::matching::subject::ParsedResponse;
use crate::record::Part;

pub fn check(expected: &[u8], response: &ParsedResponse) -> WordOutcome {
    let actual = &response.http.body;
    let equal = *expected == **actual;
    let mut found = match equal {
        true => format!("the same {}", count(actual.len(), "byte")),
        false => {
            let both = expected.iter().zip(actual.iter());
            let mut both = both.map(|(a, b)| a != b);
            let shorter = expected.len().min(actual.len());
            let difference = both.position(|differs| differs).unwrap_or(shorter);
            format!(
                "{}, different from byte {difference} on",
                count(actual.len(), "byte")
            )
        }
    };
    if let Some(why) = &response.http.broken {
        found = format!("{found}; {why}");
    }
    let holds = equal && response.http.broken.is_none();
    // No older content of a tag is empty.
    let settling = match actual.is_empty() {
        true => Settling::Never,
        false => Settling::Arrival,
    };
    let expected = match expected.len() {
        1 => "the byte that was pushed".to_owned(),
        length => format!("the {length} bytes that were pushed"),
    };
    WordOutcome::lasting(holds, expected, found)
        .about(Part::Body)
        .settling(settling)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::matching::testing::response;

    fn found(expected: &str, body: &str) -> (bool, String) {
        let outcome = check(expected.as_bytes(), &response(200, &[], body));
        (outcome.rule.holds, outcome.rule.actual)
    }

    #[test]
    fn every_byte_counts() {
        assert_eq!(found("tea", "tea"), (true, "the same 3 bytes".to_owned()));
        let from = |body: &str, byte: usize| {
            let text = format!("{} bytes, different from byte {byte} on", body.len());
            (false, text)
        };
        for (body, byte) in [("ten", 2), ("te", 2), ("team", 3), ("", 0)] {
            assert_eq!(found("tea", body), from(body, byte));
        }
    }

    #[test]
    fn an_empty_body_is_no_older_content() {
        let settling = |body: &str| check(b"tea", &response(200, &[], body)).rule.settling;
        assert_eq!(settling("ten"), Settling::Arrival);
        assert_eq!(settling(""), Settling::Never);
    }

    #[test]
    fn a_body_that_breaks_off_is_wrong() {
        let mut response = response(200, &[], "tea");
        response.http.broken = Some("the body broke off".to_owned());
        let outcome = check(b"tea", &response);
        assert!(!outcome.rule.holds);
        assert_eq!(outcome.rule.actual, "the same 3 bytes; the body broke off");
        assert_eq!(outcome.part, Some(Part::Body));
    }
}
