//! Whether the credentials may push, before a run depends on it.

use futures_util::future::join_all;
use http::Method;
use url::Url;

use super::access_error::AccessError;
use super::credentials::identity_of;
use super::exchange::{Request, Response};
use super::registry_client::RegistryClient;
use super::request_error::RequestError;
use super::sanitize::{sanitize, status_summary};
use crate::endpoint::Endpoint;

/// Why the run cannot push.
#[derive(Debug, thiserror::Error)]
pub enum PushDenied {
    /// The repository does not exist, and a push does not create it.
    #[error(
        "there is no {names} in {url}, and a push does not make one: {response}. Create what is missing there, or name existing repositories with --repo and --repo2"
    )]
    NoRepository {
        /// The registry.
        url: String,
        /// The repositories.
        names: String,
        /// The response of the registry.
        response: String,
    },
    /// The credentials do not allow a push.
    #[error(
        "{url} does not let {identity} push to {names}: {response}. Give the right to push there, or log in as a user who has it; create what must exist before the first push (a project, a namespace, the repository); or test pulls only with --no-push"
    )]
    Denied {
        /// The registry.
        url: String,
        /// The user, and where the credentials were found.
        identity: String,
        /// The repositories.
        names: String,
        /// The response of the registry or of its token server.
        response: String,
    },
}

/// The outcome for one repository. `Unrefused` is not a permission: the suites judge every other response.
enum Probe {
    Accepted,
    Unrefused,
    NoRepository(String),
    Forbidden(String),
    Denied(String),
}

impl Probe {
    /// Without credentials, a registry that serves pulls only may refuse every push with 403 or 404, and the suites judge it.
    fn judged_by_suites(self) -> Self {
        match self {
            Self::NoRepository(_) | Self::Forbidden(_) => Self::Unrefused,
            other => other,
        }
    }
}

impl RegistryClient {
    /// Opens an upload session in each repository, and cancels it. Only a 401 is a refusal and, with credentials or where
    /// another repository accepts pushes, a 403 or a 404 with NAME_UNKNOWN; the suites judge every other response.
    ///
    /// # Errors
    /// When a repository refuses; with the way out.
    pub async fn may_push(&self, repositories: &[&str]) -> Result<(), PushDenied> {
        let probes = repositories.iter().map(|name| self.may_push_to(name));
        // After the time-out of one request, the registry counts as not refusing.
        let probes = tokio::time::timeout(self.settings().timeout, join_all(probes)).await;
        let probes = probes.unwrap_or_default();
        let accepted = probes.iter().any(|probe| matches!(probe, Probe::Accepted));
        let known = accepted || self.settings().credentials.is_some();
        let probes = probes.into_iter().map(|probe| match known {
            true => probe,
            false => probe.judged_by_suites(),
        });
        let probes: Vec<(&str, Probe)> = repositories.iter().copied().zip(probes).collect();
        let url = || self.shown_url();
        let names = |fits: fn(&Probe) -> bool, separator: &str| {
            let names = probes.iter().filter(|(_, probe)| fits(probe));
            let names: Vec<String> = names.map(|(name, _)| format!("`{name}`")).collect();
            names.join(separator)
        };
        for (_, probe) in &probes {
            match probe {
                Probe::Accepted | Probe::Unrefused => {}
                Probe::NoRepository(response) => {
                    return Err(PushDenied::NoRepository {
                        url: url(),
                        names: names(|probe| matches!(probe, Probe::NoRepository(_)), " or "),
                        response: response.clone(),
                    });
                }
                Probe::Denied(response) | Probe::Forbidden(response) => {
                    let denied =
                        |probe: &Probe| matches!(probe, Probe::Denied(_) | Probe::Forbidden(_));
                    return Err(PushDenied::Denied {
                        url: url(),
                        identity: identity_of(self.settings().credentials.as_ref()),
                        names: names(denied, " and "),
                        response: response.clone(),
                    });
                }
            }
        }
        Ok(())
    }

    async fn may_push_to(&self, repository: &str) -> Probe {
        let uploads = Endpoint::Uploads {
            repository: repository.to_owned(),
        };
        let url = uploads.url(self.base());
        let exchanged = self
            .send(Request::bare(
                Method::POST,
                url,
                "Check the permission to push",
            ))
            .await;
        let response = match exchanged.response {
            Ok(response) => Response {
                budget: None,
                ..response
            },
            Err(RequestError::Access(
                reason @ (AccessError::Refused { .. } | AccessError::Unusable { .. }),
            )) => return Probe::Denied(self.redact(&reason.to_string())),
            Err(_) => return Probe::Unrefused,
        };
        if response.status == 202 {
            self.cancel(&exchanged.url, &response);
        }
        let answered = status_summary(response.status, &response.body);
        let answered = format!("it answers {answered} to an upload");
        let answered = sanitize(&self.redact(&answered));
        match response.status {
            202 => Probe::Accepted,
            401 => Probe::Denied(answered),
            403 => Probe::Forbidden(answered),
            404 if has_name_unknown(&response.body) => Probe::NoRepository(answered),
            _ => Probe::Unrefused,
        }
    }

    /// Cancels an upload session, while the run goes on. A failure is ignored: the session has no content, and expires.
    fn cancel(&self, from: &Url, response: &Response) {
        if let Some(url) = response.location(from) {
            let (client, step) = (self.clone(), "Cancel the upload");
            tokio::spawn(async move {
                client.send(Request::bare(Method::DELETE, url, step)).await;
            });
        }
    }
}

/// Whether an error body has the code NAME_UNKNOWN (section "Error Codes").
fn has_name_unknown(body: &[u8]) -> bool {
    let json: Option<serde_json::Value> = serde_json::from_slice(body).ok();
    let errors = json
        .as_ref()
        .and_then(|json| json.get("errors")?.as_array());
    let mut errors = errors.into_iter().flatten();
    errors.any(|error| error.get("code").and_then(|code| code.as_str()) == Some("NAME_UNKNOWN"))
}
