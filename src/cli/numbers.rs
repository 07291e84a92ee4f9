//! Numbers as option values.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

/// A whole number in a range.
///
/// # Errors
/// The expected form.
pub fn within<T>(range: RangeInclusive<T>) -> impl Fn(&str) -> Result<T, String> + Clone
where
    T: FromStr + PartialOrd + Display + Clone,
{
    move |text| {
        let number = text.parse().ok().filter(|number| range.contains(number));
        let (least, most) = (range.start(), range.end());
        number.ok_or_else(|| format!("write a whole number from {least} to {most}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_outside_of_the_range_is_told_the_range() {
        let parse = within(0..=10_u8);
        assert_eq!(parse("3"), Ok(3));
        for wrong in ["x", "11", "-1", "1.5", ""] {
            let says = "write a whole number from 0 to 10".to_owned();
            assert_eq!(parse(wrong), Err(says), "{wrong}");
        }
    }
}
