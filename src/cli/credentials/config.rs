//! Docker's config.json and podman's auth.json: the same shape, with keys of different forms.

use std::collections::BTreeMap;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use serde::Deserialize;
use url::Url;

use super::helper::{HelperError, ask};
use super::locations::Location;
use crate::client::Secret;

/// The largest file that is read, in bytes.
const LARGEST: u64 = 4 * 1024 * 1024;

/// The names that Docker Hub goes by, and the key that docker keeps its credentials under.
const HUB: [&str; 4] = [
    "docker.io",
    "index.docker.io",
    "registry-1.docker.io",
    "registry.docker.io",
];
const HUB_KEY: &str = "https://index.docker.io/v1/";

/// A file of credentials.
#[derive(Debug)]
pub struct Config {
    /// Where it was found, in words.
    name: String,
    file: File,
}

/// Credentials, and where they were found.
#[derive(Debug)]
pub struct Found {
    pub secret: Secret,
    /// The file, and the helper that it names.
    pub source: String,
}

/// A file that cannot be used. None of its content is repeated: it may be a secret.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// It cannot be read.
    #[error("cannot read {path}{named_by}: {reason}", path = path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Who named it.
        named_by: String,
        /// What the system says.
        reason: String,
    },
    /// It is not what docker and podman write.
    #[error(
        "{name}:{line}:{column}: this is not a credentials file of docker or podman: {reason}. Fix it, or use --username or --anonymous"
    )]
    Malformed {
        /// The file.
        name: String,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What is wrong.
        reason: &'static str,
    },
    /// An entry of it is malformed.
    #[error(
        "{name}: `auths` has an entry `{key}` whose `auth` is not the base64 of `user:password`"
    )]
    Entry {
        /// The file.
        name: String,
        /// The entry.
        key: String,
    },
    /// A helper that it names fails.
    #[error("{name} names a credential helper for `{key}`: {error}")]
    Helper {
        /// The file.
        name: String,
        /// What for.
        key: String,
        /// Why.
        error: HelperError,
    },
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct File {
    auths: Option<BTreeMap<String, Option<Entry>>>,
    creds_store: Option<String>,
    cred_helpers: Option<BTreeMap<String, String>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Entry {
    auth: Option<String>,
    username: Option<String>,
    password: Option<String>,
    identitytoken: Option<String>,
    registrytoken: Option<String>,
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Entry(…)")
    }
}

impl Config {
    /// Reads a location; None if there is no file.
    ///
    /// # Errors
    /// When it cannot be read, or is not what it should be.
    pub fn read(place: &Location) -> Result<Option<Self>, ConfigError> {
        let (name, text) = match place {
            Location::Text(name, text) => ((*name).to_owned(), text.clone()),
            Location::File(path) => match text_of(path) {
                Ok(text) => (path.display().to_string(), text),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(unreadable(path, String::new(), &error)),
            },
            Location::Named(variable, path) => {
                let named_by = format!(", which {variable} names");
                let text = text_of(path).map_err(|error| unreadable(path, named_by, &error))?;
                (path.display().to_string(), text)
            }
        };
        if text.trim().is_empty() {
            return Ok(None);
        }
        let file = serde_json::from_str(&text).map_err(|error| ConfigError::Malformed {
            name: name.clone(),
            line: error.line(),
            column: error.column(),
            reason: match error.classify() {
                serde_json::error::Category::Data => "a value has another type",
                serde_json::error::Category::Eof => "it ends too early",
                _ => "it is not JSON",
            },
        })?;
        Ok(Some(Self { name, file }))
    }

    /// The credentials for a repository of the target: those of the most specific key, like podman; and those of a
    /// helper before those in the file, like docker.
    ///
    /// # Errors
    /// A malformed entry, or a helper that fails.
    pub async fn find(&self, base: &Url, repository: &str) -> Result<Option<Found>, ConfigError> {
        let keys = keys(base, repository);
        let helpers = self.file.cred_helpers.iter().flatten();
        let named = keys.iter().find_map(|key| {
            let mut named = helpers.clone().filter(|(known, _)| plain(known) == key);
            named.next().map(|(known, helper)| (known.clone(), helper))
        });
        let host = keys.last().map(String::as_str).unwrap_or_default();
        let server = match HUB.contains(&host) {
            true => HUB_KEY,
            false => host,
        };
        let store = self.file.creds_store.iter().filter(|name| !name.is_empty());
        let asked = named
            .into_iter()
            .chain(store.map(|store| (server.to_owned(), store)));
        for (key, helper) in asked {
            let answer = ask(helper, &key).await.map_err(|error| {
                let (name, key) = (self.name.clone(), key.clone());
                ConfigError::Helper { name, key, error }
            })?;
            if let Some((username, secret)) = answer {
                let source = format!("docker-credential-{helper}, which {} names", self.name);
                let secret = match username.as_str() {
                    "<token>" => Secret::Identity {
                        username: String::new(),
                        token: secret,
                    },
                    _ => Secret::Password {
                        username,
                        password: secret,
                    },
                };
                return Ok(Some(Found { secret, source }));
            }
        }
        self.in_file(&keys)
    }

    fn in_file(&self, keys: &[String]) -> Result<Option<Found>, ConfigError> {
        for key in keys {
            for (known, entry) in self.file.auths.iter().flatten() {
                let Some(entry) = entry.as_ref().filter(|_| plain(known) == key) else {
                    continue;
                };
                let malformed = || ConfigError::Entry {
                    name: self.name.clone(),
                    key: known.clone(),
                };
                if let Some(secret) = entry.secret().map_err(|Malformed| malformed())? {
                    let source = self.name.clone();
                    return Ok(Some(Found { secret, source }));
                }
            }
        }
        Ok(None)
    }
}

/// The login of an entry cannot be read.
struct Malformed;

impl Entry {
    /// Its secret, if it has one.
    ///
    /// # Errors
    /// When `auth` is not the Base64 of a user name and a password.
    fn secret(&self) -> Result<Option<Secret>, Malformed> {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        if let Some(token) = given(&self.registrytoken) {
            return Ok(Some(Secret::Bearer { token }));
        }
        let mut pair = given(&self.username).zip(given(&self.password));
        if let Some(auth) = given(&self.auth) {
            let bytes = STANDARD
                .decode(auth.trim())
                .or_else(|_| STANDARD_NO_PAD.decode(auth.trim()))
                .map_err(|_| Malformed)?;
            let text = String::from_utf8(bytes).map_err(|_| Malformed)?;
            let (username, password) = text.split_once(':').ok_or(Malformed)?;
            // Docker pads with zeros what it once encrypted.
            let password = password.trim_matches('\0').to_owned();
            pair = Some((username.to_owned(), password));
        }
        if let Some(token) = given(&self.identitytoken) {
            let username = pair.map(|(username, _)| username).unwrap_or_default();
            return Ok(Some(Secret::Identity { username, token }));
        }
        let pair = pair.filter(|(username, _)| !username.is_empty());
        Ok(pair.map(|(username, password)| Secret::Password { username, password }))
    }
}

/// The keys that may name a target, the most specific first.
fn keys(base: &Url, repository: &str) -> Vec<String> {
    let host = base.host_str().unwrap_or_default();
    let port = base
        .port()
        .map_or_else(String::new, |port| format!(":{port}"));
    let hosts = match HUB.contains(&host) {
        true => HUB.iter().map(|host| (*host).to_owned()).collect(),
        false => vec![format!("{host}{port}")],
    };
    let mut paths: Vec<&str> = vec![""];
    paths.extend(
        repository
            .match_indices('/')
            .map(|(at, _)| repository.get(..at).unwrap_or("")),
    );
    paths.push(repository);
    let mut keys = Vec::new();
    for path in paths.into_iter().rev() {
        for host in &hosts {
            keys.push(match path {
                "" => host.clone(),
                path => format!("{host}/{path}"),
            });
        }
    }
    keys
}

/// A key without scheme and without the path of the API, as docker writes some.
fn plain(key: &str) -> &str {
    let key = key
        .strip_prefix("https://")
        .or_else(|| key.strip_prefix("http://"))
        .unwrap_or(key);
    let key = key.trim_end_matches('/');
    let api = key.strip_suffix("/v1").or_else(|| key.strip_suffix("/v2"));
    api.unwrap_or(key)
}

fn text_of(path: &std::path::Path) -> std::io::Result<String> {
    use std::io::Read as _;
    let mut text = String::new();
    let file = std::fs::File::open(path)?;
    file.take(LARGEST).read_to_string(&mut text)?;
    Ok(text)
}

fn unreadable(path: &std::path::Path, named_by: String, error: &std::io::Error) -> ConfigError {
    ConfigError::Unreadable {
        path: path.to_path_buf(),
        named_by,
        reason: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    async fn find(json: &str, target: &str, repository: &str) -> Option<Secret> {
        let place = Location::Text("T", json.to_owned());
        let config = Config::read(&place).unwrap().unwrap();
        let base = Url::parse(target).unwrap();
        let found = config.find(&base, repository).await.unwrap();
        found.map(|found| found.secret)
    }

    async fn user(json: &str, target: &str, repository: &str) -> String {
        match find(json, target, repository).await {
            Some(Secret::Password { username, password }) => format!("{username}:{password}"),
            Some(Secret::Identity { username, token }) => format!("identity {username}:{token}"),
            Some(Secret::Bearer { token }) => format!("bearer {token}"),
            None => "nobody".to_owned(),
        }
    }

    #[tokio::test]
    async fn keys_are_found_as_docker_and_podman_write_them() {
        let json = r#"{"auths": {
            "r.example": {"auth": "aG9zdDpwYXNz"},
            "r.example/team": {"auth": "dGVhbTpwYTpzcw=="},
            "https://old.example/v1/": {"username": "u", "password": "p"},
            "localhost:5000": {"auth": "cG9ydDpw"},
            "https://index.docker.io/v1/": {"auth": "aHViOnA="},
            "token.example": {"auth": "dTpw", "identitytoken": "idt"},
            "raw.example": {"registrytoken": "rt"},
            "empty.example": {}, "null.example": null
        }, "other": 1}"#;
        assert_eq!(user(json, "https://r.example", "a/b").await, "host:pass");
        assert_eq!(
            user(json, "https://r.example", "team/x").await,
            "team:pa:ss"
        );
        assert_eq!(
            user(json, "https://r.example", "teams/x").await,
            "host:pass"
        );
        assert_eq!(user(json, "https://old.example", "x").await, "u:p");
        assert_eq!(user(json, "http://localhost:5000", "x").await, "port:p");
        assert_eq!(user(json, "http://localhost:5001", "x").await, "nobody");
        assert_eq!(
            user(json, "https://registry-1.docker.io", "x").await,
            "hub:p"
        );
        assert_eq!(
            user(json, "https://token.example", "x").await,
            "identity u:idt"
        );
        assert_eq!(user(json, "https://raw.example", "x").await, "bearer rt");
        assert_eq!(user(json, "https://empty.example", "x").await, "nobody");
        assert_eq!(user(json, "https://null.example", "x").await, "nobody");
    }

    #[tokio::test]
    async fn what_is_malformed_is_named_and_not_repeated() {
        for (json, place) in [
            ("{\n  \"auths\": [}", "T:2:"),
            (r#"{"auths": "hunter2"}"#, "T:1:"),
            (r#"{"auths": {"r.example": {"auth": 17}}}"#, "T:1:"),
            (r#"{"auths": {"#, "T:1:"),
        ] {
            let text = Location::Text("T", json.to_owned());
            let error = Config::read(&text).unwrap_err().to_string();
            assert!(error.starts_with(place), "{error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
        let json = r#"{"auths": {"r.example": {"auth": "hunter2!"}}}"#;
        let place = Location::Text("T", json.to_owned());
        let config = Config::read(&place).unwrap().unwrap();
        let base = Url::parse("https://r.example").unwrap();
        let error = config.find(&base, "x").await.unwrap_err().to_string();
        assert!(error.contains("`r.example`"), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
}
