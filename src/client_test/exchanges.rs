//! Everything that came over the wire in a trial, and the responses that differ from the registry's own.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};

use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use url::Url;

use super::alter::{Alteration, alter, url_at};
use super::content::Content;
use super::format::{Answer, OtherHost};
use super::hosts::Hosts;
use super::secrets::Secrets;
use crate::endpoint::Endpoint;
use crate::registry::{ApiRequest, ApiResponse, Delivery, StoredContent, Tap};
use crate::traffic::{WireBody, WireExchange, WireRequest, WireResponse};

/// The most exchanges of a trial that are kept: a client in a cycle sends thousands in a second.
const MOST: usize = 5000;

/// One exchange of a trial.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The host that the client asked; `None` for the registry itself.
    pub host: Option<OtherHost>,
    pub request: ApiRequest,
    pub response: ApiResponse,
    pub began: SystemTime,
    /// Until the response was ready.
    pub took: Duration,
    /// The answer of the scenario that changed it, by position.
    pub answer: Option<usize>,
}

impl Seen {
    /// Whether the client got the response; otherwise, the connection was closed.
    fn is_answered(&self) -> bool {
        !matches!(self.response.delivery, Delivery::Closed)
    }
}

/// The exchanges of a trial, for the rules of traffic; their numbers are their positions. One without a URL, for lack of a
/// Host, is left out.
pub fn traffic(seen: &[Seen]) -> Vec<Arc<WireExchange>> {
    let exchange = |(number, seen): (usize, &Seen)| {
        let url = Url::parse(&url_at(&seen.request.origin, &seen.request));
        let url = url.ok()?;
        Some(Arc::new(WireExchange {
            number,
            request: WireRequest {
                method: seen.request.method.clone(),
                endpoint: Endpoint::parse(url.path()),
                url,
                headers: headers(&seen.request.headers),
                body: WireBody::whole(seen.request.body.clone()),
                // The registry of a trial has one client.
                connection: Some(0),
                complete: true,
            },
            response: seen.is_answered().then(|| WireResponse {
                status: seen.response.status,
                headers: headers(&seen.response.headers),
                body: WireBody::whole(seen.response.body.clone()),
                protocol: String::new(),
            }),
            error: (!seen.is_answered()).then(|| "the scenario closes the connection".to_owned()),
            began: seen.began,
            took: seen.took,
            trusted: seen.answer.is_none(),
        }))
    };
    seen.iter().enumerate().filter_map(exchange).collect()
}

fn headers(lines: &[(String, String)]) -> HeaderMap {
    let parsed = lines.iter().filter_map(|(name, value)| {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        Some((name, HeaderValue::from_bytes(value.as_bytes()).ok()?))
    });
    let mut headers = HeaderMap::new();
    for (name, value) in parsed {
        headers.append(name, value);
    }
    headers
}

/// The exchanges of a trial, and the answers that the scenario gives in them.
#[derive(Debug)]
pub struct TrialExchanges {
    answers: Vec<Answer>,
    given: Vec<AtomicU32>,
    content: Arc<Content>,
    /// The authority of each other host.
    hosts: OnceLock<Hosts>,
    stored: OnceLock<StoredContent>,
    seen: Mutex<Vec<Seen>>,
    /// The bytes of endless bodies that were taken.
    taken: Arc<AtomicU64>,
    pub secrets: Secrets,
}

impl TrialExchanges {
    pub fn new(answers: &[Answer], content: Arc<Content>, secrets: Secrets) -> Self {
        Self {
            given: answers.iter().map(|_| AtomicU32::new(0)).collect(),
            answers: answers.to_vec(),
            content,
            hosts: OnceLock::new(),
            stored: OnceLock::new(),
            seen: Mutex::default(),
            taken: Arc::default(),
            secrets,
        }
    }

    /// Completes it, once the listeners have their addresses.
    pub fn connect(&self, hosts: Hosts, stored: StoredContent) {
        let _ = self.hosts.set(hosts);
        let _ = self.stored.set(stored);
    }

    /// What was seen so far; it is seen no more.
    pub fn take_seen(&self) -> Vec<Seen> {
        std::mem::take(&mut self.lock())
    }

    /// How often each answer of the scenario was given.
    pub fn given(&self) -> Vec<u32> {
        let counts = self.given.iter();
        counts.map(|count| count.load(Ordering::Relaxed)).collect()
    }

    /// The bytes of endless bodies that the client took.
    pub fn taken(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }

    /// The response of a host that is not the registry: it has the registry's content, and asks nobody for a password.
    pub fn elsewhere(&self, host: OtherHost, request: ApiRequest) -> ApiResponse {
        let stored = self.stored.get();
        self.answer(Some(host), request, &|request| {
            stored.map_or_else(|| ApiResponse::new(503), |stored| stored.request(&request))
        })
    }

    fn answer(
        &self,
        host: Option<OtherHost>,
        request: ApiRequest,
        respond: &dyn Fn(ApiRequest) -> ApiResponse,
    ) -> ApiResponse {
        let began = SystemTime::now();
        let refusal = self.take_refusal(host, &request);
        let mut response = match refusal {
            Some(_) => ApiResponse::new(403),
            None => respond(request.clone()),
        };
        self.learn_tokens(&request, &response);
        let answer =
            refusal.or_else(|| self.take_answer(host, &request, &response, &|_: &Answer| true));
        if let Some((index, hosts)) = answer.zip(self.hosts.get())
            && let Some(answer) = self.answers.get(index)
        {
            let alteration = Alteration {
                content: &self.content,
                hosts,
                taken: &self.taken,
            };
            alter(answer, &alteration, &request, &mut response);
        }
        let mut seen = self.lock();
        if seen.len() >= MOST {
            return response;
        }
        seen.push(Seen {
            host,
            request,
            response: response.clone(),
            began,
            // A clock that was set back says nothing.
            took: began.elapsed().unwrap_or_default(),
            answer,
        });
        response
    }

    /// The answer of the scenario that refuses this request, which is a write: a registry that refuses it does not do it.
    fn take_refusal(&self, host: Option<OtherHost>, request: &ApiRequest) -> Option<usize> {
        let refuses = |answer: &Answer| matches!(answer.status, Some(400..=499));
        let reads = request.is("GET") || request.is("HEAD");
        let none_yet = ApiResponse::new(200);
        (!reads)
            .then(|| self.take_answer(host, request, &none_yet, &refuses))
            .flatten()
    }

    /// The first answer of the scenario that is `wanted`, for this request, and not used up.
    fn take_answer(
        &self,
        host: Option<OtherHost>,
        request: &ApiRequest,
        response: &ApiResponse,
        wanted: &dyn Fn(&Answer) -> bool,
    ) -> Option<usize> {
        let both = self.answers.iter().zip(&self.given).enumerate();
        for (index, (answer, given)) in both {
            if !wanted(answer) || !answer.is_for(host, request, response, &self.content) {
                continue;
            }
            let before = given.fetch_add(1, Ordering::Relaxed);
            if answer.first.is_none_or(|first| before < first) {
                return Some(index);
            }
            given.fetch_sub(1, Ordering::Relaxed);
        }
        None
    }

    /// Tokens that the registry's token server issues are secrets.
    fn learn_tokens(&self, request: &ApiRequest, response: &ApiResponse) {
        if request.path != TOKEN_PATH {
            return;
        }
        let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
        for field in ["token", "access_token", "refresh_token"] {
            if let Some(token) = body.get(field).and_then(Value::as_str) {
                self.secrets.learn_token(token);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Seen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The path of the bundled registry's token server.
pub const TOKEN_PATH: &str = "/token";

/// A listener of a trial.
#[derive(Debug)]
pub struct Listener {
    pub wire: Arc<TrialExchanges>,
    /// The host that it plays; `None` for the registry itself.
    pub host: Option<OtherHost>,
}

impl Tap for Listener {
    fn exchange(
        &self,
        request: ApiRequest,
        respond: &dyn Fn(ApiRequest) -> ApiResponse,
    ) -> ApiResponse {
        match self.host {
            None => self.wire.answer(None, request, respond),
            Some(host) => self.wire.elsewhere(host, request),
        }
    }
}
