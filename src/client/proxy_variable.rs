//! The environment variable that leads requests to a proxy.

use hyper_util::client::proxy::matcher::Matcher;
use url::Url;

use super::address::is_loopback;

/// The name of the variable, if requests to `url` go to a proxy: they do not where `no_proxy` names the host.
pub fn proxy_variable(url: &Url) -> Option<&'static str> {
    if is_loopback(url) {
        return None;
    }
    let uri: http::Uri = url.as_str().parse().ok()?;
    Matcher::from_env().intercept(&uri)?;
    let names = match url.scheme() {
        "https" => ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"],
        _ => ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"],
    };
    let set = |name: &&str| std::env::var(name).is_ok_and(|value| !value.is_empty());
    names.into_iter().find(set)
}
