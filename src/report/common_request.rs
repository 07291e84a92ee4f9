//! The request that violations have in common, in the notation of the specification.

use super::findings::Finding;
use super::sanitize_line;
use crate::endpoint::Endpoint;
use crate::record::Exchange;

/// The methods, the endpoint and the query parameters of the requests: "GET, HEAD /v2/<name>/tags/list?n=…&last=…".
pub(super) fn common_request(findings: &[Finding<'_>]) -> String {
    let exchanges = || {
        findings
            .iter()
            .flat_map(|one| &one.evidence)
            .filter_map(|one| one.exchange)
    };
    let Some(first) = exchanges().next() else {
        return String::new();
    };
    let endpoint = path(&first.endpoint());
    let (mut methods, mut parameters): (Vec<&str>, Vec<String>) = (Vec::new(), Vec::new());
    for exchange in exchanges().filter(|one| path(&one.endpoint()) == endpoint) {
        if !methods.contains(&exchange.method.as_str()) {
            methods.push(&exchange.method);
        }
        for name in query(exchange) {
            if !parameters.contains(&name) {
                parameters.push(name);
            }
        }
    }
    let parameters: Vec<String> = parameters.iter().map(|name| format!("{name}=…")).collect();
    let mark = if parameters.is_empty() { "" } else { "?" };
    let request = format!(
        "{} {endpoint}{mark}{}",
        methods.join(", "),
        parameters.join("&")
    );
    sanitize_line(&request).into_owned()
}

/// The names of the query parameters; none of an upload session, whose URL is the registry's choice.
fn query(exchange: &Exchange) -> Vec<String> {
    let chosen = matches!(
        exchange.endpoint(),
        Endpoint::Upload { .. } | Endpoint::Other
    );
    match url::Url::parse(&exchange.url) {
        Ok(url) if !chosen => url
            .query_pairs()
            .map(|(name, _)| name.into_owned())
            .collect(),
        Ok(_) | Err(_) => Vec::new(),
    }
}

/// The path of an endpoint in the notation of the specification.
pub(super) const fn path(endpoint: &Endpoint) -> &'static str {
    match endpoint {
        Endpoint::Base => "/v2/",
        Endpoint::Blob { .. } => "/v2/<name>/blobs/<digest>",
        Endpoint::Manifest { .. } => "/v2/<name>/manifests/<reference>",
        Endpoint::Uploads { .. } => "/v2/<name>/blobs/uploads/",
        Endpoint::Upload { .. } => "/v2/<name>/blobs/uploads/<reference>",
        Endpoint::Tags { .. } => "/v2/<name>/tags/list",
        Endpoint::Referrers { .. } => "/v2/<name>/referrers/<digest>",
        Endpoint::Catalog => "/v2/_catalog",
        Endpoint::Other => "<another URL>",
    }
}
