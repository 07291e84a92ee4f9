//! Why a request cannot be authenticated.

use super::redact::Redactor;
use crate::data::is_invisible;

/// Why the registry, or its token server, grants no access. Each sentence names the way out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccessError {
    /// The token server answers 400, 401 or 403.
    #[error(
        "the token server {realm} refuses a token {scope}: it answers {response} to {identity}. {advice}"
    )]
    Refused {
        /// The URL of the token server, without its query.
        realm: String,
        /// The requested scope, with its preposition.
        scope: String,
        /// The status, with the registry's error message.
        response: String,
        /// The user, and where the credentials were found.
        identity: String,
        /// What the user can do.
        advice: String,
    },
    /// The token server does not answer with a token.
    #[error(
        "the token server {realm} gives no token {scope}: {reason}. The registry names this server as the realm of its challenge"
    )]
    Unusable {
        /// The URL of the token server, without its query.
        realm: String,
        /// The requested scope, with its preposition.
        scope: String,
        /// Why there is no token.
        reason: String,
    },
    /// Every token expired before the registry read it.
    #[error(
        "{count} tokens in a row expired before {url} read them: the registry is slow, or the token server gives tokens for too short a time. Let tokens live longer, or send fewer requests at once (--jobs)"
    )]
    TokensExpire {
        /// The registry.
        url: String,
        /// How many there were.
        count: u8,
    },
    /// The credentials would be sent unencrypted.
    #[error(
        "the token server {realm} uses plain HTTP: credentials are not sent there. If you trust the network, add --allow-plain-realm"
    )]
    PlainRealm {
        /// The URL of the token server, without its query.
        realm: String,
    },
    /// The registry accepted the credentials before, and refuses them now.
    #[error(
        "{url} no longer lets {identity} in: it answers 401 to a request that it answered before. The password or the token was revoked, or has expired in the middle of the run: get a new one, and run again"
    )]
    Revoked {
        /// The registry.
        url: String,
        /// The user, and where the credentials were found.
        identity: String,
    },
    /// The registry allowed an action in one repository before, and refuses it now.
    #[error(
        "{url} no longer lets {identity} {action} `{repository}`: it answers {answered} to a request that it answered before. The permission ended in the middle of the run, or a quota is used up: grant it again, and run again"
    )]
    PermissionRevoked {
        /// The registry.
        url: String,
        /// The user, and where the credentials were found.
        identity: String,
        /// A verb with its preposition, such as `push to`.
        action: &'static str,
        /// The repository.
        repository: String,
        /// The status of the refusal, and the registry's message.
        answered: String,
    },
    /// The challenge names no token server.
    #[error(
        "the registry requires a token, but the realm of its challenge is not the URL of a token server: `{realm}`"
    )]
    InvalidRealm {
        /// The realm of the challenge.
        realm: String,
    },
}

impl AccessError {
    /// The error with what the registry and its token server sent, fit to be shown: without secrets and invisible characters.
    pub(in crate::client) fn shown(self, redactor: &Redactor) -> Self {
        let shown = |text: String| -> String {
            let text = redactor.text(&text);
            text.chars().filter(|c| !is_invisible(*c)).collect()
        };
        match self {
            Self::Refused {
                realm,
                scope,
                response,
                identity,
                advice,
            } => Self::Refused {
                realm: shown(realm),
                scope: shown(scope),
                response: shown(response),
                identity,
                advice,
            },
            Self::Unusable {
                realm,
                scope,
                reason,
            } => Self::Unusable {
                realm: shown(realm),
                scope: shown(scope),
                reason: shown(reason),
            },
            Self::PermissionRevoked {
                url,
                identity,
                action,
                repository,
                answered,
            } => Self::PermissionRevoked {
                url,
                identity,
                action,
                repository,
                answered: shown(answered),
            },
            Self::PlainRealm { realm } => Self::PlainRealm {
                realm: shown(realm),
            },
            Self::InvalidRealm { realm } => Self::InvalidRealm {
                realm: shown(realm),
            },
            Self::TokensExpire { .. } | Self::Revoked { .. } => self,
        }
    }
}
