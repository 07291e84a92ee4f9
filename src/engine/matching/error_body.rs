//! Error bodies (section "Error Codes").

use serde_json::Value as Json;

use super::rule::RuleOutcome;
use super::subject::ParsedResponse;

/// Codes of Docker's protocol that may stand in place of any other (section "Legacy Docker support error codes").
const LEGACY: [&str; 2] = ["TAG_INVALID", "MANIFEST_UNVERIFIED"];

/// Whether an error body carries one of some codes. A body that is no JSON may have any form, so it holds.
pub fn has_code(response: &ParsedResponse, codes: &[String]) -> RuleOutcome {
    let expected = format!("an error body with the code {}", codes.join(" or "));
    let found = response.json().filter(|_| response.is_json()).map(codes_of);
    let fits = |code: &String| codes.contains(code) || LEGACY.contains(&code.as_str());
    RuleOutcome {
        holds: found.as_ref().is_none_or(|found| found.iter().any(fits)),
        expected,
        actual: match found {
            None => "an error body that is no JSON".to_owned(),
            Some(found) if found.is_empty() => "no code".to_owned(),
            Some(found) => format!("the code {}", found.join(", ")),
        },
    }
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
