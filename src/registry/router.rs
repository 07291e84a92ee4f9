//! From a call to its answer: one table.

use std::sync::{Mutex, PoisonError};

use super::api_request::{ApiRequest, Endpoint};
use super::api_response::ApiResponse;
use super::auth::AuthGate;
use super::faults::Deviation;
use super::grammar::is_name;
use super::options::{ErrorBodies, Locations, Options};
use super::store::Store;
use super::{blobs, docker_v2, manifests, referrers, tags, uploads};

/// The registry: its options and what it holds.
#[derive(Debug)]
pub struct Registry {
    pub options: Options,
    door: AuthGate,
    store: Mutex<Store>,
}

impl Registry {
    /// An empty registry; faults that switch something on do so now. `tokens` is the port of its token server, where
    /// that has a host of its own.
    pub fn new(mut options: Options, tokens: Option<u16>) -> Self {
        for deviation in deviations(&options) {
            if let Deviation::Switch(switch) = deviation {
                switch(&mut options.breaks);
            }
        }
        Self {
            options,
            door: AuthGate::new(tokens),
            store: Mutex::default(),
        }
    }

    /// Answers a call.
    pub fn response(&self, mut request: ApiRequest) -> ApiResponse {
        if let Some(response) = self.door.authorize(&self.options.login, &request) {
            return response;
        }
        let deviations = deviations(&self.options);
        for deviation in &deviations {
            if let Deviation::ApiRequest(change) = deviation {
                change(&mut request);
            }
        }
        let mut response = self.handle(&mut request, &deviations);
        if response.status >= 400 && response.status < 500 {
            self.dress_error(&mut response);
        }
        for deviation in &deviations {
            deviation.edit_response(&request, &mut response);
        }
        response
    }

    /// Answers a call to the token server, where that has a host of its own.
    pub fn give_token(&self, request: ApiRequest) -> ApiResponse {
        self.door.tokens_alone(&self.options.login, &request)
    }

    fn handle(&self, request: &mut ApiRequest, deviations: &[Deviation]) -> ApiResponse {
        // A handler that panicked has left nothing half done that matters to others.
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        let number = store.next();
        let breaks = &self.options.breaks;
        let every = match breaks.too_many_no_time || breaks.too_many_denied {
            true => 60,
            false => self.options.too_many_every,
        };
        if every > 0 && number.is_multiple_of(every) {
            let code = match breaks.too_many_denied {
                true => "DENIED",
                false => "TOOMANYREQUESTS",
            };
            let refusal = ApiResponse::error(429, code, "come back");
            return match breaks.too_many_no_time {
                true => refusal,
                false => refusal.with("Retry-After", "0"),
            };
        }
        if let Some(name) = request.endpoint.repository()
            && !is_name(name)
            && !self.options.breaks.any_name
        {
            return ApiResponse::error(400, "NAME_INVALID", "the name breaks the grammar of names");
        }
        if !self.options.writable && !matches!(request.method.as_str(), "GET" | "HEAD") {
            return ApiResponse::error(405, "UNSUPPORTED", "this registry serves pulls only")
                .with("Allow", "GET, HEAD");
        }
        for deviation in deviations {
            if let Deviation::Before(act) = deviation
                && let Some(response) = act(&mut store, request)
            {
                return response;
            }
        }
        let mut response = route(&mut store, &self.options, request);
        for deviation in deviations {
            if let Deviation::After(act) = deviation {
                act(&mut store, request, &mut response);
            }
        }
        response
    }

    fn dress_error(&self, response: &mut ApiResponse) {
        match self.options.error_bodies {
            ErrorBodies::Json => {}
            ErrorBodies::Empty => {
                response.remove("content-type");
                response.body = bytes::Bytes::new();
            }
            ErrorBodies::Html => {
                response.set("Content-Type", "text/html");
                response.body = "<html><body><h1>no</h1></body></html>".into();
            }
        }
    }
}

/// Legal habits first, then faults.
fn deviations(options: &Options) -> Vec<Deviation> {
    let faults = options.faults.iter().map(|fault| fault.deviation);
    options.quirks.iter().copied().chain(faults).collect()
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
        (Endpoint::Upload(name, id), "GET") => uploads::state(store, options, request, name, id),
        (Endpoint::Upload(name, id), "PATCH") => uploads::chunk(store, options, request, name, id),
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
        (Endpoint::Unknown, _) => ApiResponse::error(404, "NAME_UNKNOWN", "there is nothing here"),
        (endpoint, _) => {
            let allow = match endpoint {
                Endpoint::Blob(..) => "GET, HEAD, DELETE",
                Endpoint::Manifest(..) => "GET, HEAD, PUT, DELETE",
                Endpoint::Uploads(_) => "POST",
                Endpoint::Upload(..) => "GET, PATCH, PUT, DELETE",
                _ => "GET, HEAD",
            };
            ApiResponse::error(405, "UNSUPPORTED", "this method does nothing here")
                .with("Allow", allow)
        }
    }
}

/// A Location or Link target for a path, in the form that the options choose.
pub fn reference(options: &Options, request: &ApiRequest, path: &str, query: &str) -> String {
    let query = match query {
        "" => String::new(),
        some => format!("?{some}"),
    };
    match options.locations {
        Locations::Host => format!("{path}{query}"),
        Locations::Absolute => format!("{}{path}{query}", request.origin),
        Locations::Query => {
            let join = if query.is_empty() { '?' } else { '&' };
            format!("{}{path}{query}{join}extra=1", request.origin)
        }
        Locations::Request => format!("{}{query}", relative(&request.path, path)),
    }
}

/// `to`, relative to the URL path `from`.
fn relative(from: &str, to: &str) -> String {
    let folders = from.matches('/').count().saturating_sub(1);
    let up = "../".repeat(folders);
    format!(
        "{}{}",
        if up.is_empty() { "./" } else { &up },
        to.trim_start_matches('/')
    )
}

#[cfg(test)]
mod tests {
    use super::relative;

    #[test]
    fn references_are_relative_to_the_request() {
        assert_eq!(
            relative("/v2/a/blobs/uploads/", "/v2/a/blobs/uploads/x"),
            "../../../../v2/a/blobs/uploads/x"
        );
        assert_eq!(relative("/v2/", "/v2/x"), "../v2/x");
    }
}
