//! Rules that compare a request with those before it.

/// A rule that compares a request with those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TogetherRule {
    /// Credentials go to no other host.
    CredentialsStay,
    /// Credentials go to no other port of their host.
    CredentialsStayOnPort,
    /// A request that was refused with Retry-After is not sent again before that time.
    RetryAfter,
}
