//! `status`: the status of the response.

use super::outcome::WordOutcome;
use crate::engine::matching::subject::ParsedResponse;
use crate::record::Part;
use crate::suite::Statuses;

pub fn check(statuses: &Statuses, response: &ParsedResponse) -> WordOutcome {
    let status = response.http.status;
    let (expected, actual) = (format!("status {statuses}"), format!("status {status}"));
    WordOutcome {
        // Content that is not there yet, or still there: no other status tells of an older state.
        may_settle: matches!(status, 200..=299 | 404 | 410),
        ..WordOutcome::lasting(statuses.has(status), expected, actual).about(Part::Status)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::matching::testing::response;

    fn check_status(status: u16) -> WordOutcome {
        let ranges = vec![(201, 201), (400, 499)];
        check(&Statuses { ranges }, &response(status, &[], ""))
    }

    #[test]
    fn a_code_or_a_class() {
        assert!(check_status(201).rule.holds);
        assert!(check_status(404).rule.holds);
    }

    #[test]
    fn another_status_is_named_and_may_be_an_older_state() {
        let outcome = check_status(200);
        assert!(!outcome.rule.holds && outcome.may_settle);
        assert_eq!(outcome.rule.actual, "status 200");
        assert_eq!(outcome.part, Some(Part::Status));
        assert!(!check_status(500).may_settle);
    }
}
