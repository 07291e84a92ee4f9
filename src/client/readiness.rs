//! Whether a registry is still starting: it does not listen yet, or what stands before it cannot reach it.

use http::Method;

use super::exchange::Request;
use super::registry_client::RegistryClient;
use super::request_error::{ConnectionFailure, RequestError};
use crate::endpoint::Endpoint;

impl RegistryClient {
    /// Sends `GET /v2/`. Returns why the registry is still starting; nothing once it answers, or once it fails in a way
    /// that time does not change, such as a certificate that is not trusted.
    pub async fn still_starting(&self) -> Option<String> {
        let url = Endpoint::Base.url(self.base());
        let request = Request::bare(Method::GET, url, "Check that the registry has started");
        let starting = match self.send(request).await.response {
            Ok(response) => {
                is_down(response.status).then(|| format!("GET /v2/ returned {}", response.status))
            }
            Err(error) => may_pass(&error).then(|| error.to_string()),
        };
        starting.map(|why| self.redact(&why))
    }
}

/// Whether this status of `GET /v2/` comes from a gateway without a registry behind it, or from a registry that is not ready.
pub(super) fn is_down(status: u16) -> bool {
    matches!(status, 502..=504)
}

/// Whether a request without a response may have one later.
fn may_pass(error: &RequestError) -> bool {
    let lasts = |failure: &ConnectionFailure| failure.tls.is_some();
    match error {
        RequestError::Connection(failure) => !lasts(failure) && !failure.wrong_protocol,
        // A forwarded port accepts connections, and closes them, before the registry listens.
        RequestError::Broken(failure) => !lasts(failure) && failure.closed,
        RequestError::Timeout(_) | RequestError::RateLimited(_) => true,
        RequestError::TooLarge(_)
        | RequestError::TooManyRedirects
        | RequestError::BadRedirect(_)
        | RequestError::Access(_)
        | RequestError::BadRequest(_) => false,
    }
}
