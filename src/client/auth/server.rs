//! Speaking with a token server: "Token Authentication Specification" (GET) and "OAuth 2.0" (POST) of the
//! distribution project.

use std::time::Duration;

use bytes::Bytes;
use http::Method;
use url::Url;

use super::credentials::basic;
use super::token::{Granted, Token};
use super::{Credentials, Scopes, Secret};
use crate::client::body_budget::BodyBudget;
use crate::client::send_once::send_once;
use crate::client::{Request, Response};

/// The most bytes of a token server's answer that are read: tokens with many groups in them are large.
pub const LARGEST: usize = 1024 * 1024;

/// The most redirects that are followed, all on the token server itself.
const REDIRECTS: usize = 3;

/// How often it is asked again that is busy or broken.
const AGAIN: u32 = 2;

/// The user name that docker keeps identity tokens under.
pub const NO_NAME: &str = "<token>";

/// What to do where there are no credentials.
const NO_CREDENTIALS: &str = "There are no credentials: give --username, and the password in ASSAY_PASSWORD or with --password-stdin, or log in with docker or podman";

/// Who gives tokens for the target.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TokenServer {
    /// Its address.
    pub realm: Url,
    /// The name of the target there.
    pub service: Option<String>,
}

/// Why nobody is let in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccessError {
    /// The token server says no.
    #[error(
        "the token server {realm} refuses a token for {scope}: it answers {response} to {whose}. {way_out}"
    )]
    Refused {
        /// The token server.
        realm: String,
        /// What for.
        scope: String,
        /// Its answer.
        response: String,
        /// For whom.
        whose: String,
        /// What to do about it.
        way_out: &'static str,
    },
    /// The token server cannot be used.
    #[error(
        "the token server {realm} gives no token for {scope}: {reason}. It is what the registry names as the realm of its challenge"
    )]
    Unusable {
        /// The token server.
        realm: String,
        /// What for.
        scope: String,
        /// Why.
        reason: String,
    },
    /// The credentials would travel in the clear.
    #[error(
        "the token server {realm} speaks plain HTTP: credentials are not sent there. If the network is your own, say --allow-plain-realm"
    )]
    PlainRealm {
        /// The token server.
        realm: String,
    },
    /// It let us in, and no longer does.
    #[error(
        "{url} no longer lets {whose} in: it answers 401 to what it answered before. The password or the token was revoked, or has expired in the middle of the run: get a new one, and run again"
    )]
    ShutOut {
        /// The registry.
        url: String,
        /// Who.
        whose: String,
    },
    /// It allowed something in one repository, and no longer does.
    #[error(
        "{url} no longer lets {whose} {act} `{repository}`: it answers {status} to what it answered before. The right has ended in the middle of the run: give it again, and run again"
    )]
    RightGone {
        /// The registry.
        url: String,
        /// Who.
        whose: String,
        /// What was done there.
        act: &'static str,
        /// The repository.
        repository: String,
        /// What it answers now.
        status: u16,
    },
    /// The challenge names no token server.
    #[error(
        "the registry asks for a token and names nobody who gives one: the realm of its challenge is `{realm}`"
    )]
    NoRealm {
        /// What stands there.
        realm: String,
    },
}

/// What is needed to ask.
pub struct Asking<'a> {
    /// The HTTP client.
    pub client: &'a reqwest::Client,
    /// How much its answers may take up.
    pub budget: &'a BodyBudget,
    /// How long one request may take.
    pub timeout: Duration,
    /// Whom to ask.
    pub server: &'a TokenServer,
    /// What for.
    pub scopes: &'a Scopes,
    /// As whom.
    pub credentials: Option<&'a Credentials>,
}

/// What a token server gave.
pub struct Got {
    /// The token.
    pub token: Token,
    /// A refresh token that came along.
    pub refresh: Option<String>,
    /// Whether it was asked by POST, with a form.
    pub by_form: bool,
}

impl Asking<'_> {
    /// Gets a token by a refresh token that came with an earlier answer; and the next one, if one comes along.
    ///
    /// # Errors
    /// When it is refused, or no usable answer comes.
    pub async fn by_refresh_token(&self, refresh: &str) -> Result<Got, AccessError> {
        let fields = [("refresh_token", refresh)];
        self.read(&self.post("refresh_token", &fields).await?, true)
    }

    /// Gets a token by the credentials, or for nobody; and a refresh token, if one comes along.
    ///
    /// # Errors
    /// When it is refused, or no usable answer comes.
    pub async fn by_credentials(&self) -> Result<Got, AccessError> {
        let (exchanged, by_form) = match self.credentials.map(|known| &known.secret) {
            None | Some(Secret::Bearer { .. }) => (self.get(None).await?, false),
            Some(Secret::Password { username, password }) => {
                let exchanged = self.get(Some((username, password))).await?;
                match knows_no_such_method(&exchanged) {
                    true => {
                        let fields = [("username", &**username), ("password", &**password)];
                        (self.post("password", &fields).await?, true)
                    }
                    false => (exchanged, false),
                }
            }
            Some(Secret::Identity { username, token }) => {
                let fields = [("refresh_token", &**token)];
                let exchanged = self.post("refresh_token", &fields).await?;
                match knows_no_such_method(&exchanged) {
                    true if username.is_empty() => (self.get(Some((NO_NAME, token))).await?, false),
                    true => (self.get(Some((username, token))).await?, false),
                    false => (exchanged, true),
                }
            }
        };
        self.read(&exchanged, by_form)
    }

    async fn get(&self, login: Option<(&str, &str)>) -> Result<Response, AccessError> {
        let mut url = self.server.realm.clone();
        {
            let mut query = url.query_pairs_mut();
            if let Some(service) = &self.server.service {
                query.append_pair("service", service);
            }
            for scope in self.scopes.parameters() {
                query.append_pair("scope", &scope);
            }
            if let Some((username, _)) = login {
                query.append_pair("account", username);
            }
        }
        let login = login.map(|(username, password)| basic(username, password));
        self.send(Method::GET, url, login, None).await
    }

    async fn post(&self, grant: &str, fields: &[(&str, &str)]) -> Result<Response, AccessError> {
        let (realm, form) = (self.server.realm.clone(), self.form(grant, fields));
        self.send(Method::POST, realm, None, Some(form)).await
    }

    fn form(&self, grant: &str, fields: &[(&str, &str)]) -> String {
        let scope = self.scopes.parameters().join(" ");
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", grant);
        form.append_pair("client_id", "assay");
        if let Some(service) = &self.server.service {
            form.append_pair("service", service);
        }
        if !scope.is_empty() {
            form.append_pair("scope", &scope);
        }
        form.extend_pairs(fields);
        form.finish()
    }

    async fn send(
        &self,
        method: Method,
        mut url: Url,
        login: Option<String>,
        form: Option<String>,
    ) -> Result<Response, AccessError> {
        let (mut redirects, mut again) = (0, 0);
        let mut headers = Vec::new();
        headers.extend(login.map(|login| ("Authorization".to_owned(), login)));
        if form.is_some() {
            let kind = "application/x-www-form-urlencoded";
            headers.push(("Content-Type".to_owned(), kind.to_owned()));
        }
        let body = Bytes::from(form.unwrap_or_default());
        loop {
            let request = Request {
                method: method.clone(),
                url: url.clone(),
                headers: Vec::new(),
                body: body.clone(),
                step: String::new(),
            };
            let answered = send_once(self.client, &request, &headers, self.budget, LARGEST);
            let exchanged = match tokio::time::timeout(self.timeout, answered).await {
                Ok(Ok(exchanged)) => exchanged,
                Ok(Err(failure)) => return Err(self.unusable(failure.to_string())),
                Err(_) => {
                    let timeout = humantime::format_duration(self.timeout);
                    return Err(self.unusable(format!("no whole answer came within {timeout}")));
                }
            };
            if (exchanged.status == 429 || exchanged.status >= 500) && again < AGAIN {
                tokio::time::sleep(Duration::from_millis(300) * 3_u32.pow(again)).await;
                again += 1;
                continue;
            }
            match self.next(&url, &exchanged) {
                Some(next) if redirects < REDIRECTS => {
                    redirects += 1;
                    url = next;
                }
                _ => return Ok(exchanged),
            }
        }
    }

    /// Where a redirect leads that may be followed with credentials: the token server itself.
    fn next(&self, from: &Url, exchanged: &Response) -> Option<Url> {
        let location = exchanged.headers.get("location")?.to_str().ok()?;
        let next = from.join(location).ok()?;
        let same = next.origin() == self.server.realm.origin();
        ((300..400).contains(&exchanged.status) && same).then_some(next)
    }

    fn read(&self, exchanged: &Response, by_form: bool) -> Result<Got, AccessError> {
        if !(200..300).contains(&exchanged.status) {
            let response = match says(&exchanged.body) {
                Some(words) => format!("{} ({words})", exchanged.status),
                None => exchanged.status.to_string(),
            };
            return Err(match [400, 401, 403].contains(&exchanged.status) {
                true => AccessError::Refused {
                    realm: self.realm(),
                    scope: self.scopes.to_string(),
                    response,
                    whose: self
                        .credentials
                        .map_or_else(|| "nobody in particular".to_owned(), Credentials::whose),
                    way_out: match self.credentials {
                        Some(_) => "Check the credentials and what they may do",
                        None => NO_CREDENTIALS,
                    },
                },
                false => self.unusable(format!("it answers {response}")),
            });
        }
        let granted: Granted = serde_json::from_slice(&exchanged.body)
            .map_err(|_| self.unusable("its answer is not the JSON of a token".to_owned()))?;
        let token = granted.token(&exchanged.headers);
        let none = || self.unusable("there is no usable `token` in its answer".to_owned());
        Ok(Got {
            token: token.ok_or_else(none)?,
            refresh: granted.refresh_token,
            by_form,
        })
    }

    fn unusable(&self, reason: String) -> AccessError {
        AccessError::Unusable {
            realm: self.realm(),
            scope: self.scopes.to_string(),
            reason,
        }
    }

    fn realm(&self) -> String {
        shown(&self.server.realm)
    }
}

fn knows_no_such_method(exchanged: &Response) -> bool {
    matches!(exchanged.status, 404 | 405 | 501)
}

/// A refusal's own words, where they are few and in a known place.
pub fn says(body: &[u8]) -> Option<String> {
    let json: serde_json::Value = serde_json::from_slice(body).ok()?;
    let places = [
        "/errors/0/message",
        "/errors/0/code",
        "/error_description",
        "/details",
        "/message",
        "/error",
    ];
    let words = places.iter().find_map(|at| json.pointer(at)?.as_str())?;
    Some(plain(words))
}

/// A token server's address without what may be a secret.
pub fn shown(realm: &Url) -> String {
    let origin = realm.origin().ascii_serialization();
    plain(&format!("{origin}{}", realm.path()))
}

/// A target's words: few, and without what a terminal would obey.
pub fn plain(text: &str) -> String {
    let sanitize = |c: &char| !c.is_control() && !matches!(c, '\u{200b}'..='\u{206f}' | '\u{feff}');
    text.chars().filter(sanitize).take(200).collect()
}
