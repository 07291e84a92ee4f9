//! What reports say about the access.

use super::state::{Access, AuthScheme};
use crate::client::auth::token_command::token_command;
use crate::client::auth_scheme_kind::AuthSchemeKind;
use crate::client::credentials::{ANONYMOUS, Credentials, Secret};
use crate::client::sanitize::display_url;

impl Access {
    /// The scheme of the requests.
    pub fn scheme(&self) -> Option<AuthSchemeKind> {
        match (&self.credentials, &self.state().scheme) {
            (Some(known), _) if matches!(known.secret, Secret::Bearer { .. }) => {
                Some(AuthSchemeKind::Bearer)
            }
            (_, scheme) => scheme.as_ref().map(AuthScheme::kind),
        }
    }

    /// The shell command that gets a token for the repositories of the run.
    pub fn token_command(&self) -> Option<String> {
        let secret = self.credentials.as_ref().map(|known| &known.secret);
        if let Some(Secret::Bearer { .. }) = secret {
            return Some("TOKEN=$ASSAY_TOKEN".to_owned());
        }
        let state = self.state();
        let Some(AuthScheme::Bearer(server)) = &state.scheme else {
            return None;
        };
        let scopes = state.granted.only(&state.repositories);
        Some(token_command(server, &scopes, secret, state.by_form))
    }

    /// A note for the report.
    pub fn note(&self) -> Option<String> {
        let state = self.state();
        let identity = self.credentials.as_ref().map(Credentials::identity);
        match (&state.scheme, identity) {
            (None, None) => None,
            (None, Some(identity)) => Some(format!(
                "the registry did not ask for credentials: {identity} was not used"
            )),
            (Some(AuthScheme::Basic), identity) => {
                Some(format!("logged in as {}", identity.unwrap_or_default()))
            }
            (Some(AuthScheme::Bearer(server)), identity) => Some(format!(
                "logged in as {} with {} tokens of {}",
                identity.unwrap_or_else(|| ANONYMOUS.to_owned()),
                state.tokens,
                display_url(&server.realm)
            )),
        }
    }
}
