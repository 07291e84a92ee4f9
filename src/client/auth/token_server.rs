//! Requests to a token server: the "Token Authentication Specification" (GET) and "OAuth 2.0" (POST) of the distribution
//! project.

use std::time::Duration;

use bytes::Bytes;
use http::Method;
use url::Url;

use super::scope::Scopes;
use super::token::{MAX_TOKEN, Token, TokenBody};
use crate::client::access_error::AccessError;
use crate::client::body_budget::BodyBudget;
use crate::client::credentials::{Credentials, Secret, basic_authorization, identity_of};
use crate::client::exchange::{Request, Response};
use crate::client::sanitize::{display_url, status_summary};
use crate::client::send_once::send_once;
use crate::client::settings::Advice;

/// The most bytes that are read of a response; tokens of users with many groups are large.
const MAX_BODY: usize = 1024 * 1024;

/// The most redirects that are followed, all to the origin of the token server.
const MAX_REDIRECTS: usize = 3;

/// The most retries after 429 and 5xx.
const MAX_RETRIES: u32 = 2;

/// The pause before the first retry; each after it is three times as long.
const FIRST_PAUSE: Duration = Duration::from_millis(300);

/// The user name of identity tokens in Docker's configuration.
pub const IDENTITY_TOKEN_USERNAME: &str = "<token>";

/// The token server of a registry.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TokenServer {
    /// Its URL.
    pub realm: Url,
    /// The name of the registry there.
    pub service: Option<String>,
}

/// The request of a token.
pub struct TokenRequest<'a> {
    pub http: &'a reqwest::Client,
    pub budget: &'a BodyBudget,
    pub timeout: Duration,
    pub server: &'a TokenServer,
    pub scopes: &'a Scopes,
    pub credentials: Option<&'a Credentials>,
    pub advice: Advice,
}

/// The response of a token server.
pub struct TokenResponse {
    pub token: Token,
    pub refresh: Option<String>,
    /// Whether the request was a POST with a form.
    pub by_form: bool,
}

impl TokenRequest<'_> {
    /// Gets a token with a refresh token.
    ///
    /// # Errors
    /// When the token server gives no token.
    pub async fn by_refresh_token(&self, refresh: &str) -> Result<TokenResponse, AccessError> {
        let fields = [("refresh_token", refresh)];
        self.read(&self.post("refresh_token", &fields).await?, true)
    }

    /// Gets a token with the credentials, or an anonymous one without.
    ///
    /// # Errors
    /// When the token server gives no token.
    pub async fn by_credentials(&self) -> Result<TokenResponse, AccessError> {
        let (response, by_form) = match self.credentials.map(|known| &known.secret) {
            None | Some(Secret::Bearer { .. }) => (self.get(None).await?, false),
            Some(Secret::Password { username, password }) => {
                let response = self.get(Some((username, password))).await?;
                match is_method_unsupported(&response) {
                    true => {
                        let fields = [("username", &**username), ("password", &**password)];
                        (self.post("password", &fields).await?, true)
                    }
                    false => (response, false),
                }
            }
            Some(Secret::Identity { username, token }) => {
                let fields = [("refresh_token", &**token)];
                let response = self.post("refresh_token", &fields).await?;
                match is_method_unsupported(&response) {
                    true if username.is_empty() => (
                        self.get(Some((IDENTITY_TOKEN_USERNAME, token))).await?,
                        false,
                    ),
                    true => (self.get(Some((username, token))).await?, false),
                    false => (response, true),
                }
            }
        };
        self.read(&response, by_form)
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
        let login = login.map(|(username, password)| basic_authorization(username, password));
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
        let (mut redirects, mut retries) = (0, 0);
        let mut headers = Vec::new();
        headers.extend(login.map(|login| ("Authorization".to_owned(), login)));
        if form.is_some() {
            let form = "application/x-www-form-urlencoded";
            headers.push(("Content-Type".to_owned(), form.to_owned()));
        }
        let body = Bytes::from(form.unwrap_or_default());
        loop {
            let request = Request {
                body: body.clone(),
                ..Request::bare(method.clone(), url.clone(), "")
            };
            let sent = send_once(self.http, &request, &headers, self.budget, MAX_BODY);
            let response = match tokio::time::timeout(self.timeout, sent).await {
                Ok(Ok(response)) => response,
                Ok(Err(error)) => return Err(self.unusable(error.to_string())),
                Err(_) => {
                    let timeout = humantime::format_duration(self.timeout);
                    return Err(
                        self.unusable(format!("no complete response came within {timeout}"))
                    );
                }
            };
            if (response.status == 429 || response.status >= 500) && retries < MAX_RETRIES {
                tokio::time::sleep(FIRST_PAUSE * 3_u32.pow(retries)).await;
                retries += 1;
                continue;
            }
            match self.redirect(&url, &response) {
                Some(next) if redirects < MAX_REDIRECTS => {
                    redirects += 1;
                    url = next;
                }
                _ => return Ok(response),
            }
        }
    }

    /// The URL of a redirect to the origin of the token server: credentials are sent to no other origin.
    fn redirect(&self, from: &Url, response: &Response) -> Option<Url> {
        let next = response.location(from)?;
        let same = next.origin() == self.server.realm.origin();
        ((300..400).contains(&response.status) && same).then_some(next)
    }

    fn read(&self, response: &Response, by_form: bool) -> Result<TokenResponse, AccessError> {
        match response.status {
            200..300 => {}
            400 | 401 | 403 => {
                return Err(self.refused(status_summary(response.status, &response.body)));
            }
            _ => {
                return Err(self.unusable(format!(
                    "it answers {}",
                    status_summary(response.status, &response.body)
                )));
            }
        }
        let body: TokenBody = serde_json::from_slice(&response.body)
            .map_err(|_| self.unusable("its response is not the JSON of a token".to_owned()))?;
        if let Some((name, length)) = body.too_long() {
            return Err(self.unusable(format!(
                "the `{name}` in its response has {length} bytes, and a token may have {MAX_TOKEN}"
            )));
        }
        let token = body.token(&response.headers);
        let none = || self.unusable("there is no usable `token` in its response".to_owned());
        Ok(TokenResponse {
            token: token.ok_or_else(none)?,
            refresh: body.refresh_token,
            by_form,
        })
    }

    fn refused(&self, response: String) -> AccessError {
        let known = self.credentials;
        AccessError::Refused {
            realm: self.realm(),
            scope: self.scopes.to_string(),
            response,
            identity: identity_of(known),
            advice: match known {
                Some(_) => "Check the credentials and their permissions".to_owned(),
                None => format!(
                    "There are no credentials: {}, or log in with docker or podman",
                    self.advice.log_in
                ),
            },
        }
    }

    fn unusable(&self, reason: String) -> AccessError {
        AccessError::Unusable {
            realm: self.realm(),
            scope: self.scopes.to_string(),
            reason,
        }
    }

    fn realm(&self) -> String {
        display_url(&self.server.realm)
    }
}

fn is_method_unsupported(response: &Response) -> bool {
    matches!(response.status, 404 | 405 | 501)
}
