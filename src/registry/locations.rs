//! URLs in `Location` and `Link` headers.

use super::api_request::ApiRequest;
use super::options::{Locations, Options};

/// The URL of a path and query for a `Location` or `Link` header, in the form of [`Options::locations`].
pub fn url_for(options: &Options, request: &ApiRequest, path: &str, query: &str) -> String {
    let query = match query {
        "" => String::new(),
        some => format!("?{some}"),
    };
    match options.locations {
        Locations::Host => format!("{path}{query}"),
        Locations::Absolute => format!("{}{path}{query}", request.origin),
        Locations::Query => {
            let join = if query.is_empty() { '?' } else { '&' };
            format!("{}{path}{query}{join}extra=1", request.origin)
        }
        Locations::Request => format!("{}{query}", relative_path(&request.path, path)),
    }
}

/// `to`, relative to the URL path `from`.
fn relative_path(from: &str, to: &str) -> String {
    let folders = from.matches('/').count().saturating_sub(1);
    let up = "../".repeat(folders);
    format!(
        "{}{}",
        if up.is_empty() { "./" } else { &up },
        to.trim_start_matches('/')
    )
}

#[cfg(test)]
mod tests {
    use super::relative_path;

    #[test]
    fn urls_are_relative_to_the_request() {
        assert_eq!(
            relative_path("/v2/a/blobs/uploads/", "/v2/a/blobs/uploads/x"),
            "../../../../v2/a/blobs/uploads/x"
        );
        assert_eq!(relative_path("/v2/", "/v2/x"), "../v2/x");
    }
}
