//! The address of a registry, as users write it.

use std::net::{IpAddr, Ipv6Addr};

use url::{Host, Url};

/// A registry's address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Scheme, host and port, with the path `/`.
    pub base: Url,
    /// The repository, where one was named after the host.
    pub repository: Option<String>,
}

/// An address that cannot be used.
#[derive(Debug, Clone, thiserror::Error)]
pub enum AddressError {
    /// Neither a URL nor a host.
    #[error(
        "`{0}` is not an address: write a URL (https://registry.example) or a host (localhost:5000)"
    )]
    Malformed(String),
    /// An IPv6 address without brackets.
    #[error(
        "`{0}` is an IPv6 address: write it in brackets, with the port after them ([::1]:5000)"
    )]
    BareIpv6(String),
    /// A scheme without `://`.
    #[error("`{text}` has no `://` after the scheme: write {meant}")]
    Separator {
        /// The address.
        text: String,
        /// What it probably means.
        meant: String,
    },
    /// Another scheme than http and https.
    #[error("the scheme of a registry is http or https, not `{0}`")]
    Scheme(String),
    /// A user name or password in the URL.
    #[error(
        "the address must not contain credentials: use --username, and ASSAY_PASSWORD or --password-stdin"
    )]
    UserInfo,
    /// A query or fragment.
    #[error(
        "a registry's address has no query and no fragment: leave out what follows the `?` or `#`"
    )]
    Query,
    /// The path `/v2/`.
    #[error(
        "leave `/v2/` out of the address: assay adds it, and a repository follows the host alone (https://registry.example/team/app)"
    )]
    ApiPath,
    /// The path is not a repository name.
    #[error("the path after the host must be a repository: {0}")]
    Repository(NameError),
}

/// A repository name that violates the grammar (section "Pulling manifests").
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{name}` is not a repository name{}: write lower-case letters and digits, separated by `.`, `_`, `__`, hyphens or `/`",
    position(.at)
)]
pub struct NameError {
    name: String,
    /// The first character that is not allowed at its position.
    at: Option<char>,
}

fn position(at: &Option<char>) -> String {
    at.map_or_else(String::new, |c| format!(" (`{c}` is not allowed there)"))
}

impl Address {
    /// Parses a URL or `host[:port]`, either with a repository after it or without. The default scheme is https, and http for
    /// loopback addresses.
    ///
    /// # Errors
    /// When it is neither, or has parts that an address must not have. The error does not repeat a password.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        check_separator(text)?;
        let mut url = match text.split_once("://") {
            Some(_) => Url::parse(text),
            None => Url::parse(&format!("https://{text}")),
        }
        .map_err(|_| malformed(text))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(AddressError::Scheme(url.scheme().to_owned()));
        }
        if !text.contains("://") && is_loopback(&url) {
            url = Url::parse(&format!("http://{text}")).map_err(|_| malformed(text))?;
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(AddressError::UserInfo);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(AddressError::Query);
        }
        let path = url.path().trim_matches('/').to_owned();
        if path == "v2" || path.starts_with("v2/") {
            return Err(AddressError::ApiPath);
        }
        let repository = (!path.is_empty()).then_some(path);
        if let Some(name) = &repository {
            check_repository(name).map_err(AddressError::Repository)?;
        }
        url.set_path("/");
        Ok(Self {
            base: url,
            repository,
        })
    }
}

/// Refuses `https//host` and `http:/host`, which would be a host with a path.
fn check_separator(text: &str) -> Result<(), AddressError> {
    let lower = text.to_lowercase();
    let beginnings = [
        "https:/", "https//", "http:/", "http//", "https:\\", "http:\\",
    ];
    let begins = beginnings.iter().find(|begins| lower.starts_with(**begins));
    match begins {
        Some(_) if !lower.contains("://") && text.contains('@') => Err(AddressError::UserInfo),
        Some(begins) if !lower.contains("://") => {
            let rest = text.get(begins.len()..).unwrap_or_default();
            let scheme = if begins.starts_with("https") {
                "https"
            } else {
                "http"
            };
            let rest = rest.trim_start_matches([':', '/', '\\']);
            Err(AddressError::Separator {
                text: text.to_owned(),
                meant: format!("{scheme}://{rest}"),
            })
        }
        _ => Ok(()),
    }
}

fn malformed(text: &str) -> AddressError {
    match text.rsplit_once('@') {
        Some(_) => AddressError::UserInfo,
        None if text.parse::<Ipv6Addr>().is_ok() => AddressError::BareIpv6(text.to_owned()),
        None => AddressError::Malformed(text.to_owned()),
    }
}

/// Whether the host of a URL is this machine.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        None => false,
    }
}

/// Checks a repository name against the grammar.
///
/// # Errors
/// When it violates the grammar.
pub fn check_repository(name: &str) -> Result<(), NameError> {
    let error = |at| NameError {
        name: name.to_owned(),
        at,
    };
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-/".contains(c);
    if let Some(c) = name.chars().find(|c| !allowed(*c)) {
        return Err(error(Some(c)));
    }
    let alphanumeric = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    for component in name.split('/') {
        if !component.starts_with(alphanumeric) || !component.ends_with(alphanumeric) {
            return Err(error(component.chars().find(|c| !alphanumeric(*c))));
        }
        let separators = component.split(alphanumeric).filter(|one| !one.is_empty());
        for separator in separators {
            let hyphens = separator.chars().all(|c| c == '-');
            if !hyphens && !matches!(separator, "." | "_" | "__") {
                return Err(error(separator.chars().last()));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn addresses_are_parsed_as_users_write_them() {
        let base = |text: &str| Address::parse(text).unwrap().base.to_string();
        assert_eq!(base("registry.example"), "https://registry.example/");
        assert_eq!(base("localhost:5000"), "http://localhost:5000/");
        assert_eq!(base("127.0.0.1:5000"), "http://127.0.0.1:5000/");
        assert_eq!(base("[::1]:5000"), "http://[::1]:5000/");
        assert_eq!(base("https://localhost/"), "https://localhost/");
        let named = Address::parse("http://r.example:80/team/app/").unwrap();
        assert_eq!(named.repository.as_deref(), Some("team/app"));
        assert_eq!(named.base.as_str(), "http://r.example/");
    }

    #[test]
    fn other_parts_are_refused_without_repeating_a_password() {
        for text in [
            "",
            "http://",
            "ftp://x",
            "http://x/v2/",
            "x?y",
            "http://x/UPPER",
        ] {
            assert!(Address::parse(text).is_err(), "{text}");
        }
        let error = Address::parse("https://me:hunter2@x")
            .unwrap_err()
            .to_string();
        assert!(!error.contains("hunter2"));
        let error = Address::parse("https://me:hunter2@[x")
            .unwrap_err()
            .to_string();
        assert!(!error.contains("hunter2"), "{error}");
    }

    #[test]
    fn a_scheme_without_its_separator_is_named_as_such() {
        for (text, meant) in [
            ("https//registry.example", "write https://registry.example"),
            ("http:/127.0.0.1:5000", "write http://127.0.0.1:5000"),
            ("HTTP//x/team/app", "write http://x/team/app"),
            ("https:\\\\x", "write https://x"),
        ] {
            let error = Address::parse(text).unwrap_err().to_string();
            assert!(error.ends_with(meant), "{text}: {error}");
        }
        let error = Address::parse("https//me:hunter2@x").unwrap_err();
        assert!(!error.to_string().contains("hunter2"), "{error}");
        // A host may have such a name.
        assert!(Address::parse("http/team").is_ok());
        assert!(Address::parse("https:5000/team").is_ok());
    }

    #[test]
    fn an_ipv6_address_without_brackets_is_named_as_such() {
        for text in ["::1", "::1:5000", "2001:db8::1"] {
            let error = Address::parse(text).unwrap_err();
            assert!(matches!(error, AddressError::BareIpv6(_)), "{text}");
        }
    }

    #[test]
    fn repository_names_follow_the_grammar() {
        for name in ["a", "a/b", "a-b", "a--b", "a__b", "a.b_c/1"] {
            assert_eq!(check_repository(name), Ok(()), "{name}");
        }
        for name in [
            "", "A", "a/", "/a", "a//b", "a..b", "a___b", "-a", "a_-b", "é",
        ] {
            assert!(check_repository(name).is_err(), "{name}");
        }
    }
}
