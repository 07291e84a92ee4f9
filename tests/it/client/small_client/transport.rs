//! Sends requests: challenges, redirects, waiting, warnings.

use std::collections::BTreeSet;

use reqwest::{Method, Response, StatusCode};
use serde_json::Value;
use url::Url;

use super::challenge::challenges;
use super::parts::{Outcome, Request, header, location};

/// The client.
pub(super) struct Client {
    http: reqwest::Client,
    pub(super) wrong: String,
    authorization: Option<String>,
    /// The origin that the credentials are for.
    origin: String,
    /// Whether another host was given the credentials because it asked for them.
    answered_elsewhere: bool,
    pub(super) warnings: BTreeSet<String>,
}

impl Client {
    pub(super) fn new() -> Self {
        let wrong = std::env::var("SMALL_CLIENT_WRONG").unwrap_or_default();
        let mut http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        if wrong != "no-user-agent" {
            http = http.user_agent("small-client/1.0");
        }
        let authority = std::env::var("SMALL_CLIENT_CA").ok();
        let authority = authority.and_then(|path| std::fs::read(path).ok());
        if let Some(pem) = authority {
            let certificate = reqwest::Certificate::from_pem(&pem).expect("a certificate");
            http = http.tls_certs_only([certificate]);
        }
        if wrong == "no-proxy" {
            http = http.no_proxy();
        }
        if wrong == "trusts-certificates" {
            http = http.tls_danger_accept_invalid_certs(true);
        }
        Self {
            http: http.build().expect("an HTTP client"),
            wrong,
            authorization: None,
            origin: String::new(),
            answered_elsewhere: false,
            warnings: BTreeSet::new(),
        }
    }

    /// Whether it has a permitted habit, which stands in the place of a mistake.
    pub(super) fn has_habit(&self, what: &str) -> bool {
        self.wrong == what
    }

    pub(super) fn does_wrong(&self, what: &str) -> bool {
        self.wrong == what
    }

    /// Sends a request, answers a challenge, waits where it is told to, and follows redirects.
    pub(super) async fn send(&mut self, mut request: Request) -> Outcome<Response> {
        if self.origin.is_empty() {
            self.origin = request.url.origin().ascii_serialization();
        }
        if self.does_wrong("namespace") {
            request
                .url
                .query_pairs_mut()
                .append_pair("ns", "example.com");
        }
        let mut redirects = 0;
        for attempt in 0.. {
            let response = self.send_once(&request).await?;
            self.take_warnings(&response)?;
            let status = response.status();
            let own = request.url.origin().ascii_serialization() == self.origin;
            let answers = own || self.does_wrong("answers-any-challenge");
            if status == StatusCode::UNAUTHORIZED && answers && attempt < 3 {
                self.answered_elsewhere |= !own;
                self.answer_challenge(&response).await?;
            } else if status == StatusCode::FORBIDDEN
                && attempt < 3
                && self.does_wrong("repeats-forbidden")
            {
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            } else if status == StatusCode::TOO_MANY_REQUESTS && attempt < 3 {
                let wait = header(&response, "retry-after").and_then(|it| it.parse().ok());
                let seconds = if self.does_wrong("impatient") {
                    0
                } else {
                    wait.unwrap_or(1)
                };
                tokio::time::sleep(std::time::Duration::from_secs(seconds)).await;
            } else if status.is_redirection() && !self.does_wrong("no-redirects") {
                redirects += 1;
                if redirects > 5 && !self.does_wrong("redirects-for-ever") {
                    return Err("too many redirects".to_owned());
                }
                request.url = location(&response)?;
            } else {
                return Ok(response);
            }
        }
        Err("unreachable".to_owned())
    }

    pub(super) async fn send_once(&self, request: &Request) -> Outcome<Response> {
        let own = request.url.origin().ascii_serialization() == self.origin;
        let mut builder = self
            .http
            .request(request.method.clone(), request.url.clone());
        builder = builder.headers(request.headers.clone());
        let everywhere = self.does_wrong("credentials-everywhere") || self.answered_elsewhere;
        if let Some(value) = self.authorization.as_ref().filter(|_| own || everywhere) {
            builder = builder.header("authorization", value);
        }
        match &request.body {
            Some(body) if request.streamed => {
                let body = body.clone();
                let stream = futures_util::stream::once(async { Ok::<_, std::io::Error>(body) });
                builder = builder.body(reqwest::Body::wrap_stream(stream));
            }
            Some(body) => builder = builder.body(body.clone()),
            None if request.method == Method::POST => {
                builder = builder.header("content-length", "0")
            }
            None => {}
        }
        builder
            .send()
            .await
            .map_err(|error| format!("{} {}: {error:?}", request.method, request.url))
    }

    pub(super) fn take_warnings(&mut self, response: &Response) -> Outcome<()> {
        for value in response.headers().get_all("warning") {
            let text = String::from_utf8_lossy(value.as_bytes()).into_owned();
            if self.does_wrong("warnings-twice") {
                eprintln!("{text}");
            }
            if self.does_wrong("warnings-fatal") {
                return Err(text);
            }
            if !self.does_wrong("warnings-hidden") {
                self.warnings.insert(text);
            }
        }
        Ok(())
    }

    /// Sends the password, or gets a token for it.
    pub(super) async fn answer_challenge(&mut self, response: &Response) -> Outcome<()> {
        let login =
            std::env::var("SMALL_CLIENT_LOGIN").map_err(|_| "401, and no login".to_owned())?;
        let basic = format!("Basic {login}");
        let headers = response.headers().get_all("www-authenticate");
        let lines: Vec<String> = headers
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
            .collect();
        let line = lines.join(", ");
        if self.does_wrong("first-challenge-only")
            && !line.starts_with("Bearer realm")
            && !line.starts_with("Basic realm")
        {
            return Err("no challenge".to_owned());
        }
        let challenges = challenges(&line);
        let of = |scheme: &str| {
            challenges
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(scheme))
        };
        let Some((_, parameters)) = of("bearer") else {
            of("basic").ok_or("no challenge that this client can answer")?;
            self.authorization = Some(basic);
            return Ok(());
        };
        let value = |name: &str| {
            let mut all = parameters.iter();
            all.find(|(known, _)| known.eq_ignore_ascii_case(name))
                .map(|(_, value)| value.clone())
        };
        let mut url =
            Url::parse(&value("realm").ok_or("no realm")?).map_err(|error| error.to_string())?;
        let own = response.url().path().trim_start_matches("/v2/").to_owned();
        let name = own
            .split("/manifests/")
            .next()
            .and_then(|it| it.split("/blobs/").next());
        let scope = value("scope")
            .unwrap_or_else(|| format!("repository:{}:pull,push", name.unwrap_or_default()));
        url.query_pairs_mut().append_pair("scope", &scope);
        if let Some(service) = value("service") {
            url.query_pairs_mut().append_pair("service", &service);
        }
        let answer = self
            .http
            .get(url)
            .header("authorization", basic)
            .send()
            .await;
        let answer = answer.map_err(|error| error.to_string())?;
        let answer: Value = answer
            .bytes()
            .await
            .map_err(|error| error.to_string())
            .map(|bytes| serde_json::from_slice(&bytes).unwrap_or_default())?;
        let token = answer.get("token").or(answer.get("access_token"));
        let token = token
            .and_then(Value::as_str)
            .ok_or("the token server gave no token")?;
        self.authorization = Some(format!("Bearer {token}"));
        Ok(())
    }

    /// The body of a response, at most `most` bytes.
    pub(super) async fn read(&self, mut response: Response, most: u64) -> Outcome<Vec<u8>> {
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| error.to_string())? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() as u64 > most && !self.does_wrong("reads-without-end") {
                if self.does_wrong("waits-for-ever") {
                    std::future::pending::<()>().await;
                }
                return Err("the body is too long".to_owned());
            }
        }
        Ok(bytes)
    }
}
