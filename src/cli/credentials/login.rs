//! The login options, and the order in which credentials are searched.

use std::io::Read;

use super::config::{Config, Found};
use super::locations::locations;
use crate::cli::CliError;
use crate::cli::wording::Wording;
use crate::client::{Address, Credentials, Secret};

/// The login options.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct LoginArgs {
    /// The user name; the password comes from ASSAY_PASSWORD or --password-stdin
    #[arg(long, value_name = "USER", help_heading = "Target")]
    pub username: Option<String>,
    /// Read the password from standard input
    #[arg(long, help_heading = "Target")]
    pub password_stdin: bool,
    /// Do not log in, even if docker's or podman's files contain credentials
    #[arg(long, help_heading = "Target")]
    pub anonymous: bool,
    /// Send credentials to any token server over plain HTTP
    #[arg(long, help_heading = "Target")]
    pub allow_plain_realm: bool,
}

impl LoginArgs {
    /// The credentials for a target, from the first place that has some: options,
    /// ASSAY_TOKEN (for the registry itself), ASSAY_IDENTITY_TOKEN (for its token server), then the files of docker and
    /// podman, see [`locations`]. `password` comes from the Go tool's environment.
    ///
    /// # Errors
    /// A missing password, or a file or credential helper that cannot be used.
    pub async fn find(
        &self,
        address: &Address,
        repository: &str,
        password: Option<String>,
    ) -> Result<Option<Credentials>, CliError> {
        if self.anonymous {
            return Ok(None);
        }
        if let Some(username) = &self.username {
            return self.with_user(username, password).map(Some);
        }
        let given = |variable: &str| std::env::var(variable).ok().filter(|text| !text.is_empty());
        if let Some(token) = given("ASSAY_TOKEN") {
            return Ok(Some(Credentials {
                secret: Secret::Bearer { token },
                source: "ASSAY_TOKEN".to_owned(),
            }));
        }
        if let Some(token) = given("ASSAY_IDENTITY_TOKEN") {
            return Ok(Some(Credentials {
                secret: Secret::Identity {
                    username: String::new(),
                    token,
                },
                source: "ASSAY_IDENTITY_TOKEN".to_owned(),
            }));
        }
        for place in locations(&given) {
            let Some(config) = Config::read(&place).map_err(CliError::usage)? else {
                continue;
            };
            let found = config.find(&address.base, repository);
            if let Some(Found { secret, source }) = found.await.map_err(CliError::usage)? {
                return Ok(Some(Credentials { secret, source }));
            }
        }
        Ok(None)
    }

    fn with_user(&self, username: &str, password: Option<String>) -> Result<Credentials, CliError> {
        let username = username.to_owned();
        if self.password_stdin {
            let mut text = String::new();
            let read = std::io::stdin().take(64 * 1024).read_to_string(&mut text);
            read.map_err(|error| {
                CliError::usage(format!(
                    "--password-stdin: standard input cannot be read: {error}"
                ))
            })?;
            let password = text.trim_end_matches(['\r', '\n']).to_owned();
            if password.is_empty() {
                return Err(CliError::usage(
                    "--password-stdin: standard input is empty: pipe the password in",
                ));
            }
            return Ok(Credentials {
                secret: Secret::Password { username, password },
                source: "--username and --password-stdin".to_owned(),
            });
        }
        if let Some(password) = std::env::var("ASSAY_PASSWORD").ok().or(password) {
            return Ok(Credentials {
                secret: Secret::Password { username, password },
                source: Wording::current().login.to_owned(),
            });
        }
        match std::env::var("ASSAY_IDENTITY_TOKEN") {
            Ok(token) => Ok(Credentials {
                secret: Secret::Identity { username, token },
                source: "--username and ASSAY_IDENTITY_TOKEN".to_owned(),
            }),
            Err(_) => Err(CliError::usage(
                "--username needs a password: set ASSAY_PASSWORD, or pipe it in with --password-stdin",
            )),
        }
    }
}
