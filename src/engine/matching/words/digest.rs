//! `digest`: the digest of the body. A digest of an algorithm that assay cannot compute is accepted.

use super::outcome::WordOutcome;
use crate::data::count;
use crate::engine::matching::subject::ParsedResponse;
use crate::record::Part;

pub fn check(digest: &str, response: &ParsedResponse) -> WordOutcome {
    let body = response.body_bytes();
    let broken = response.http.broken.as_ref();
    let holds = broken.is_none() && body.is_digest(digest) != Some(false);
    let whose = match holds {
        true => "that digest",
        false => "another digest",
    };
    let expected = format!("the bytes of {digest}");
    let actual = match broken {
        Some(why) => format!("{}; {why}", count(body.len(), "byte")),
        None => format!("{} of {whose}", count(body.len(), "byte")),
    };
    WordOutcome::lasting(holds, expected, actual).about(Part::Body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::matching::settling::Settling;
    use crate::engine::matching::testing::response;

    /// The digest of no bytes.
    const EMPTY: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn the_body_has_the_digest_or_not() {
        assert!(check(EMPTY, &response(200, &[], "")).rule.holds);
        let other = check(EMPTY, &response(200, &[], "a"));
        assert!(!other.rule.holds);
        assert_eq!(other.rule.settling, Settling::Never);
        assert_eq!(other.rule.actual, "1 byte of another digest");
    }

    #[test]
    fn an_unknown_algorithm_is_accepted() {
        assert!(check("blake3:00", &response(200, &[], "a")).rule.holds);
    }
}
