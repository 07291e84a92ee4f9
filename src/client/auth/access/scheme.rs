//! The choice among the challenges of a registry.

use url::Url;

use super::state::{Access, AuthScheme};
use crate::client::access_error::AccessError;
use crate::client::address::is_loopback;
use crate::client::auth::challenge::Challenge;
use crate::client::auth::token_server::TokenServer;
use crate::client::credentials::Credentials;
use crate::client::sanitize::{display_url, sanitize};

impl Access {
    /// The scheme to use, with its challenge: Bearer rather than Basic, and none where there are no credentials for it.
    ///
    /// # Errors
    /// When only Bearer is possible, and its realm is no URL or would get the credentials unencrypted.
    pub(super) fn choose_scheme(
        &self,
        url: &Url,
        offered: &[Challenge],
    ) -> Result<Option<(AuthScheme, Challenge)>, AccessError> {
        let of = |scheme: &str| offered.iter().find(|one| one.scheme == scheme);
        let password = self.credentials.as_ref().and_then(Credentials::basic);
        let basic = of("basic").filter(|_| password.is_some());
        let basic = basic.map(|basic| (AuthScheme::Basic, basic.clone()));
        let Some(bearer) = of("bearer") else {
            return Ok(basic);
        };
        let realm = bearer.parameter("realm").unwrap_or_default();
        let refused = match token_server(url, realm) {
            None => AccessError::InvalidRealm {
                realm: sanitize(realm),
            },
            Some(realm) if self.credentials.is_some() && !self.may_send_credentials(&realm) => {
                AccessError::PlainRealm {
                    realm: display_url(&realm),
                }
            }
            Some(realm) => {
                let service = bearer.parameter("service").map(str::to_owned);
                let server = TokenServer { realm, service };
                return Ok(Some((AuthScheme::Bearer(server), bearer.clone())));
            }
        };
        basic.map(Some).ok_or_else(|| refused.shown(&self.redactor))
    }

    /// Whether credentials may be sent to this token server: by HTTPS, to this machine, or to the host that the user named
    /// with http://.
    fn may_send_credentials(&self, realm: &Url) -> bool {
        let same_host = self.base.scheme() == "http" && self.base.host() == realm.host();
        realm.scheme() == "https" || is_loopback(realm) || same_host || self.plain_realm
    }
}

/// The URL of the token server, without a fragment and without user info: the registry does not choose the credentials.
fn token_server(url: &Url, realm: &str) -> Option<Url> {
    let joined = url.join(realm).ok().filter(|_| !realm.is_empty());
    let http = |url: &Url| matches!(url.scheme(), "http" | "https") && url.has_host();
    let mut realm = joined.filter(http)?;
    realm.set_fragment(None);
    // Both fail only for a URL without a host.
    let _ = realm.set_username("");
    let _ = realm.set_password(None);
    Some(realm)
}
