//! The shell command that gets a token as the run does, without a secret in it.

use super::scope::Scopes;
use super::token_server::{IDENTITY_TOKEN_USERNAME, TokenServer};
use crate::client::credentials::Secret;
use crate::client::curl::quote;

/// The command that sets the shell variable `TOKEN` to a token for these scopes. It reads the password from `ASSAY_PASSWORD`,
/// or the identity token from `ASSAY_IDENTITY_TOKEN`.
pub fn token_command(
    server: &TokenServer,
    scopes: &Scopes,
    secret: Option<&Secret>,
    by_form: bool,
) -> String {
    let mut words = vec!["curl -s".to_owned()];
    let mut field = |name: &str, value: &str| {
        words.push(format!(
            "--data-urlencode {}",
            quote(&format!("{name}={value}"))
        ));
    };
    if let Some(service) = &server.service {
        field("service", service);
    }
    let parameters = scopes.parameters();
    match by_form {
        true => field("scope", &parameters.join(" ")),
        false => parameters.iter().for_each(|scope| field("scope", scope)),
    }
    match (by_form, secret) {
        (true, Some(Secret::Password { username, .. })) => {
            field("grant_type", "password");
            field("client_id", "assay");
            field("username", username);
            words.push("--data-urlencode \"password=$ASSAY_PASSWORD\"".to_owned());
        }
        (true, Some(Secret::Identity { .. })) => {
            field("grant_type", "refresh_token");
            field("client_id", "assay");
            words.push("--data-urlencode \"refresh_token=$ASSAY_IDENTITY_TOKEN\"".to_owned());
        }
        (_, Some(Secret::Password { username, .. })) => {
            words.push(format!("-G -u {}:\"$ASSAY_PASSWORD\"", quote(username)));
        }
        (_, Some(Secret::Identity { username, .. })) => {
            let name = if username.is_empty() {
                IDENTITY_TOKEN_USERNAME
            } else {
                username
            };
            words.push(format!("-G -u {}:\"$ASSAY_IDENTITY_TOKEN\"", quote(name)));
        }
        (_, Some(Secret::Bearer { .. }) | None) => words.push("-G".to_owned()),
    }
    words.push(quote(server.realm.as_str()));
    format!(
        "TOKEN=$({} | jq -r '.token // .access_token')",
        words.join(" ")
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_secret_is_a_variable_and_everything_else_is_quoted() {
        let server = TokenServer {
            realm: "https://r/token?a=b".parse().unwrap(),
            service: Some("it's".to_owned()),
        };
        let scopes = Scopes::read("repository:a:pull,push");
        let password = Secret::Password {
            username: "robot$x".to_owned(),
            password: "hunter2".to_owned(),
        };
        assert_eq!(
            token_command(&server, &scopes, Some(&password), false),
            r#"TOKEN=$(curl -s --data-urlencode 'service=it'\''s' --data-urlencode 'scope=repository:a:pull,push' -G -u 'robot$x':"$ASSAY_PASSWORD" 'https://r/token?a=b' | jq -r '.token // .access_token')"#
        );
        let form = token_command(&server, &scopes, Some(&password), true);
        assert!(form.contains("\"password=$ASSAY_PASSWORD\""), "{form}");
        assert!(!form.contains("-G") && !form.contains("hunter2"), "{form}");
        let anonymous = token_command(&server, &scopes, None, false);
        assert!(!anonymous.contains("-u "), "{anonymous}");
    }
}
