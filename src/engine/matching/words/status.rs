//! `status`: the status of the response.

use super::outcome::WordOutcome;
use crate::engine::matching::settling::Settling;
use crate::engine::matching::subject::ParsedResponse;
use crate::record::Part;
use crate::suite::Statuses;

pub fn check(statuses: &Statuses, response: &ParsedResponse) -> WordOutcome {
    let status = response.http.status;
    let (holds, expected) = (statuses.has(status), format!("status {statuses}"));
    let error = (!holds).then(|| response.quote_error());
    let actual = match error.flatten() {
        Some(error) => format!("status {status} ({error})"),
        None => format!("status {status}"),
    };
    WordOutcome::lasting(holds, expected, actual)
        .about(Part::Status)
        .settling(settling(statuses, status))
}

/// Content that is not there yet, or still there, or unchanged since: no other status tells of an older state.
fn settling(expected: &Statuses, status: u16) -> Settling {
    match status {
        // 416 says that the content is there, as a success does.
        304 | 404 | 410 if expected.may_succeed() || expected.has(416) => Settling::Arrival,
        200..=299 if expected.has(304) => Settling::Arrival,
        200..=299 if expected.has(404) || expected.has(410) => Settling::Removal,
        _ => Settling::Never,
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
        assert!(!outcome.rule.holds);
        assert_eq!(outcome.rule.settling, Settling::Removal);
        assert_eq!(outcome.rule.actual, "status 200");
        assert_eq!(outcome.part, Some(Part::Status));
        assert_eq!(check_status(500).rule.settling, Settling::Never);
        let ranges = vec![(416, 416)];
        let unsatisfiable = check(&Statuses { ranges }, &response(404, &[], ""));
        assert_eq!(unsatisfiable.rule.settling, Settling::Arrival);
    }

    #[test]
    fn a_wrong_status_quotes_the_error_of_the_registry() {
        let statuses = Statuses {
            ranges: vec![(200, 200)],
        };
        let actual = |body: &str| check(&statuses, &response(404, &[], body)).rule.actual;
        assert_eq!(
            actual(
                r#"{"errors": [{"code": "MANIFEST_UNKNOWN", "message": "manifest\n unknown"}, {}]}"#
            ),
            r#"status 404 (MANIFEST_UNKNOWN: "manifest unknown")"#
        );
        assert_eq!(
            actual(r#"{"errors": [{"code": "DENIED", "message": ""}]}"#),
            "status 404 (DENIED)"
        );
        assert_eq!(
            actual(r#"{"errors": [{"message": "a\u001b[2J\u202eb"}]}"#),
            r#"status 404 ("a[2Jb")"#
        );
        let long = format!(
            r#"{{"errors": [{{"code": "X", "message": "{}"}}]}}"#,
            "y".repeat(5000)
        );
        let quoted = actual(&long);
        assert!(quoted.len() < 200 && quoted.ends_with("y…\")"), "{quoted}");
        for none in [
            "",
            "<html>",
            "{}",
            r#"{"errors": []}"#,
            r#"{"errors": [{"code": 7}]}"#,
        ] {
            assert_eq!(actual(none), "status 404", "{none}");
        }
        let expected = check(
            &statuses,
            &response(200, &[], r#"{"errors": [{"code": "X"}]}"#),
        );
        assert_eq!(expected.rule.actual, "status 200");
    }
}
