//! From a call to its answer: one table.

use std::sync::{Mutex, PoisonError};

use super::answer::Answer;
use super::auth::Door;
use super::call::{Call, Endpoint};
use super::faults::How;
use super::grammar::is_name;
use super::options::{ErrorBodies, Locations, Options};
use super::store::Store;
use super::{blobs, extras, manifests, referrers, tags, uploads};

/// The registry: its options and what it holds.
#[derive(Debug)]
pub struct Registry {
    pub options: Options,
    door: Door,
    store: Mutex<Store>,
}

impl Registry {
    /// An empty registry; faults that switch something on do so now. `tokens` is the port of its token server, where
    /// that has a host of its own.
    pub fn new(mut options: Options, tokens: Option<u16>) -> Self {
        for how in deviations(&options) {
            if let How::Break(switch) = how {
                switch(&mut options.breaks);
            }
        }
        Self {
            options,
            door: Door::new(tokens),
            store: Mutex::default(),
        }
    }

    /// Answers a call.
    pub fn answer(&self, mut call: Call) -> Answer {
        if let Some(answer) = self.door.stops(&self.options.login, &call) {
            return answer;
        }
        let deviations = deviations(&self.options);
        for how in &deviations {
            if let How::Call(change) = how {
                change(&mut call);
            }
        }
        let mut answer = self.handle(&mut call, &deviations);
        if answer.status >= 400 && answer.status < 500 {
            self.dress_error(&mut answer);
        }
        for how in &deviations {
            if let How::Answer(change) = how {
                change(&call, &mut answer);
            }
        }
        answer
    }

    /// Answers a call to the token server, where that has a host of its own.
    pub fn give_token(&self, call: Call) -> Answer {
        self.door.tokens_alone(&self.options.login, &call)
    }

    fn handle(&self, call: &mut Call, deviations: &[How]) -> Answer {
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
            let refusal = Answer::error(429, code, "come back");
            return match breaks.too_many_no_time {
                true => refusal,
                false => refusal.with("Retry-After", "0"),
            };
        }
        if let Some(name) = call.endpoint.repository()
            && !is_name(name)
            && !self.options.breaks.any_name
        {
            return Answer::error(400, "NAME_INVALID", "the name breaks the grammar of names");
        }
        if !self.options.writable && !matches!(call.method.as_str(), "GET" | "HEAD") {
            return Answer::error(405, "UNSUPPORTED", "this registry serves pulls only")
                .with("Allow", "GET, HEAD");
        }
        for how in deviations {
            if let How::Before(act) = how
                && let Some(answer) = act(&mut store, call)
            {
                return answer;
            }
        }
        let mut answer = route(&mut store, &self.options, call);
        for how in deviations {
            if let How::After(act) = how {
                act(&mut store, call, &mut answer);
            }
        }
        answer
    }

    fn dress_error(&self, answer: &mut Answer) {
        match self.options.error_bodies {
            ErrorBodies::Json => {}
            ErrorBodies::Empty => {
                answer.remove("content-type");
                answer.body = bytes::Bytes::new();
            }
            ErrorBodies::Html => {
                answer.set("Content-Type", "text/html");
                answer.body = "<html><body><h1>no</h1></body></html>".into();
            }
        }
    }
}

/// Legal habits first, then faults.
fn deviations(options: &Options) -> Vec<How> {
    let faults = options.faults.iter().map(|fault| fault.how);
    options.habits.iter().copied().chain(faults).collect()
}

/// The endpoints of the specification, and their methods.
fn route(store: &mut Store, options: &Options, call: &Call) -> Answer {
    let method = call.method.as_str();
    match (&call.endpoint, method) {
        (Endpoint::Base, "GET" | "HEAD") => {
            Answer::json(200, "application/json", &serde_json::json!({}))
                .with("Docker-Distribution-Api-Version", "registry/2.0")
        }
        (Endpoint::Blob(name, digest), "GET" | "HEAD") => {
            blobs::read(store, options, call, name, digest)
        }
        (Endpoint::Blob(name, digest), "DELETE") => blobs::delete(store, options, name, digest),
        (Endpoint::Manifest(name, at), "GET" | "HEAD") => manifests::read(store, options, name, at),
        (Endpoint::Manifest(name, at), "PUT") => manifests::push(store, options, call, name, at),
        (Endpoint::Manifest(name, at), "DELETE") => manifests::delete(store, options, name, at),
        (Endpoint::Uploads(name), "POST") => uploads::open(store, options, call, name),
        (Endpoint::Upload(name, id), "GET") => uploads::state(store, options, call, name, id),
        (Endpoint::Upload(name, id), "PATCH") => uploads::chunk(store, options, call, name, id),
        (Endpoint::Upload(name, id), "PUT") => uploads::close(store, options, call, name, id),
        (Endpoint::Upload(name, id), "DELETE") => uploads::cancel(store, options, call, name, id),
        (Endpoint::Tags(name), "GET" | "HEAD") => tags::list(store, options, call, name),
        (Endpoint::Referrers(name, digest), "GET" | "HEAD") => {
            referrers::list(store, options, call, name, digest)
        }
        (Endpoint::Catalog, "GET" | "HEAD") => extras::catalog(store, options, call),
        (Endpoint::Extensions(name), "GET" | "HEAD") => extras::extensions(store, name.as_deref()),
        (Endpoint::Unknown, _) => Answer::error(404, "NAME_UNKNOWN", "there is nothing here"),
        (endpoint, _) => {
            let allow = match endpoint {
                Endpoint::Blob(..) => "GET, HEAD, DELETE",
                Endpoint::Manifest(..) => "GET, HEAD, PUT, DELETE",
                Endpoint::Uploads(_) => "POST",
                Endpoint::Upload(..) => "GET, PATCH, PUT, DELETE",
                _ => "GET, HEAD",
            };
            Answer::error(405, "UNSUPPORTED", "this method does nothing here").with("Allow", allow)
        }
    }
}

/// A Location or Link target for a path, in the form that the options choose.
pub fn reference(options: &Options, call: &Call, path: &str, query: &str) -> String {
    let query = match query {
        "" => String::new(),
        some => format!("?{some}"),
    };
    match options.locations {
        Locations::Host => format!("{path}{query}"),
        Locations::Absolute => format!("{}{path}{query}", call.origin),
        Locations::Query => {
            let join = if query.is_empty() { '?' } else { '&' };
            format!("{}{path}{query}{join}extra=1", call.origin)
        }
        Locations::Request => format!("{}{query}", relative(&call.path, path)),
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
