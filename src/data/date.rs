//! Dates in files and arguments.

use time::Date;

/// A day of the calendar, written as `2026-11-29`; `None` for everything else.
pub fn parse_date(text: &str) -> Option<Date> {
    let format = time::format_description::parse_borrowed::<2>("[year]-[month]-[day]").ok()?;
    Date::parse(text, &format).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_days_of_the_calendar_are_dates() {
        assert!(parse_date("2028-02-29").is_some());
        for wrong in [
            "2026-02-30",
            "2027-01-31-99",
            "2027-1-31",
            "27-01-31",
            " 2027-01-31",
            "+2027-01-31",
        ] {
            assert_eq!(parse_date(wrong), None, "{wrong}");
        }
    }
}
