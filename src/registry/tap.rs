//! A view of every exchange of a server, for tests of clients.

use std::fmt::Debug;
use std::sync::Arc;

use bytes::Bytes;

use super::api_request::ApiRequest;
use super::api_response::ApiResponse;
use super::router::Registry;

/// Sees every request to a server before the registry does, and decides what is answered.
pub trait Tap: Debug + Send + Sync {
    /// The response to a request; `respond` is the registry's own.
    fn exchange(
        &self,
        request: ApiRequest,
        respond: &dyn Fn(ApiRequest) -> ApiResponse,
    ) -> ApiResponse;
}

/// The stored content of a running registry, without authentication, permitted variants that edit responses, and faults.
#[derive(Debug, Clone)]
pub struct StoredContent {
    registry: Arc<Registry>,
}

impl StoredContent {
    pub(super) const fn of(registry: Arc<Registry>) -> Self {
        Self { registry }
    }

    /// Stores a blob. Its digest is not checked.
    pub fn put_blob(&self, repository: &str, digest: &str, bytes: Bytes) {
        self.registry.store_blob(repository, digest, bytes);
    }

    /// The response of the handler of a request.
    pub fn request(&self, request: &ApiRequest) -> ApiResponse {
        self.registry.handle_directly(request)
    }
}
