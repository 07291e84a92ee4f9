//! One request until its last response: retries, pauses, challenges, redirects.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant, SystemTime};

use url::Url;

use super::address::is_loopback;
use super::auth::RequestAuth;
use super::client_state::ClientState;
use super::concurrency_limit::Took;
use super::content_coding::ACCEPTED;
use super::exchange::{CONTENT_DIGEST, Exchanged, MAX_REFERENCE, Request, Response};
use super::rate_limit::Refusals;
use super::request_error::{MAX_REDIRECTS, RequestError};
use super::retry::Retries;
use super::sanitize::sanitize;
use super::send_once::send_once;
use crate::record::Exchange;

/// The most responses before the last that are kept of one request.
const MAX_INTERMEDIATE: usize = 8;

/// The most bytes that the body of a response before the last may have if it is kept.
const MAX_INTERMEDIATE_BODY: usize = 64 * 1024;

/// Up to how many bytes, of both bodies together, the time of a request depends on the registry's load rather than on the
/// size.
const SMALL: usize = 64 * 1024;

/// From so many bytes of headers on, a response takes much memory: each connection keeps as much for the next one.
const LARGE_HEADERS: usize = 64 * 1024;

pub struct RequestChain<'a> {
    state: &'a ClientState,
    request: Request,
    exchanges: Vec<Exchange>,
    intermediate: Vec<(Url, Response, Exchange)>,
    broken_off: Vec<Exchange>,
    lost: usize,
}

impl<'a> RequestChain<'a> {
    pub fn new(state: &'a ClientState, request: Request) -> Self {
        Self {
            state,
            request,
            exchanges: Vec::new(),
            intermediate: Vec::new(),
            broken_off: Vec::new(),
            lost: 0,
        }
    }

    pub async fn send(mut self) -> Exchanged {
        let response = self.last_response().await;
        Exchanged {
            url: self.request.url,
            exchanges: self.exchanges,
            intermediate: self.intermediate,
            broken_off: self.broken_off,
            lost: self.lost,
            response,
        }
    }

    async fn last_response(&mut self) -> Result<Response, RequestError> {
        let access = &self.state.access;
        let method = self.request.method.clone();
        let mut auth = access.authenticate(&method, &self.request.url).await?;
        let mut redirected = Vec::new();
        let mut digest = None;
        let (mut retries, mut refusals) = (Retries::default(), Refusals::default());
        loop {
            let outcome = self.send_recorded(&mut auth).await;
            let leads_nowhere = self.leads_nowhere(&outcome);
            let pause = retries.pause(&method, &outcome);
            if let Some(pause) = pause.filter(|_| !leads_nowhere) {
                self.note_retry(&outcome);
                tokio::time::sleep(pause).await;
                continue;
            }
            let mut response = outcome?;
            if response.is_rate_limited() {
                let delay = self.delay(&mut refusals, &response)?;
                let exchange = self.exchanges.pop();
                self.keep(response, exchange);
                tokio::time::sleep(delay).await;
                continue;
            }
            let url = &self.request.url;
            if response.status == 401
                && access
                    .answer_challenge(&mut auth, url, &response.headers)
                    .await?
            {
                // A challenge is no evidence of how the registry answers the request.
                let exchange = self.exchanges.pop();
                self.keep(response, exchange);
                continue;
            }
            self.check_permission(&auth, &response).await?;
            access.remember_location(&auth, url, &response.headers);
            match self.redirect(&response)? {
                None => {
                    response.inherit_digest(digest);
                    return Ok(response);
                }
                Some(next) if redirected.len() == MAX_REDIRECTS => {
                    // Redirects in a circle are all that the registry answers.
                    return match redirected.contains(&next) {
                        true => Ok(response),
                        false => Err(RequestError::TooManyRedirects),
                    };
                }
                Some(next) => {
                    redirected.push(next.clone());
                    digest = response.headers.get(CONTENT_DIGEST).cloned().or(digest);
                    let exchange = self.exchanges.last().cloned();
                    self.keep(response, exchange);
                    self.request.url = next;
                }
            }
        }
    }

    /// The last exchange is no evidence: the request is sent again.
    fn note_retry(&mut self, outcome: &Result<Response, RequestError>) {
        self.state.retries.fetch_add(1, Ordering::Relaxed);
        let exchange = self.exchanges.pop();
        let broken_off = outcome.as_ref().is_ok_and(Response::breaks_off);
        self.broken_off.extend(exchange.filter(|_| broken_off));
    }

    /// Whether the request went to another host, which refuses connections and never accepted one.
    fn leads_nowhere(&self, outcome: &Result<Response, RequestError>) -> bool {
        let (state, url) = (self.state, &self.request.url);
        if url.origin() == state.base.origin() {
            return false;
        }
        let accepted = !matches!(outcome, Err(RequestError::Connection(_)));
        state.other_hosts.count(url, accepted);
        !accepted && state.other_hosts.is_unreachable(url)
    }

    /// Fails where the registry refuses a request that it allowed before.
    async fn check_permission(
        &self,
        auth: &RequestAuth,
        response: &Response,
    ) -> Result<(), RequestError> {
        let (access, url) = (&self.state.access, &self.request.url);
        match response.status {
            401 => {
                access.check_still_accepted(auth).await?;
                access.check_still_allowed(auth, url).await?;
            }
            403 => access.check_still_allowed(auth, url).await?,
            status if status < 500 => access.record_allowed(&self.request.method, url),
            _ => {}
        }
        Ok(())
    }

    /// How long the request waits after a response that asks for it; every other request may wait too.
    fn delay(
        &self,
        refusals: &mut Refusals,
        response: &Response,
    ) -> Result<Duration, RequestError> {
        let throttle = &self.state.throttle;
        let delay = throttle.rate_limited(refusals, &response.headers);
        delay.map_err(|gave_up| {
            RequestError::RateLimited(gave_up.describe(response.status, &response.headers))
        })
    }

    /// Keeps a response that is not the last, with its exchange. The next request may wait for the memory that it reserved.
    fn keep(&mut self, mut response: Response, exchange: Option<Exchange>) {
        response.budget = None;
        let small = response.body.len() <= MAX_INTERMEDIATE_BODY;
        let room = self.intermediate.len() < MAX_INTERMEDIATE;
        if let Some(exchange) = exchange.filter(|_| small && room) {
            let url = self.request.url.clone();
            self.intermediate.push((url, response, exchange));
        }
    }

    /// The URL of a redirect to follow; none where the response is none, or may not be followed with this method (RFC 9110,
    /// section 15.4).
    fn redirect(&self, response: &Response) -> Result<Option<Url>, RequestError> {
        let follows = match response.status {
            301..=303 => self.request.reads(),
            307 | 308 => true,
            _ => false,
        };
        let location = response.headers.get("location").filter(|_| follows);
        let Some(location) = location else {
            return Ok(None);
        };
        let text = String::from_utf8_lossy(location.as_bytes()).into_owned();
        if text.len() > MAX_REFERENCE {
            let length = format!("a Location of {} bytes", text.len());
            return Err(RequestError::BadRedirect(length));
        }
        let from = &self.request.url;
        let refused = || RequestError::BadRedirect(sanitize(&self.state.redactor.text(&text)));
        let next = from.join(&text).map_err(|_| refused())?;
        let http = matches!(next.scheme(), "http" | "https");
        let downgrade = from.scheme() == "https" && next.scheme() == "http" && !is_loopback(&next);
        if !http || downgrade {
            return Err(refused());
        }
        Ok(Some(next))
    }

    /// Sends the request once, records the exchange, and adapts the throttle to the outcome.
    async fn send_recorded(&mut self, auth: &mut RequestAuth) -> Result<Response, RequestError> {
        let state = self.state;
        let _permit = state.throttle.enter(self.request.priority).await;
        state.access.renew(auth).await?;
        let mut headers = self.request.headers.clone();
        if let Some(value) = state.access.authorization(auth, &self.request.url) {
            headers.push(("Authorization".to_owned(), value));
        }
        state.requests.fetch_add(1, Ordering::Relaxed);
        let (started, began) = (SystemTime::now(), Instant::now());
        let (timeout, largest) = (state.settings.timeout, state.settings.largest_body);
        let sent = send_once(&state.http, &self.request, &headers, &state.budget, largest);
        let outcome = tokio::time::timeout(timeout, sent).await;
        let outcome = outcome.unwrap_or(Err(RequestError::Timeout(timeout)));
        if state.budget.is_contended() || outcome.as_ref().is_ok_and(has_large_headers) {
            state.throttle.memory_is_short();
        }
        self.lost += usize::from(matches!(&outcome, Err(error) if error.is_lost()));
        if let Ok(response) = &outcome {
            let coding = response
                .named_coding()
                .filter(|_| self.request.own_header("accept-encoding").is_none());
            if let Some(coding) = coding {
                // The request is shown with the header that the response is compared with.
                headers.push(("Accept-Encoding".to_owned(), ACCEPTED.to_owned()));
                state.codings.add(&coding);
            }
            let small = self.request.body.len() + response.body.len() <= SMALL;
            let first = state.connections.is_first(response.local);
            let took = match first {
                true => Took::Connecting(began.elapsed()),
                false => Took::Connected(began.elapsed()),
            };
            match response.status {
                _ if response.is_rate_limited() => {}
                503 => state.throttle.overloaded(),
                _ => state.throttle.answered(small.then_some(took)),
            }
        }
        let error = outcome.as_ref().err().map(ToString::to_string);
        let recorded = match (&outcome, &error) {
            (Ok(response), _) => Ok(response),
            (Err(_), error) => Err(error.as_deref().unwrap_or_default()),
        };
        let took = (started, began.elapsed());
        let exchange = state
            .recorder
            .exchange(&self.request, &headers, recorded, took);
        self.exchanges.push(exchange);
        outcome
    }
}

fn has_large_headers(response: &Response) -> bool {
    response.header_bytes() >= LARGE_HEADERS
}
