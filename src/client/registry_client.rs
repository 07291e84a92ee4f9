//! Sending requests: within bounds, along redirects, with patience.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use http::{HeaderMap, Method};
use url::Url;

use super::address::is_loopback;
use super::auth::{Access, AccessError, RequestAuth};
use super::body_budget::{BodyBudget, Permit};
use super::connect::client;
use super::curl;
use super::recording::Recorder;
use super::redact::Redactor;
use super::retry::Retries;
use super::send_once::send_once;
use super::throttle::Throttle;
use super::{Address, Credentials, Settings, SettingsError};
use crate::record::{Exchange, Header, Transport};

/// The most answers before the last that are kept of one request, and the most bytes that each may have.
const MOST_PASSED: usize = 8;
const LARGEST_PASSED: usize = 64 * 1024;

/// The most redirects that are followed for one request.
const REDIRECTS: usize = 5;

/// For how many time-outs of one request a target is waited for that refuses everything (429, or 503 with
/// Retry-After).
const PATIENCE: u32 = 3;

/// The longest Location that is followed, in bytes.
const LONGEST_LOCATION: usize = 16 * 1024;

/// Up to which length of the request's and the answer's body the time that they take tells about the target's
/// load rather than about the size.
const SMALL: usize = 64 * 1024;

/// The registry under test. Cheap to clone.
#[derive(Clone)]
pub struct RegistryClient {
    inner: Arc<Inner>,
}

struct Inner {
    base: Url,
    client: reqwest::Client,
    settings: Settings,
    redactor: Arc<Redactor>,
    access: Access,
    recorder: Recorder,
    budget: BodyBudget,
    throttle: Throttle,
    sent_again: AtomicU64,
    requests: AtomicU64,
}

/// A request to send.
#[derive(Debug, Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The absolute URL.
    pub url: Url,
    /// The headers, beside those that HTTP asks for.
    pub headers: Vec<Header>,
    /// The body.
    pub body: Bytes,
    /// What it is for, in the evidence.
    pub step: String,
}

impl Request {
    /// A request without headers and body.
    pub fn bare(method: Method, url: Url, step: impl Into<String>) -> Self {
        Self {
            method,
            url,
            headers: Vec::new(),
            body: Bytes::new(),
            step: step.into(),
        }
    }
}

/// What came of a request.
#[derive(Debug)]
pub struct Exchanged {
    /// The URL that finally answered.
    pub url: Url,
    /// Everything that was sent and received on the way, in order.
    pub exchanges: Vec<Exchange>,
    /// The answers before the last (to come back later, to log in, to look elsewhere), with where they came from.
    pub intermediate: Vec<(Url, Response, Exchange)>,
    /// The answer, or why there is none.
    pub response: Result<Response, RequestError>,
}

/// An answer, read whole and within bounds.
#[derive(Debug, Clone)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// Why the body of an error is not whole: its status and headers count all the same.
    pub broken: Option<String>,
    /// How it came, for the evidence.
    pub transport: Option<Transport>,
    /// The room that a large body takes until it was looked at. Who keeps an answer for longer, or waits for another
    /// one meanwhile, drops it.
    pub budget: Option<Arc<Permit>>,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// It took too long.
    #[error("no whole answer came within {}", humantime::format_duration(*.0))]
    Timeout(Duration),
    /// No connection could be made.
    #[error("no connection could be made: {0}")]
    Connection(String),
    /// The connection broke, or what came is not HTTP.
    #[error("the connection broke, or the answer is not HTTP: {0}")]
    Broken(String),
    /// The body is larger than what is read.
    #[error("the body of the answer is larger than {0} bytes")]
    TooLarge(usize),
    /// It was redirected too often.
    #[error("it was redirected more than {REDIRECTS} times")]
    TooManyRedirects,
    /// It was redirected to where no request goes.
    #[error("it was redirected to {0}, which is not followed")]
    BadRedirect(String),
    /// The target asked for patience too often.
    #[error("the target asks for more patience than there is: {0}")]
    Impatient(String),
    /// There is no way in.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The request cannot be expressed in HTTP.
    #[error("the request cannot be sent: {0}")]
    BadRequest(String),
}

impl RequestError {
    /// Whether the target may have done what it was asked for all the same: the request was sent.
    pub const fn may_be_done(&self) -> bool {
        matches!(self, Self::Broken(_) | Self::Timeout(_))
    }
}

impl RegistryClient {
    /// A client for the registry at an address. Nothing is sent yet.
    ///
    /// # Errors
    /// When a certificate or key cannot be used.
    pub fn new(address: &Address, settings: Settings) -> Result<Self, SettingsError> {
        let secrets = settings.credentials.iter().flat_map(Credentials::secrets);
        let redactor = Redactor::new(&secrets.chain(settings.secrets.clone()).collect::<Vec<_>>());
        let redactor = Arc::new(redactor);
        let client = client(&settings, &address.base)?;
        let (base, known) = (&address.base, redactor.clone());
        let ways = curl::Ways {
            insecure: settings.tls.insecure,
            username: settings
                .credentials
                .as_ref()
                .and_then(Credentials::username),
        };
        Ok(Self {
            inner: Arc::new(Inner {
                base: base.clone(),
                access: Access::new(base, &settings, client.clone(), known),
                client,
                recorder: Recorder::new(redactor.clone(), ways),
                redactor,
                budget: BodyBudget::new(),
                throttle: Throttle::new(settings.jobs, settings.timeout.saturating_mul(PATIENCE)),
                sent_again: AtomicU64::new(0),
                settings,
                requests: AtomicU64::new(0),
            }),
        })
    }

    /// Scheme, host and port, with the path `/`.
    pub fn base(&self) -> &Url {
        &self.inner.base
    }

    /// How many requests were sent, redirects and repetitions included.
    pub fn requests(&self) -> u64 {
        self.inner.requests.load(Ordering::Relaxed)
    }

    /// Changes whenever the target's 429 or 503 pauses all requests, to the length of the pause.
    pub fn pauses(&self) -> tokio::sync::watch::Receiver<std::time::Duration> {
        self.inner.throttle.pauses()
    }

    /// What the report should say about the run as a whole.
    pub fn notes(&self) -> Vec<String> {
        let insecure = self.inner.settings.tls.insecure;
        let warning = insecure.then(|| "certificates were not checked (--insecure)".to_owned());
        let again = match self.inner.sent_again.load(Ordering::Relaxed) {
            0 => None,
            times => Some(format!(
                "{times} requests were sent again: their answers were lost, there was no connection, or the target was unavailable (502, 503, 504)"
            )),
        };
        let login = self.inner.access.note();
        let notes = self.inner.throttle.notes().into_iter();
        let token = self.inner.access.token_command().map(|command| {
            format!(
                "the curl lines of this report take a token from the variable TOKEN: `{command}`"
            )
        });
        let notes = notes.chain(again).chain(login).chain(token).chain(warning);
        notes.map(|note| self.redact(&note)).collect()
    }

    /// A text without secrets: whatever a target sent, or came of it, is shown through this.
    pub fn redact(&self, text: &str) -> String {
        self.inner.redactor.text(text)
    }

    /// The command that sends a request, without secrets.
    pub fn curl(&self, request: &Request) -> String {
        let own = request.url.origin() == self.inner.base.origin();
        let scheme = self.inner.access.scheme().filter(|_| own);
        self.inner.recorder.curl(request, scheme)
    }

    /// A text without secrets.
    pub fn shown(&self, text: &str) -> String {
        self.inner.redactor.header("location", text)
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    pub(super) fn access(&self) -> &Access {
        &self.inner.access
    }

    /// Sends a request; redirects are followed, and pauses kept that the target asks for.
    pub async fn send(&self, request: Request) -> Exchanged {
        let mut chain = RequestChain {
            inner: &self.inner,
            request,
            exchanges: Vec::new(),
            intermediate: Vec::new(),
        };
        let response = chain.go().await;
        Exchanged {
            url: chain.request.url,
            exchanges: chain.exchanges,
            intermediate: chain.intermediate,
            response,
        }
    }
}

/// One request on its way to its last answer.
struct RequestChain<'a> {
    inner: &'a Inner,
    request: Request,
    exchanges: Vec<Exchange>,
    intermediate: Vec<(Url, Response, Exchange)>,
}

impl RequestChain<'_> {
    async fn go(&mut self) -> Result<Response, RequestError> {
        let access = &self.inner.access;
        let mut pass = access.pass(&self.request.method, &self.request.url).await?;
        let mut redirects = 0;
        let mut retries = Retries::default();
        loop {
            let outcome = self.once(&pass).await;
            if let Some(pause) = retries.pause(&self.request.method, &outcome) {
                self.inner.sent_again.fetch_add(1, Ordering::Relaxed);
                self.exchanges.pop();
                tokio::time::sleep(pause).await;
                continue;
            }
            let response = outcome?;
            if response.asks_to_slow_down() {
                self.wait(&response)?;
                let exchange = self.exchanges.pop();
                self.pass(response, exchange);
                continue;
            }
            let url = &self.request.url;
            if response.status == 401
                && access
                    .answer_challenge(&mut pass, url, &response.headers)
                    .await?
            {
                // Being asked to log in is no answer to the request.
                let exchange = self.exchanges.pop();
                self.pass(response, exchange);
                continue;
            }
            match response.status {
                401 => {
                    access.still_inside(&pass).await?;
                    access.still_allowed(&pass, url).await?;
                }
                403 => access.still_allowed(&pass, url).await?,
                status if status < 500 => access.allowed(&self.request.method, url),
                _ => {}
            }
            access.leads_to(&pass, url, &response.headers);
            match self.redirect(&response)? {
                None => return Ok(response),
                Some(_) if redirects == REDIRECTS => return Err(RequestError::TooManyRedirects),
                Some(next) => {
                    redirects += 1;
                    let exchange = self.exchanges.last().cloned();
                    self.pass(response, exchange);
                    self.request.url = next;
                }
            }
        }
    }

    /// Makes everybody wait as an answer asks.
    fn wait(&self, response: &Response) -> Result<(), RequestError> {
        let pause = self.inner.throttle.refused(&response.headers);
        let Some(pause) = pause else {
            let asked = response.headers.get("retry-after");
            let asked = asked.map_or("for no time that it names".to_owned(), |value| {
                let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
                format!(
                    "Retry-After: {}",
                    value.chars().take(64).collect::<String>()
                )
            });
            return Err(RequestError::Impatient(format!(
                "status {}, {asked}",
                response.status
            )));
        };
        if let Some(pauses) = &self.inner.settings.pauses {
            // Nobody listening is no reason to stop.
            let _ = pauses.send(pause);
        }
        Ok(())
    }

    /// Keeps an answer that is not the last, with its exchange.
    fn pass(&mut self, response: Response, exchange: Option<Exchange>) {
        let small = response.body.len() <= LARGEST_PASSED;
        if let Some(exchange) = exchange.filter(|_| small && self.intermediate.len() < MOST_PASSED)
        {
            let url = self.request.url.clone();
            self.intermediate.push((url, response, exchange));
        }
    }

    fn only_reads(&self) -> bool {
        matches!(self.request.method, Method::GET | Method::HEAD)
    }

    fn redirect(&self, response: &Response) -> Result<Option<Url>, RequestError> {
        let follows = match response.status {
            301..=303 => self.only_reads(),
            307 | 308 => true,
            _ => false,
        };
        let location = response.headers.get("location").filter(|_| follows);
        let Some(location) = location else {
            return Ok(None);
        };
        let text = String::from_utf8_lossy(location.as_bytes()).into_owned();
        let from = &self.request.url;
        if text.len() > LONGEST_LOCATION {
            let what = format!("a Location of {} bytes", text.len());
            return Err(RequestError::BadRedirect(what));
        }
        let bad = || RequestError::BadRedirect(self.inner.redactor.header("location", &text));
        let next = from.join(&text).map_err(|_| bad())?;
        let known = matches!(next.scheme(), "http" | "https");
        let downgrade = from.scheme() == "https" && next.scheme() == "http" && !is_loopback(&next);
        if !known || downgrade {
            return Err(bad());
        }
        Ok(Some(next))
    }

    async fn once(&mut self, pass: &RequestAuth) -> Result<Response, RequestError> {
        let inner = self.inner;
        let _place = inner.throttle.enter().await;
        let mut headers = self.request.headers.clone();
        if let Some(login) = inner.access.header(pass, &self.request.url) {
            headers.push(("Authorization".to_owned(), login));
        }
        inner.requests.fetch_add(1, Ordering::Relaxed);
        let (started, began) = (SystemTime::now(), Instant::now());
        let timeout = inner.settings.timeout;
        let outcome = tokio::time::timeout(
            timeout,
            send_once(
                &inner.client,
                &self.request,
                &headers,
                &inner.budget,
                inner.settings.largest_body,
            ),
        )
        .await;
        let outcome = outcome.unwrap_or(Err(RequestError::Timeout(timeout)));
        if inner.budget.is_crowded() {
            inner.throttle.crowded();
        }
        if let Ok(response) = &outcome {
            let refusal = response.status == 503 || response.asks_to_slow_down();
            let small = self.request.body.len() + response.body.len() <= SMALL;
            match refusal {
                true => inner.throttle.overloaded(),
                false => inner.throttle.answered(small.then(|| began.elapsed())),
            }
        }
        let said = outcome.as_ref().map_err(ToString::to_string);
        self.exchanges.push(inner.recorder.exchange(
            &self.request,
            &headers,
            said.as_ref().copied().map_err(String::as_str),
            (started, began.elapsed()),
        ));
        outcome
    }
}

impl Response {
    fn asks_to_slow_down(&self) -> bool {
        self.status == 429 || (self.status == 503 && self.headers.contains_key("retry-after"))
    }
}
