use std::fmt::Display;

/// "1 case", "2 cases".
pub fn count<N: Display + PartialEq + From<u8>>(number: N, one: &str) -> String {
    match number == N::from(1) {
        true => format!("1 {one}"),
        false => format!("{number} {one}s"),
    }
}

/// A number between two limits: "no elements", "1 element", "2 to 3 elements", "at least 1 element" where the greater limit is
/// `u64::MAX`.
pub fn count_between(least: u64, most: u64, one: &str) -> String {
    match (least, most) {
        (_, 0) => format!("no {one}s"),
        (least, most) if least == most => count(least, one),
        (least, u64::MAX) => format!("at least {}", count(least, one)),
        (0, most) => format!("at most {}", count(most, one)),
        (least, most) => format!("{least} to {}", count(most, one)),
    }
}
