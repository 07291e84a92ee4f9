//! Variants of authentication.

use std::time::Duration;

use super::variant::{Variant, permitted};
use crate::registry::auth::{ChallengeForm, Fields, Scheme};
use crate::registry::options::Options;

/// Shorter than a run takes, and longer than a request waits for its turn: both take longer in a debug build.
const SOON: Duration = match cfg!(debug_assertions) {
    true => Duration::from_secs(2),
    false => Duration::from_millis(800),
};

pub const VARIANTS: &[Variant] = &[
    permitted(
        "basic",
        "Every request needs a user name and a password (Basic).",
        |options| with_login(options, Scheme::Basic),
    ),
    permitted(
        "bearer",
        "Every request needs a token (Bearer).",
        |options| with_login(options, Scheme::Bearer),
    ),
    permitted(
        "bearer-odd",
        "Challenges have unusual case and spaces, and the token is named `access_token`.",
        |options| {
            with_login(options, Scheme::Bearer);
            options.login.challenges = ChallengeForm::Odd;
            options.login.tokens.fields = Fields::AccessToken;
        },
    ),
    permitted(
        "bearer-among-others",
        "One `WWW-Authenticate` header offers several schemes.",
        |options| {
            with_login(options, Scheme::Bearer);
            options.login.challenges = ChallengeForm::LastOfLine;
        },
    ),
    permitted(
        "bearer-brief",
        "Tokens expire soon, without `expires_in`.",
        |options| {
            with_login(options, Scheme::Bearer);
            options.login.tokens.lifetime = SOON;
            options.login.tokens.expires_in = false;
        },
    ),
    permitted(
        "bearer-refresh",
        "Tokens expire soon, and a refresh token renews them.",
        |options| {
            with_login(options, Scheme::Bearer);
            options.login.tokens.lifetime = SOON.saturating_mul(2);
            options.login.tokens.refresh = true;
        },
    ),
    permitted(
        "bearer-no-scope",
        "Challenges have no scope, and the right to push includes deletion.",
        |options| {
            with_login(options, Scheme::Bearer);
            options.login.challenges = ChallengeForm::NoScope;
            options.login.tokens.delete = false;
        },
    ),
    permitted(
        "uploads-outside",
        "Upload sessions are outside of `/v2/`, and need a token too.",
        |options| {
            with_login(options, Scheme::Bearer);
            options.uploads_outside_v2 = true;
        },
    ),
];

/// Requires a login with the scheme, of one user who may do everything.
fn with_login(options: &mut Options, scheme: Scheme) {
    options.login.scheme = scheme;
    options.login.user("assay", "assay's own secret");
}
