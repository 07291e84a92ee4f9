/// The text in place of a secret.
pub const REDACTED: &str = "[redacted]";
