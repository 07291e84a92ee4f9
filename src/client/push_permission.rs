//! What the credentials may do, found out before anything depends on it.

use crate::endpoint::Endpoint;
use futures_util::future::join_all;
use http::Method;
use url::Url;

use super::auth::{plain, says};
use super::{AccessError, Credentials, RegistryClient, Request, RequestError, Response};

/// Why nothing can be pushed that the run would push.
#[derive(Debug, thiserror::Error)]
pub enum PushDenied {
    /// The repository is not there, and a push does not make it.
    #[error(
        "there is no {names} in {url}, and a push does not make one: {response}. Create what is missing there, or name repositories that are there with --repo and --repo2"
    )]
    NoRepository {
        /// The registry.
        url: String,
        /// The repositories.
        names: String,
        /// What the registry answers.
        response: String,
    },
    /// The credentials are good for something else.
    #[error(
        "{url} does not let {whose} push to {names}: {response}. Give the right to push there, or log in as somebody who has it; create what has to be there before the first push (a project, a namespace, the repository); or test only what can be read with --no-push"
    )]
    Denied {
        /// The registry.
        url: String,
        /// Who, and where that was found.
        whose: String,
        /// The repositories.
        names: String,
        /// What the registry, or its token server, answers.
        response: String,
    },
}

/// What came of one question.
enum Told {
    /// It may be done, or the answer is for the suites to judge.
    Nothing,
    NoRepository(String),
    Denied(String),
}

impl RegistryClient {
    /// Opens an upload in each repository, and cancels it. Only a refusal counts that is about rights, or about a
    /// repository that is not there (401; for one who logs in, 403 and 404 with NAME_UNKNOWN too): whatever else comes is
    /// for the suites to judge.
    ///
    /// # Errors
    /// When one refuses; with the way out.
    pub async fn may_push(&self, repositories: &[&str]) -> Result<(), PushDenied> {
        let asked = repositories.iter().map(|name| self.may_push_to(name));
        // What takes longer than one request may is no refusal.
        let told = tokio::time::timeout(self.settings().timeout, join_all(asked)).await;
        let told: Vec<(&str, Told)> = repositories
            .iter()
            .copied()
            .zip(told.unwrap_or_default())
            .collect();
        let url = || self.base().as_str().trim_end_matches('/').to_owned();
        let names = |fits: fn(&Told) -> bool, joined: &str| {
            let names = told.iter().filter(|(_, told)| fits(told));
            let names: Vec<String> = names.map(|(name, _)| format!("`{name}`")).collect();
            names.join(joined)
        };
        for (_, one) in &told {
            match one {
                Told::Nothing => {}
                Told::NoRepository(response) => {
                    return Err(PushDenied::NoRepository {
                        url: url(),
                        names: names(|told| matches!(told, Told::NoRepository(_)), " or "),
                        response: response.clone(),
                    });
                }
                Told::Denied(response) => {
                    let known = self.settings().credentials.as_ref();
                    return Err(PushDenied::Denied {
                        url: url(),
                        whose: known.map_or_else(|| "strangers".to_owned(), Credentials::whose),
                        names: names(|told| matches!(told, Told::Denied(_)), " and "),
                        response: response.clone(),
                    });
                }
            }
        }
        Ok(())
    }

    async fn may_push_to(&self, repository: &str) -> Told {
        let uploads = Endpoint::Uploads {
            repository: repository.to_owned(),
        };
        let url = uploads.url(self.base());
        let exchanged = self
            .send(Request::bare(Method::POST, url, "See whether it may push"))
            .await;
        let response = match exchanged.response {
            Ok(response) => Response {
                budget: None,
                ..response
            },
            Err(RequestError::Access(
                reason @ (AccessError::Refused { .. } | AccessError::Unusable { .. }),
            )) => return Told::Denied(self.redact(&reason.to_string())),
            Err(_) => return Told::Nothing,
        };
        if response.status == 202 {
            self.cancel(&exchanged.url, &response).await;
        }
        let answered = match says(&response.body) {
            Some(words) => format!("it answers {} ({words}) to an upload", response.status),
            None => format!("it answers {} to an upload", response.status),
        };
        let answered = plain(&self.redact(&answered));
        // To a stranger, a registry that serves pulls only may say the same.
        let known = self.settings().credentials.is_some();
        match response.status {
            401 => Told::Denied(answered),
            403 if known => Told::Denied(answered),
            404 if known && unknown_name(&response.body) => Told::NoRepository(answered),
            _ => Told::Nothing,
        }
    }

    /// Cancels the upload that an answer opened, where that can be done: it holds nothing, and ends by itself.
    async fn cancel(&self, from: &Url, response: &Response) {
        let location = response.headers.get("location");
        let location = location.and_then(|to| from.join(to.to_str().ok()?).ok());
        if let Some(url) = location.filter(|to| matches!(to.scheme(), "http" | "https")) {
            self.send(Request::bare(Method::DELETE, url, "Cancel it"))
                .await;
        }
    }
}

/// Whether an error says that the name of the repository is not known (section "Error Codes").
fn unknown_name(body: &[u8]) -> bool {
    let json: Option<serde_json::Value> = serde_json::from_slice(body).ok();
    let errors = json
        .as_ref()
        .and_then(|json| json.get("errors")?.as_array());
    let mut errors = errors.into_iter().flatten();
    errors.any(|error| error.get("code").and_then(|code| code.as_str()) == Some("NAME_UNKNOWN"))
}
