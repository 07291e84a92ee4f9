//! Why a request has no response.

use std::error::Error;
use std::time::Duration;

use super::access_error::AccessError;
use super::tls_error::TlsError;

/// The most redirects that are followed for one request.
pub(super) const MAX_REDIRECTS: usize = 5;

/// Why there is no response.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// The response was not complete in time.
    #[error("no complete response came within {}", humantime::format_duration(*.0))]
    Timeout(Duration),
    /// There was no connection, so nothing was sent.
    #[error("cannot connect: {0}")]
    Connection(ConnectionFailure),
    /// The connection broke after the request was sent, or the response is not HTTP.
    #[error("the connection broke, or the response is not HTTP: {0}")]
    Broken(ConnectionFailure),
    /// The body is larger than this many bytes.
    #[error("the response body is larger than {0} bytes")]
    TooLarge(usize),
    /// There were more redirects than are followed.
    #[error("there were more than {MAX_REDIRECTS} redirects")]
    TooManyRedirects,
    /// The `Location` of a redirect is not followed: no URL, another scheme than HTTP, or HTTP after HTTPS.
    #[error("a redirect to {0} is not followed")]
    BadRedirect(String),
    /// The registry kept answering 429, or 503 with `Retry-After`.
    #[error("{0}")]
    RateLimited(String),
    /// The request cannot be authenticated.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// HTTP cannot express the request.
    #[error("the request cannot be sent: {0}")]
    BadRequest(String),
}

impl RequestError {
    /// Whether the request was sent, so that the registry may have processed it.
    pub const fn may_be_done(&self) -> bool {
        matches!(self, Self::Broken(_) | Self::Timeout(_))
    }

    /// Whether the connection broke before there was a response.
    pub const fn is_lost(&self) -> bool {
        matches!(self, Self::Broken(_))
    }

    /// Whether nobody listens at the host and port.
    pub const fn is_deserted(&self) -> bool {
        matches!(self, Self::Connection(failure) if failure.deserted)
    }

    /// Whether there was no connection, and no certificate is the reason.
    pub const fn is_without_tls(&self) -> bool {
        matches!(self, Self::Connection(failure) if matches!(failure.tls, None | Some(TlsError::NotTls)))
    }

    /// Whether the registry closed the connection, or the stream of HTTP/2, instead of a response.
    pub const fn is_closed(&self) -> bool {
        matches!(self, Self::Broken(failure) if failure.closed)
    }
}

/// Why a connection could not be made, or broke.
#[derive(Debug, Clone, PartialEq, Eq, Default, thiserror::Error)]
#[error("{causes}")]
pub struct ConnectionFailure {
    /// Every cause, the outermost first.
    pub causes: String,
    /// The failure of TLS, where TLS failed.
    pub tls: Option<TlsError>,
    /// Whether the server closed the connection or answered something else than HTTP, as if it expected another protocol.
    pub wrong_protocol: bool,
    /// Whether the server closed the connection, or the stream of HTTP/2.
    pub closed: bool,
    /// Whether no host has the name, or the host listens on no such port.
    pub deserted: bool,
}

impl ConnectionFailure {
    pub(super) fn of(error: &reqwest::Error) -> Self {
        let causes: Vec<_> = sources(error).collect();
        let wrong_protocol = causes.iter().any(|cause| {
            let io = cause.downcast_ref::<std::io::Error>();
            let hyper = cause.downcast_ref::<hyper::Error>();
            io.is_some_and(|io| io.kind() == std::io::ErrorKind::UnexpectedEof)
                || hyper.is_some_and(|hyper| hyper.is_parse() || hyper.is_incomplete_message())
        });
        let texts = root_causes(error);
        Self {
            // An error of HTTP/2 has no type of its own here: it says that it was received, not made.
            closed: causes.iter().any(|cause| is_closing(*cause))
                || texts.contains("error received"),
            deserted: texts.contains("dns error") || causes.iter().any(|cause| is_refused(*cause)),
            causes: texts,
            tls: causes.into_iter().find_map(TlsError::of),
            wrong_protocol,
        }
    }
}

/// Whether the host refused the connection.
fn is_refused(error: &(dyn Error + 'static)) -> bool {
    let io = error.downcast_ref::<std::io::Error>();
    io.is_some_and(|io| io.kind() == std::io::ErrorKind::ConnectionRefused)
}

/// Whether this is the end of a connection before the response. A response that is not HTTP is none.
fn is_closing(cause: &(dyn Error + 'static)) -> bool {
    use std::io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    let io = cause.downcast_ref::<std::io::Error>();
    let hyper = cause.downcast_ref::<hyper::Error>();
    io.is_some_and(|io| {
        let kinds = [
            BrokenPipe,
            ConnectionAborted,
            ConnectionReset,
            UnexpectedEof,
        ];
        kinds.contains(&io.kind())
    }) || hyper.is_some_and(hyper::Error::is_incomplete_message)
}

#[cfg(test)]
impl From<&str> for ConnectionFailure {
    fn from(causes: &str) -> Self {
        Self {
            causes: causes.to_owned(),
            ..Self::default()
        }
    }
}

/// The causes of an error, the outermost first. An `io::Error` hides the error inside it: `source` gives the error's own
/// source.
pub(super) fn sources<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(next(error), |error| next(*error))
}

fn next<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error
        .downcast_ref::<std::io::Error>()
        .and_then(|io| io.get_ref())
    {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}

/// The causes of an error, without its own text: that of the HTTP client holds the URL, which may be secret.
pub fn root_causes(error: &(dyn std::error::Error + 'static)) -> String {
    let mut causes: Vec<String> = Vec::new();
    for cause in sources(error) {
        let text = cause.to_string();
        if !causes.contains(&text) && !names_only_a_layer(&text) {
            causes.push(text);
        }
    }
    match causes.is_empty() {
        true => error.to_string(),
        false => causes.join(": "),
    }
}

/// Whether a text says which part of the HTTP client met an error, and not which error: "client error (Connect)".
fn names_only_a_layer(text: &str) -> bool {
    text.starts_with("client error (") && text.ends_with(')')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io;

    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{text}")]
    struct Cause {
        text: &'static str,
        source: Option<Box<Cause>>,
    }

    #[test]
    fn the_causes_name_no_layer_of_the_client() {
        let texts = [
            "tcp connect error",
            "client error (Connect)",
            "error sending request",
        ];
        let chain = texts
            .into_iter()
            .fold(None, |source, text| Some(Box::new(Cause { text, source })));
        assert_eq!(root_causes(&*chain.unwrap()), "tcp connect error");
    }

    #[test]
    fn an_error_of_tls_is_found_inside_errors_of_input_and_output() {
        let tls = rustls::Error::DecryptError;
        let inner = io::Error::new(io::ErrorKind::InvalidData, tls);
        let outer = io::Error::other(inner);
        let mut causes = sources(&outer);
        assert_eq!(
            causes.find_map(TlsError::of),
            TlsError::of(&rustls::Error::DecryptError)
        );
        let plain = io::Error::from(io::ErrorKind::ConnectionRefused);
        assert_eq!(sources(&plain).find_map(TlsError::of), None);
    }
}
