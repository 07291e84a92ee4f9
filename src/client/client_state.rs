//! What all requests of a client share.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use url::Url;

use super::address::Address;
use super::auth::Access;
use super::body_budget::BodyBudget;
use super::connect::{HttpVersions, client};
use super::connections::Connections;
use super::content_coding::CodingCount;
use super::credentials::Credentials;
use super::curl::CurlOptions;
use super::other_hosts::OtherHosts;
use super::recording::Recorder;
use super::redact::Redactor;
use super::settings::{Settings, SettingsError};
use super::throttle::Throttle;

/// For how many time-outs of one request a registry is waited for that only answers 429, or 503 with `Retry-After`.
const RATE_LIMITED_TIMEOUTS: u32 = 3;

/// What all requests of a client share: connections, the login, limits, and what is counted.
pub struct ClientState {
    /// The address of the registry.
    pub base: Url,
    pub http: reqwest::Client,
    pub settings: Settings,
    /// Removes secrets from everything that is recorded or shown.
    pub redactor: Arc<Redactor>,
    /// The login: the scheme of the registry, and its tokens.
    pub access: Access,
    /// Turns exchanges into evidence.
    pub recorder: Recorder,
    /// How many bytes of bodies may be in memory.
    pub budget: BodyBudget,
    /// How many requests may be in flight, and pauses that the registry asks for.
    pub throttle: Throttle,
    /// How many requests were sent again.
    pub retries: AtomicU64,
    /// The hosts to which redirects and Locations lead, as far as they respond.
    pub other_hosts: OtherHosts,
    pub connections: Connections,
    /// How many responses came in a content coding.
    pub codings: CodingCount,
    /// How many requests were sent, retries included.
    pub requests: AtomicU64,
}

impl ClientState {
    /// # Errors
    /// When a certificate or key cannot be used.
    pub fn new(address: &Address, settings: Settings) -> Result<Self, SettingsError> {
        let base = &address.base;
        let secrets = settings.credentials.iter().flat_map(Credentials::secrets);
        let secrets: Vec<String> = secrets.chain(settings.secrets.clone()).collect();
        let redactor = Arc::new(Redactor::new(&secrets));
        let http = client(&settings, base, HttpVersions::Http1AndHttp2)?;
        let curl = CurlOptions {
            insecure: settings.tls.insecure,
            username: settings
                .credentials
                .as_ref()
                .and_then(Credentials::username),
        };
        let patience = settings.timeout.saturating_mul(RATE_LIMITED_TIMEOUTS);
        Ok(Self {
            base: base.clone(),
            access: Access::new(base, &settings, http.clone(), redactor.clone()),
            http,
            recorder: Recorder::new(redactor.clone(), curl),
            redactor,
            budget: BodyBudget::new(),
            throttle: Throttle::new(settings.jobs, patience),
            retries: AtomicU64::new(0),
            other_hosts: OtherHosts::default(),
            connections: Connections::default(),
            codings: CodingCount::default(),
            settings,
            requests: AtomicU64::new(0),
        })
    }

    /// Notes about the run as a whole, for its reports.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = self.throttle.notes();
        let retries = self.retries.load(Ordering::Relaxed);
        if retries > 0 {
            let share = share(retries, self.requests.load(Ordering::Relaxed));
            notes.push(format!(
                "{retries} requests were sent again ({share} of all): there was no connection, no response came, its body broke off, or it was 502, 503 or 504"
            ));
        }
        notes.extend(self.codings.note());
        notes.extend(self.access.note());
        if let Some(command) = self.access.token_command() {
            notes.push(format!(
                "the curl lines of this report take a token from the variable TOKEN: `{command}`"
            ));
        }
        if self.settings.tls.insecure {
            notes.push("certificates were not checked (--insecure)".to_owned());
        }
        notes.iter().map(|note| self.redactor.text(note)).collect()
    }
}

/// A share of requests in per cent, for notes.
pub fn share(part: u64, whole: u64) -> String {
    match part.saturating_mul(1000).checked_div(whole).unwrap_or(0) {
        0 => "less than 0.1 %".to_owned(),
        mille => format!("{}.{} %", mille / 10, mille % 10),
    }
}
