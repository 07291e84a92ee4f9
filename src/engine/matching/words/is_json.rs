//! `is_json`: whether the body is JSON.

use super::outcome::WordOutcome;
use crate::engine::matching::subject::ParsedResponse;

pub fn check(wanted: bool, response: &ParsedResponse) -> WordOutcome {
    let expected = match wanted {
        true => "a JSON body",
        false => "a body that is not JSON",
    };
    WordOutcome::lasting(
        response.is_json() == wanted,
        expected,
        response.describe_body(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::matching::testing::response;

    #[test]
    fn an_object_or_a_list_is_json() {
        for body in ["{}", "[1]"] {
            let outcome = check(true, &response(404, &[], body));
            assert!(outcome.rule.holds, "{body}");
            let length = body.len();
            assert_eq!(
                outcome.rule.actual,
                format!("a JSON body of {length} bytes")
            );
        }
    }

    #[test]
    fn a_number_is_json_only_where_the_content_type_says_so() {
        assert!(check(false, &response(404, &[], "404")).rule.holds);
        let typed = response(404, &[("content-type", "application/json")], "404");
        assert!(check(true, &typed).rule.holds);
        assert!(!check(true, &response(404, &[], "")).rule.holds);
    }
}
