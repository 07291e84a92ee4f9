//! Durations as option values.

use std::time::Duration;

/// A duration of up to an hour.
///
/// # Errors
/// The expected form.
pub fn duration(text: &str) -> Result<Duration, String> {
    within(text, Duration::from_secs(3600))
        .ok_or_else(|| "write a number with its unit, up to an hour: 500ms, 2s, 1m".to_owned())
}

/// A time limit of up to an hour.
///
/// # Errors
/// The expected form, and that nothing is done in no time.
pub fn time_limit(text: &str) -> Result<Duration, String> {
    match duration(text)? {
        Duration::ZERO => Err("no response comes within 0 s: write 500ms, 2s or 1m".to_owned()),
        limit => Ok(limit),
    }
}

/// A duration of up to a day.
///
/// # Errors
/// The expected form.
pub fn deadline(text: &str) -> Result<Duration, String> {
    within(text, Duration::from_secs(24 * 3600))
        .ok_or_else(|| "write a number with its unit, up to a day: 90s, 30m, 2h".to_owned())
}

fn within(text: &str, most: Duration) -> Option<Duration> {
    let duration = humantime::parse_duration(text).ok()?;
    (duration <= most).then_some(duration)
}
