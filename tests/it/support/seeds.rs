//! How many seeds a long test tries.

/// The number in the variable `SEEDS`, or `default`.
///
/// # Panics
/// When the variable is not a number.
pub fn seeds(default: u32) -> u32 {
    let Ok(text) = std::env::var("SEEDS") else {
        return default;
    };
    let number = text.parse();
    number.unwrap_or_else(|_| panic!("SEEDS is a number of seeds, such as 20, and not `{text}`"))
}
