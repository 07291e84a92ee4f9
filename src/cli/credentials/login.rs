//! The options by which a run logs in, and the order in which credentials are looked for.

use std::io::Read;

use super::config::{Config, Found};
use super::locations::locations;
use crate::cli::CliError;
use crate::client::{Address, Credentials, Secret};

/// How to log in.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct LoginArgs {
    /// The user name; the password comes from ASSAY_PASSWORD or --password-stdin
    #[arg(
        long,
        value_name = "USER",
        env = "ASSAY_USERNAME",
        help_heading = "Target"
    )]
    pub username: Option<String>,
    /// Read the password from standard input
    #[arg(long, help_heading = "Target")]
    pub password_stdin: bool,
    /// Do not log in, whatever docker's or podman's files hold
    #[arg(long, help_heading = "Target")]
    pub anonymous: bool,
    /// Send credentials to a token server that speaks plain HTTP, wherever it is
    #[arg(long, help_heading = "Target")]
    pub allow_plain_realm: bool,
}

impl LoginArgs {
    /// The credentials for a target. The first place that has some is the last that is looked at: options,
    /// ASSAY_TOKEN (a token that the registry itself takes), ASSAY_IDENTITY_TOKEN (one that its token server
    /// takes), then the files of docker and podman, see [`locations`]. `password` is what another tool's environment
    /// has for the user.
    ///
    /// # Errors
    /// When a password is missing, or a file or a credential helper cannot be used.
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
        if self.password_stdin {
            return Err(CliError::usage(
                "--password-stdin needs a user: name it with --username",
            ));
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
            return Ok(Credentials {
                secret: Secret::Password { username, password },
                source: "--username and --password-stdin".to_owned(),
            });
        }
        if let Some(password) = std::env::var("ASSAY_PASSWORD").ok().or(password) {
            return Ok(Credentials {
                secret: Secret::Password { username, password },
                source: "--username and ASSAY_PASSWORD".to_owned(),
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
