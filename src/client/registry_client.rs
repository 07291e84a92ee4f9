//! The client of a run.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::watch;
use url::Url;

use super::address::Address;
use super::auth::Access;
use super::client_state::ClientState;
use super::exchange::{Exchanged, Request};
use super::redact::Redactor;
use super::request_chain::RequestChain;
use super::settings::{Settings, SettingsError};

/// The client for the registry under test. A clone shares everything with the original.
#[derive(Clone)]
pub struct RegistryClient {
    state: Arc<ClientState>,
}

impl RegistryClient {
    /// A client for the registry at an address. Nothing is sent yet.
    ///
    /// # Errors
    /// When a certificate or key cannot be used.
    pub fn new(address: &Address, settings: Settings) -> Result<Self, SettingsError> {
        let state = Arc::new(ClientState::new(address, settings)?);
        Ok(Self { state })
    }

    /// Scheme, host and port, with the path `/`.
    pub fn base(&self) -> &Url {
        &self.state.base
    }

    /// The URL of the target as texts show it: without a slash at the end.
    pub fn shown_url(&self) -> String {
        self.base().as_str().trim_end_matches('/').to_owned()
    }

    /// How many requests were sent, redirects and retries included.
    pub fn requests(&self) -> u64 {
        self.state.requests.load(Ordering::Relaxed)
    }

    /// Notes about the run as a whole, for its reports.
    pub fn notes(&self) -> Vec<String> {
        self.state.notes()
    }

    /// The length of an interval in milliseconds, and the most requests in flight in each interval.
    pub(crate) fn load(&self) -> (u64, Vec<u32>) {
        self.state.throttle.load()
    }

    /// The pauses of all requests after a 429, or a 503 with `Retry-After`. The receiver changes to the length of each pause
    /// when it starts, and again when it grows noticeably; a receiver that is late sees the last length only.
    pub(crate) fn subscribe_pauses(&self) -> watch::Receiver<Duration> {
        self.state.throttle.subscribe_pauses()
    }

    /// A text without secrets. Everything that a registry sent, and every error, is shown through this.
    pub fn redact(&self, text: &str) -> String {
        self.state.redactor.text(text)
    }

    /// What removes secrets from texts.
    pub(crate) fn redactor(&self) -> &Redactor {
        &self.state.redactor
    }

    /// Whether a URL is one of the target, and not of another host to which it leads.
    pub(crate) fn is_target(&self, url: &Url) -> bool {
        url.origin() == self.state.base.origin()
    }

    /// The curl command that sends a request, without secrets.
    pub fn curl(&self, request: &Request) -> String {
        let own = self.is_target(&request.url);
        let scheme = self.state.access.scheme().filter(|_| own);
        self.state.recorder.curl(request, scheme)
    }

    /// Whether there are credentials for the registry.
    pub(crate) fn has_credentials(&self) -> bool {
        self.state.settings.credentials.is_some()
    }

    /// The settings that it was made with.
    pub(crate) fn settings(&self) -> &Settings {
        &self.state.settings
    }

    pub(super) fn access(&self) -> &Access {
        &self.state.access
    }

    /// Sends a request, and follows redirects, answers challenges, waits for rate limits and retries.
    pub async fn send(&self, request: Request) -> Exchanged {
        // What the callers hold while they wait for something else stays small.
        Box::pin(RequestChain::new(&self.state, request).send()).await
    }
}
