//! Routes a request to the handler of its endpoint, and applies permitted variants and faults.

use std::sync::{Mutex, PoisonError};

use super::api_request::{ApiRequest, Endpoint};
use super::api_response::ApiResponse;
use super::auth::AuthGate;
use super::deviation::Deviation;
use super::grammar::is_name;
use super::options::{ErrorBodies, Options};
use super::store::Store;
use super::{blobs, docker_v2, manifests, referrers, tags, uploads};

/// The registry: its options, its stored content and its tokens.
#[derive(Debug)]
pub struct Registry {
    pub options: Options,
    /// Those of permitted variants first, then those of faults.
    deviations: Vec<Deviation>,
    auth_gate: AuthGate,
    store: Mutex<Store>,
}

impl Registry {
    /// An empty registry. `token_port` is the port of the token server, if it has a port of its own.
    pub fn new(mut options: Options, token_port: Option<u16>) -> Self {
        let faults = options.faults.iter().map(|fault| fault.deviation);
        let deviations: Vec<Deviation> = options.quirks.iter().copied().chain(faults).collect();
        for deviation in &deviations {
            if let Deviation::Switch(switch) = deviation {
                switch(&mut options.switches);
            }
        }
        Self {
            options,
            deviations,
            auth_gate: AuthGate::new(token_port),
            store: Mutex::default(),
        }
    }

    pub fn response(&self, mut request: ApiRequest) -> ApiResponse {
        if let Some(response) = self.auth_gate.authorize(&self.options.login, &request) {
            return response;
        }
        for deviation in &self.deviations {
            if let Deviation::EditRequest(change) = deviation {
                change(&mut request);
            }
        }
        let mut response = self.handle(&mut request);
        if response.status >= 400 && response.status < 500 {
            self.format_error_body(&mut response);
        }
        for deviation in &self.deviations {
            deviation.edit_response(&request, &mut response);
        }
        response
    }

    /// The response of a token server with a port of its own.
    pub fn token_server_response(&self, request: ApiRequest) -> ApiResponse {
        self.auth_gate
            .token_server_response(&self.options.login, &request)
    }

    /// Stores a blob without any check.
    pub fn store_blob(&self, repository: &str, digest: &str, bytes: bytes::Bytes) {
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        store.put_blob(repository, digest, bytes);
    }

    /// The response of the handler, without authentication, variants that edit responses, and faults.
    pub fn handle_directly(&self, request: &ApiRequest) -> ApiResponse {
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        route(&mut store, &self.options, request)
    }

    fn handle(&self, request: &mut ApiRequest) -> ApiResponse {
        // A handler that panicked leaves the store usable for other requests.
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        for name in self.auth_gate.take_created_repositories() {
            store.repositories.entry(name).or_default();
        }
        if let Some(error) = self.check_rate_limit(store.next()) {
            return error;
        }
        if let Some(name) = request.endpoint.repository()
            && !is_name(name)
            && !self.options.switches.accept_invalid_names
        {
            return ApiResponse::error(400, "NAME_INVALID", "the repository name is invalid");
        }
        if !self.options.writable && !request.reads() {
            return ApiResponse::error(405, "UNSUPPORTED", "this registry is read-only")
                .with("Allow", "GET, HEAD");
        }
        for deviation in &self.deviations {
            if let Deviation::Before(act) = deviation
                && let Some(response) = act(&mut store, request)
            {
                return response;
            }
        }
        let mut response = route(&mut store, &self.options, request);
        for deviation in &self.deviations {
            if let Deviation::After(act) = deviation {
                act(&mut store, request, &mut response);
            }
        }
        response
    }

    /// 429 for every n-th request.
    fn check_rate_limit(&self, number: u64) -> Option<ApiResponse> {
        let switches = &self.options.switches;
        let every =
            match switches.rate_limit_without_retry_after || switches.rate_limit_with_code_denied {
                true => 60,
                false => self.options.rate_limit_every,
            };
        if every == 0 || !number.is_multiple_of(every) {
            return None;
        }
        let code = match switches.rate_limit_with_code_denied {
            true => "DENIED",
            false => "TOOMANYREQUESTS",
        };
        let error = ApiResponse::error(429, code, "too many requests");
        Some(match switches.rate_limit_without_retry_after {
            true => error,
            false => error.with("Retry-After", "0"),
        })
    }

    fn format_error_body(&self, response: &mut ApiResponse) {
        match self.options.error_bodies {
            ErrorBodies::Json => {}
            ErrorBodies::Empty => {
                response.remove("content-type");
                response.body = bytes::Bytes::new();
            }
            ErrorBodies::Html => {
                response.set("Content-Type", "text/html");
                response.body = "<html><body><h1>error</h1></body></html>".into();
            }
        }
    }
}

/// The endpoints of the specification, and their methods.
fn route(store: &mut Store, options: &Options, request: &ApiRequest) -> ApiResponse {
    let method = request.method.as_str();
    match (&request.endpoint, method) {
        (Endpoint::Base, "GET" | "HEAD") => {
            ApiResponse::json(200, "application/json", &serde_json::json!({}))
                .with("Docker-Distribution-Api-Version", "registry/2.0")
        }
        (Endpoint::Blob(name, digest), "GET" | "HEAD") => {
            blobs::read(store, options, request, name, digest)
        }
        (Endpoint::Blob(name, digest), "DELETE") => blobs::delete(store, options, name, digest),
        (Endpoint::Manifest(name, at), "GET" | "HEAD") => manifests::read(store, options, name, at),
        (Endpoint::Manifest(name, at), "PUT") => manifests::push(store, options, request, name, at),
        (Endpoint::Manifest(name, at), "DELETE") => manifests::delete(store, options, name, at),
        (Endpoint::Uploads(name), "POST") => uploads::open(store, options, request, name),
        (Endpoint::Upload(name, id), "GET") => uploads::status(store, options, request, name, id),
        (Endpoint::Upload(name, id), "PATCH") => {
            uploads::append_chunk(store, options, request, name, id)
        }
        (Endpoint::Upload(name, id), "PUT") => uploads::close(store, options, request, name, id),
        (Endpoint::Upload(name, id), "DELETE") => {
            uploads::cancel(store, options, request, name, id)
        }
        (Endpoint::Tags(name), "GET" | "HEAD") => tags::list(store, options, request, name),
        (Endpoint::Referrers(name, digest), "GET" | "HEAD") => {
            referrers::list(store, options, request, name, digest)
        }
        (Endpoint::Catalog, "GET" | "HEAD") => docker_v2::catalog(store, options, request),
        (Endpoint::Extensions(name), "GET" | "HEAD") => {
            docker_v2::extensions(store, name.as_deref())
        }
        (Endpoint::Unknown, _) => ApiResponse::error(
            404,
            "NAME_UNKNOWN",
            "the path is not an endpoint of the specification",
        ),
        (endpoint, _) => method_not_allowed(endpoint),
    }
}

fn method_not_allowed(endpoint: &Endpoint) -> ApiResponse {
    let allow = match endpoint {
        Endpoint::Blob(..) => "GET, HEAD, DELETE",
        Endpoint::Manifest(..) => "GET, HEAD, PUT, DELETE",
        Endpoint::Uploads(_) => "POST",
        Endpoint::Upload(..) => "GET, PATCH, PUT, DELETE",
        _ => "GET, HEAD",
    };
    ApiResponse::error(
        405,
        "UNSUPPORTED",
        "the endpoint does not support this method",
    )
    .with("Allow", allow)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use bytes::Bytes;

    use super::*;

    /// Status and error code of the response to a request such as `GET /v2/a?n=x`; headers as `name: value`.
    fn error_of(registry: &Registry, request: &str, headers: &[&str], body: &str) -> String {
        let (method, target) = request.split_once(' ').unwrap();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let response = registry.response(ApiRequest {
            method: method.to_owned(),
            path: path.to_owned(),
            query: url::form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
            headers: headers
                .iter()
                .map(|line| line.split_once(": ").unwrap())
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            body: Bytes::copy_from_slice(body.as_bytes()),
            origin: "http://localhost".to_owned(),
            endpoint: Endpoint::of(path),
            in_second_repository: false,
        });
        let body: serde_json::Value = serde_json::from_slice(&response.body).unwrap_or_default();
        let code = body
            .pointer("/errors/0/code")
            .and_then(|code| code.as_str());
        format!("{} {}", response.status, code.unwrap_or_default())
    }

    #[test]
    fn bad_input_is_answered_with_an_error() {
        let registry = Registry::new(Options::default(), None);
        let pushed = error_of(&registry, "PUT /v2/a/manifests/t", &[], "{}");
        assert_eq!(pushed, "201 ");
        let digest = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let long = format!("PUT /v2/a/manifests/{}", "t".repeat(129));
        let mismatch = format!("POST /v2/a/blobs/uploads/?digest={digest}");
        for (request, headers, body, expected) in [
            ("GET /", &[][..], "", "404 NAME_UNKNOWN"),
            ("GET /v2/A/tags/list", &[], "", "400 NAME_INVALID"),
            ("GET /v2//tags/list", &[], "", "400 NAME_INVALID"),
            ("GET /v2/\u{fffd}/tags/list", &[], "", "400 NAME_INVALID"),
            ("GET /v2/a/tags/list?n=-1", &[], "", "400 UNSUPPORTED"),
            ("GET /v2/a/tags/list?n=9e9", &[], "", "400 UNSUPPORTED"),
            ("GET /v2/_catalog?n=", &[], "", "400 UNSUPPORTED"),
            ("BREW /v2/a/tags/list", &[], "", "405 UNSUPPORTED"),
            ("GET /v2/a/blobs/sha256:0", &[], "", "400 DIGEST_INVALID"),
            ("GET /v2/a/referrers/t", &[], "", "400 DIGEST_INVALID"),
            (
                "PUT /v2/a/manifests/t",
                &[],
                "not JSON",
                "400 MANIFEST_INVALID",
            ),
            ("PUT /v2/a/manifests/t", &[], "[]", "400 MANIFEST_INVALID"),
            ("PUT /v2/a/manifests/md5:0", &[], "{}", "400 DIGEST_INVALID"),
            (&long, &[], "{}", "400 MANIFEST_INVALID"),
            (&mismatch, &[], "x", "400 DIGEST_INVALID"),
            (
                "PATCH /v2/a/blobs/uploads/x",
                &[],
                "x",
                "404 BLOB_UPLOAD_UNKNOWN",
            ),
        ] {
            let error = error_of(&registry, request, headers, body);
            assert_eq!(error, expected, "{request} with {body:?}");
        }
    }

    #[test]
    fn a_bad_content_range_is_refused() {
        let registry = Registry::new(Options::default(), None);
        assert_eq!(
            error_of(&registry, "POST /v2/a/blobs/uploads/", &[], ""),
            "202 "
        );
        let id = registry
            .store
            .lock()
            .unwrap()
            .uploads
            .keys()
            .next()
            .unwrap()
            .1
            .clone();
        let patch = format!("PATCH /v2/a/blobs/uploads/{id}");
        for (range, expected) in [
            ("content-range: x", "400 BLOB_UPLOAD_INVALID"),
            ("content-range: -", "400 BLOB_UPLOAD_INVALID"),
            (
                "content-range: 0-18446744073709551615",
                "400 BLOB_UPLOAD_INVALID",
            ),
            (
                "content-range: 18446744073709551615-0",
                "400 BLOB_UPLOAD_INVALID",
            ),
            ("content-range: 5-5", "416 BLOB_UPLOAD_INVALID"),
        ] {
            assert_eq!(
                error_of(&registry, &patch, &[range], "x"),
                expected,
                "{range}"
            );
        }
    }
}
