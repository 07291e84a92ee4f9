//! Which of the ways to log in is taken.

use url::Url;

use super::{Access, AuthScheme};
use crate::client::address::is_loopback;
use crate::client::auth::Credentials;
use crate::client::auth::challenge::Challenge;
use crate::client::auth::server::{AccessError, TokenServer, plain, shown};

impl Access {
    /// The way that is taken, of those that the target offers: a token before a password.
    pub(super) fn choose(
        &self,
        url: &Url,
        offered: &[Challenge],
    ) -> Result<Option<(AuthScheme, Challenge)>, AccessError> {
        let of = |scheme: &str| offered.iter().find(|one| one.scheme == scheme);
        let password = self.credentials.as_ref().and_then(Credentials::basic);
        let basic = of("basic").filter(|_| password.is_some());
        let by_password = basic.map(|basic| (AuthScheme::Basic, basic.clone()));
        let Some(bearer) = of("bearer") else {
            return Ok(by_password);
        };
        let text = bearer.parameter("realm").unwrap_or_default();
        let realm = url.join(text).ok().filter(|realm| {
            matches!(realm.scheme(), "http" | "https") && realm.has_host() && !text.is_empty()
        });
        let Some(mut realm) = realm else {
            let realm = plain(text);
            return match by_password {
                Some(way) => Ok(Some(way)),
                None => Err(AccessError::NoRealm { realm }),
            };
        };
        realm.set_fragment(None);
        // What would be sent as a login is not the registry's to say.
        let _ = realm.set_username("");
        let _ = realm.set_password(None);
        if self.credentials.is_some() && !self.may_ask(&realm) {
            return match by_password {
                Some(way) => Ok(Some(way)),
                None => Err(AccessError::PlainRealm {
                    realm: shown(&realm),
                }),
            };
        }
        let service = bearer.parameter("service").map(str::to_owned);
        let server = TokenServer { realm, service };
        Ok(Some((AuthScheme::Bearer(server), bearer.clone())))
    }

    /// Whether credentials may go there. In the clear they go to this machine, and to the host that the user
    /// named with http:// before it.
    fn may_ask(&self, realm: &Url) -> bool {
        let told = self.base.scheme() == "http" && self.base.host() == realm.host();
        realm.scheme() == "https" || is_loopback(realm) || told || self.plain_realm
    }
}
