/// Why a text is not a regular expression, in a line: the other lines of the error show the pattern with what the user did not
/// write.
pub fn pattern_error(error: &regex::Error) -> String {
    let error = error.to_string();
    let reason = error.lines().last().unwrap_or_default();
    reason.trim_start_matches("error: ").to_owned()
}
