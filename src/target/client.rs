//! Sending requests: within bounds, along redirects, with patience.

use std::error::Error as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, Method, StatusCode};
use url::Url;

use super::address::is_loopback;
use super::auth::asks_for_basic;
use super::connect::client;
use super::recording::exchange;
use super::redact::Redactor;
use super::throttle::Throttle;
use super::{Address, Settings, SettingsError};
use crate::record::{Exchange, Header};

/// The most redirects that are followed for one request.
const REDIRECTS: usize = 5;

/// The registry under test. Cheap to clone.
#[derive(Clone)]
pub struct Target {
    inner: Arc<Inner>,
}

struct Inner {
    base: Url,
    client: reqwest::Client,
    settings: Settings,
    redactor: Redactor,
    throttle: Throttle,
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

/// What came of a request.
#[derive(Debug)]
pub struct Reply {
    /// The URL that finally answered.
    pub url: Url,
    /// Everything that was sent and received on the way, in order.
    pub exchanges: Vec<Exchange>,
    /// The answer, or why there is none.
    pub answer: Result<Answer, Failure>,
}

/// An answer, read whole and within bounds.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// Why the body of an error is not whole: its status and headers count all the same.
    pub broken: Option<String>,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
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
    #[error("the target asked for patience again and again (429 or 503)")]
    Impatient,
    /// The request cannot be expressed in HTTP.
    #[error("the request cannot be sent: {0}")]
    BadRequest(String),
}

impl Target {
    /// A client for the registry at an address. Nothing is sent yet.
    ///
    /// # Errors
    /// When a certificate or key cannot be used.
    pub fn new(address: &Address, settings: Settings) -> Result<Self, SettingsError> {
        let secrets = settings.credentials.iter();
        let redactor = Redactor::new(secrets.flat_map(|known| known.secrets()).collect());
        Ok(Self {
            inner: Arc::new(Inner {
                base: address.base.clone(),
                client: client(&settings)?,
                redactor,
                throttle: Throttle::new(settings.jobs),
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

    /// What the report should say about the run as a whole.
    pub fn notes(&self) -> Vec<String> {
        let insecure = self.inner.settings.tls.insecure;
        let warning = insecure.then(|| "certificates were not checked (--insecure)".to_owned());
        self.inner
            .throttle
            .note()
            .into_iter()
            .chain(warning)
            .collect()
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// Sends a request; redirects are followed, and pauses kept that the target asks for.
    pub async fn send(&self, request: Request) -> Reply {
        let mut journey = Journey {
            inner: &self.inner,
            request,
            exchanges: Vec::new(),
        };
        let answer = journey.go().await;
        Reply {
            url: journey.request.url,
            exchanges: journey.exchanges,
            answer,
        }
    }
}

/// One request on its way to its last answer.
struct Journey<'a> {
    inner: &'a Inner,
    request: Request,
    exchanges: Vec<Exchange>,
}

impl Journey<'_> {
    async fn go(&mut self) -> Result<Answer, Failure> {
        let (mut redirects, mut retried, mut logged_in) = (0, false, false);
        loop {
            let answer = match self.once(logged_in).await {
                Err(Failure::Broken(_)) if !retried && self.only_reads() => {
                    // A connection that the target had closed meanwhile.
                    retried = true;
                    self.exchanges.pop();
                    continue;
                }
                other => other?,
            };
            if answer.asks_for_patience() {
                if let Some(pause) = self.inner.throttle.pause(&answer.headers) {
                    if let Some(pauses) = &self.inner.settings.pauses {
                        // Nobody listening is no reason to stop.
                        let _ = pauses.send(pause);
                    }
                    continue;
                }
                return Err(Failure::Impatient);
            }
            if answer.status == 401 && !logged_in && self.may_log_in(&answer) {
                logged_in = true;
                continue;
            }
            match self.redirect(&answer)? {
                None => return Ok(answer),
                Some(_) if redirects == REDIRECTS => return Err(Failure::TooManyRedirects),
                Some(next) => {
                    redirects += 1;
                    self.request.url = next;
                }
            }
        }
    }

    fn only_reads(&self) -> bool {
        matches!(self.request.method, Method::GET | Method::HEAD)
    }

    /// Credentials go to the target alone, and in the clear only to this machine.
    fn may_log_in(&self, answer: &Answer) -> bool {
        let url = &self.request.url;
        let asked = answer.headers.get_all("www-authenticate").iter();
        self.inner.settings.credentials.is_some()
            && url.origin() == self.inner.base.origin()
            && asked
                .filter_map(|value| value.to_str().ok())
                .any(asks_for_basic)
    }

    fn redirect(&self, answer: &Answer) -> Result<Option<Url>, Failure> {
        let follows = match answer.status {
            301..=303 => self.only_reads(),
            307 | 308 => true,
            _ => false,
        };
        let location = answer.headers.get("location").filter(|_| follows);
        let Some(location) = location else {
            return Ok(None);
        };
        let text = String::from_utf8_lossy(location.as_bytes()).into_owned();
        let from = &self.request.url;
        let bad = || Failure::BadRedirect(self.inner.redactor.header("location", &text));
        let next = from.join(&text).map_err(|_| bad())?;
        let known = matches!(next.scheme(), "http" | "https");
        let downgrade = from.scheme() == "https" && next.scheme() == "http" && !is_loopback(&next);
        if !known || downgrade {
            return Err(bad());
        }
        Ok(Some(next))
    }

    async fn once(&mut self, logged_in: bool) -> Result<Answer, Failure> {
        let inner = self.inner;
        let _place = inner.throttle.enter().await;
        let mut headers = self.request.headers.clone();
        let same_origin = self.request.url.origin() == inner.base.origin();
        if let Some(credentials) = inner.settings.credentials.as_ref()
            && logged_in
            && same_origin
        {
            headers.push(("Authorization".to_owned(), credentials.basic()));
        }
        inner.requests.fetch_add(1, Ordering::Relaxed);
        let began = Instant::now();
        let timeout = inner.settings.timeout;
        let outcome = tokio::time::timeout(timeout, attempt(inner, &self.request, &headers)).await;
        let outcome = outcome.unwrap_or(Err(Failure::Timeout(timeout)));
        let said = outcome.as_ref().map_err(ToString::to_string);
        self.exchanges.push(exchange(
            &self.request,
            &headers,
            said.as_ref().copied().map_err(String::as_str),
            began.elapsed(),
            &inner.redactor,
            inner.settings.tls.insecure,
        ));
        outcome
    }
}

impl Answer {
    fn asks_for_patience(&self) -> bool {
        self.status == 429 || (self.status == 503 && self.headers.contains_key("retry-after"))
    }
}

async fn attempt(inner: &Inner, request: &Request, headers: &[Header]) -> Result<Answer, Failure> {
    let mut sent = inner
        .client
        .request(request.method.clone(), request.url.clone());
    for (name, value) in headers {
        sent = sent.header(name, value);
    }
    let writes = matches!(request.method, Method::POST | Method::PUT | Method::PATCH);
    if writes || !request.body.is_empty() {
        sent = sent.header("Content-Length", request.body.len());
        sent = sent.body(request.body.clone());
    }
    let answer = sent.send().await.map_err(|error| failure(&error))?;
    let (status, headers) = (answer.status(), answer.headers().clone());
    let (body, broken) = read(answer, inner.settings.largest_body, status).await?;
    Ok(Answer {
        status: status.as_u16(),
        headers,
        body,
        broken,
    })
}

/// Reads a body within bounds. Of an error, what came counts even where the rest is missing.
async fn read(
    mut answer: reqwest::Response,
    largest: usize,
    status: StatusCode,
) -> Result<(Bytes, Option<String>), Failure> {
    let mut body = BytesMut::new();
    loop {
        match answer.chunk().await {
            Ok(Some(part)) if body.len() + part.len() > largest => {
                return Err(Failure::TooLarge(largest));
            }
            Ok(Some(part)) => body.extend_from_slice(&part),
            Ok(None) => return Ok((body.freeze(), None)),
            Err(error) if status.is_client_error() || status.is_server_error() => {
                return Ok((body.freeze(), Some(reason(&error))));
            }
            Err(error) => return Err(failure(&error)),
        }
    }
}

fn failure(error: &reqwest::Error) -> Failure {
    if error.is_builder() {
        Failure::BadRequest(reason(error))
    } else if error.is_connect() {
        Failure::Connection(reason(error))
    } else {
        Failure::Broken(reason(error))
    }
}

/// The innermost reasons of an error, without URLs.
fn reason(error: &reqwest::Error) -> String {
    let mut reasons = Vec::new();
    let mut source = error.source();
    while let Some(inner) = source {
        let text = inner.to_string();
        if !reasons.contains(&text) {
            reasons.push(text);
        }
        source = inner.source();
    }
    match reasons.is_empty() {
        true => error.to_string(),
        false => reasons.join(": "),
    }
}
