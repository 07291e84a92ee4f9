//! `error`: the codes of an error body (section "Error Codes"). A body that is not JSON may have any form, so it is accepted.

use serde_json::Value as Json;

use super::outcome::WordOutcome;
use crate::engine::matching::subject::ParsedResponse;
use crate::suite::{ERROR_CODES, LEGACY_ERROR_CODES};

/// Whether an error body has one of some codes.
pub fn check(codes: &[String], response: &ParsedResponse) -> WordOutcome {
    let found = response.json().filter(|_| response.is_json()).map(codes_of);
    let fits = |code: &String| codes.contains(code) || LEGACY_ERROR_CODES.contains(&code.as_str());
    let holds = found.as_ref().is_none_or(|found| found.iter().any(fits));
    let actual = match found {
        None => "an error body that is not JSON".to_owned(),
        Some(found) if found.is_empty() => "an error body without a code".to_owned(),
        Some(found) => format!("an error body with the code {}", found.join(", ")),
    };
    let expected = format!("an error body with the code {}", codes.join(" or "));
    WordOutcome::lasting(holds, expected, actual)
}

/// Whether codes of the table are expected, and an error body in JSON has none of the table. Then it violates the
/// requirements for every error body, and has no wrong code.
pub fn lacks_code(expected: &[String], response: &ParsedResponse) -> bool {
    let is_known = |code: &String| ERROR_CODES.contains(&code.as_str());
    let body = response.json().filter(|_| response.is_json());
    expected.iter().any(is_known) && body.is_some_and(|body| !codes_of(body).iter().any(is_known))
}

fn codes_of(body: &Json) -> Vec<String> {
    body.pointer("/errors")
        .and_then(Json::as_array)
        .into_iter()
        .flatten()
        .filter_map(|error| error.get("code")?.as_str())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::matching::testing::response;

    fn found(body: &str) -> (bool, String) {
        let codes = ["BLOB_UNKNOWN".to_owned(), "NAME_UNKNOWN".to_owned()];
        let outcome = check(&codes, &response(404, &[], body));
        (outcome.rule.holds, outcome.rule.actual)
    }

    fn coded(code: &str) -> String {
        format!(r#"{{"errors": [{{"code": "{code}"}}]}}"#)
    }

    #[test]
    fn one_of_the_codes_or_a_legacy_one() {
        for code in ["BLOB_UNKNOWN", "NAME_UNKNOWN", "TAG_INVALID"] {
            assert!(found(&coded(code)).0, "{code}");
        }
        let other = "an error body with the code DENIED".to_owned();
        assert_eq!(found(&coded("DENIED")), (false, other));
    }

    #[test]
    fn bodies_of_other_forms() {
        let none = "an error body without a code".to_owned();
        assert_eq!(found("{}"), (false, none.clone()));
        assert_eq!(found(r#"{"errors": [{"code": 7}]}"#), (false, none));
        assert!(
            found("not found").0,
            "a body that is not JSON may have any form"
        );
    }
}
